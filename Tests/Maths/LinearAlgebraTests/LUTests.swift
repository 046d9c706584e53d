import LinearAlgebra
import Testing

@Suite struct LUTests {
    @Test func solvesManyRightHandSides() {
        var a = Matrix(rows: 3, columns: 3)
        let rows: [[Double]] = [[0, 2, 1], [1, -1, 0], [3, 0, -2]]
        for i in 0..<3 { for j in 0..<3 { a[i, j] = rows[i][j] } }
        let wanted: [Double] = [1, 2, 3, -1, 0.5, 4]
        var b = [Double](repeating: 0, count: 6)
        for k in 0..<2 {
            for i in 0..<3 { for j in 0..<3 { b[i + 3 * k] += a[i, j] * wanted[j + 3 * k] } }
        }
        let lu = LU(order: 3)
        #expect(lu.factor(a))
        lu.solve(&b, columns: 2)
        for i in 0..<6 { #expect(abs(b[i] - wanted[i]) < 1e-13) }
    }

    @Test func workspaceIsReusedAndFilledInPlace() {
        let lu = LU(order: 2)
        for scale in [1.0, 7.0] {
            #expect(
                lu.factor { a in
                    a[0] = 2 * scale
                    a[1] = 0
                    a[2] = scale
                    a[3] = 4 * scale
                })
            var b = [4 * scale, 8 * scale]
            lu.solve(&b)
            #expect(b == [1, 2])
        }
    }

    @Test func singularAndNotANumberAreRefused() {
        let lu = LU(order: 2)
        #expect(!lu.factor(Matrix(rows: 2, columns: 2)))
        var a = Matrix(rows: 2, columns: 2)
        a.storage = [.nan, 0, 0, 1]
        #expect(!lu.factor(a))
    }

    @Test func theInverseUndoesTheMatrix() throws {
        var a = Matrix(rows: 3, columns: 3)
        let rows: [[Double]] = [[0, 2, 1], [1, -1, 0], [3, 0, -2]]
        for i in 0..<3 { for j in 0..<3 { a[i, j] = rows[i][j] } }
        let inverse = try #require(a.inverse())
        for i in 0..<3 {
            for j in 0..<3 {
                let product = (0..<3).reduce(0) { $0 + a[i, $1] * inverse[$1, j] }
                #expect(abs(product - (i == j ? 1 : 0)) < 1e-15)
            }
        }
        let part = try #require(a.inverse(columns: 2))
        #expect(part.columns == 2 && part.storage == Array(inverse.storage.prefix(6)))
        #expect(Matrix(rows: 2, columns: 2).inverse() == nil)
        #expect(Matrix(rows: 0, columns: 0).inverse() == Matrix(rows: 0, columns: 0))
    }

    /// The real form of a product is the product of the real forms.
    @Test func theRealFormInvertsComplexMatrices() throws {
        let z = [[Complex(1, 2), Complex(0, -1)], [Complex(3, 0.5), Complex(-2, 1)]]
        let inverse = try #require(Matrix(realFormOfOrder: 2) { z[$0][$1] }.inverse(columns: 2))
        for i in 0..<2 {
            for j in 0..<2 {
                let product = (0..<2).reduce(Complex.zero) {
                    $0 + z[i][$1] * Complex(inverse[$1, j], inverse[$1 + 2, j])
                }
                #expect((product - Complex(i == j ? 1 : 0, 0)).magnitude < 1e-15)
            }
        }
    }

    @Test func orderZeroIsSolved() {
        let lu = LU(order: 0)
        #expect(lu.factor(Matrix(rows: 0, columns: 0)))
        var nothing: [Double] = []
        lu.solve(&nothing)
    }

    @Test func theLibraryNamesItsCore() {
        #expect(!BLAS.coreName.isEmpty)
    }
}
