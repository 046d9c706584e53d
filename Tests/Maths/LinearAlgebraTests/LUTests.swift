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
