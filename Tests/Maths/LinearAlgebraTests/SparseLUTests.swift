import LinearAlgebra
import TestSupport
import Testing

@Suite struct SparseLUTests {
    /// A seeded square pattern: a full diagonal (unless `hasDiagonal` is false, then a cycle of single
    /// entries beside it) and a few entries a column.
    private struct Pattern {
        let order: Int
        var starts = [0]
        var rows: [Int] = []

        init(order: Int, hasDiagonal: Bool = true, random: inout SplitMix64) {
            self.order = order
            for column in 0..<order {
                var chosen: Set = [hasDiagonal ? column : (column + 1) % order]
                for _ in 0..<3 {
                    let row = Int.random(in: 0..<order, using: &random)
                    if hasDiagonal || row != column { chosen.insert(row) }
                }
                rows += chosen.sorted()
                starts.append(rows.count)
            }
        }

        func dense(_ values: UnsafeMutableBufferPointer<Double>) -> Matrix {
            var a = Matrix(rows: order, columns: order)
            for column in 0..<order {
                for entry in starts[column]..<starts[column + 1] { a[rows[entry], column] = values[entry] }
            }
            return a
        }
    }

    private func transposed(_ a: Matrix) -> Matrix {
        var b = Matrix(rows: a.columns, columns: a.rows)
        for i in 0..<a.rows { for j in 0..<a.columns { b[j, i] = a[i, j] } }
        return b
    }

    private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
        let scale = b.map(\.magnitude).max()!
        return zip(a, b).map { ($0 - $1).magnitude }.max()! / scale
    }

    @Test(arguments: [true, false])
    func agreesWithDenseFactorsAsValuesChange(hasDiagonal: Bool) {
        var random = SplitMix64(seed: hasDiagonal ? 7 : 8)
        var solved = 0
        for order in [1, 2, 5, 17, 60] where order > 1 || hasDiagonal {
            let pattern = Pattern(order: order, hasDiagonal: hasDiagonal, random: &random)
            let sparse = SparseLU(order: order, columnStarts: pattern.starts, rowIndices: pattern.rows)
            let dense = LU(order: order)
            for _ in 0..<8 {
                for entry in sparse.values.indices {
                    sparse.values[entry] = Double.random(in: -1...1, using: &random)
                }
                let a = pattern.dense(sparse.values)
                guard dense.factor(a), sparse.factor(), sparse.conditionEstimate() < 1e6 else { continue }
                solved += 1
                let b = (0..<3 * order).map { _ in Double.random(in: -1...1, using: &random) }
                var (found, wanted) = (b, b)
                sparse.solve(&found, columns: 3)
                dense.solve(&wanted, columns: 3)
                #expect(largestDifference(found, wanted) < 1e-8)
                (found, wanted) = (b, b)
                sparse.solveTransposed(&found, columns: 3)
                #expect(dense.factor(transposed(a)))
                dense.solve(&wanted, columns: 3)
                #expect(largestDifference(found, wanted) < 1e-8)
            }
        }
        #expect(solved > 24)
    }

    @Test(arguments: [true, false])
    func lanesAgreeWithOneByOne(hasDiagonal: Bool) {
        var random = SplitMix64(seed: 9)
        var solved = 0
        for order in [2, 3, 20, 80, 81, 82] {
            let pattern = Pattern(order: order, hasDiagonal: hasDiagonal, random: &random)
            let lu = SparseLU(order: order, columnStarts: pattern.starts, rowIndices: pattern.rows)
            for entry in lu.values.indices { lu.values[entry] = Double.random(in: -9...9, using: &random) }
            guard lu.factor(), lu.conditionEstimate() < 1e8 else { continue }
            let lanes = SparseLU.LaneSolver(lu)
            solved += 1
            for _ in 0..<3 {
                lanes.clear()
                var wanted = [Double](repeating: 0, count: order * 8)
                for lane in 0..<8 {
                    for _ in 0..<3 {
                        let (row, value) = (Int.random(in: 0..<order, using: &random), 1.0 + Double(lane))
                        wanted[row + order * lane] += value
                        lanes.add(value, toEquation: row, lane: lane)
                    }
                }
                lanes.solve()
                lu.solve(&wanted, columns: 8)
                let found = (0..<order * 8).map {
                    lanes.solution[lanes.place(ofUnknown: $0 % order)][$0 / order]
                }
                #expect(largestDifference(found, wanted) < 1e-10)
            }
        }
        #expect(solved >= 4)
    }

    /// [d 1; 1 0] has the pivots of its diagonal with d = 1, and must not keep them with d = 1e-12.
    @Test func pivotsThatNoLongerSuitAreChosenAnew() {
        let lu = SparseLU(order: 2, columnStarts: [0, 2, 4], rowIndices: [0, 1, 0, 1])
        for d in [1.0, 1e-12, 0, 1e-18, 1] {
            _ = lu.values.update(from: [d, 1, 1, 1 / 3.0])
            #expect(lu.factor())
            var x = [d * 2 + 3, 2 + 1.0]
            lu.solve(&x)
            #expect(abs(x[0] - 2) < 1e-14 && abs(x[1] - 3) < 1e-14)
        }
    }

    @Test func singularMatricesAreRefusedAndTheNextIsSolved() {
        let lu = SparseLU(order: 2, columnStarts: [0, 2, 4], rowIndices: [0, 1, 0, 1])
        let regular = [2.0, 1, 1, 1]
        for singular in [
            [0.0, 0, 0, 0], [1, 2, 2, 4], [1, 1, 1, 1], [.nan, 0, 0, 1], [1, 0, .infinity, 1],
        ] {
            _ = lu.values.update(from: singular)
            #expect(!lu.factor())
            _ = lu.values.update(from: regular)
            #expect(lu.factor())
            var x = [3.0, 2]
            lu.solve(&x)
            #expect(abs(x[0] - 1) < 1e-15 && abs(x[1] - 1) < 1e-15)
        }
    }

    @Test func emptyRowsAreSingular() {
        let lu = SparseLU(order: 3, columnStarts: [0, 1, 2, 3], rowIndices: [0, 0, 2])
        lu.values.update(repeating: 1)
        #expect(!lu.factor())
    }

    @Test func conditionIsTold() {
        let lu = SparseLU(order: 3, columnStarts: [0, 1, 2, 3], rowIndices: [0, 1, 2])
        _ = lu.values.update(from: [1, 1, 1])
        #expect(lu.factor())
        #expect(lu.reciprocalCondition == 1 && lu.conditionEstimate() == 1)
        let triangle = SparseLU(order: 2, columnStarts: [0, 1, 3], rowIndices: [0, 0, 1])
        _ = triangle.values.update(from: [1, 1000, 1])
        #expect(triangle.factor())
        #expect(abs(triangle.conditionEstimate() - 1001 * 1001) < 1)
    }

    @Test func orderZeroIsSolved() {
        let lu = SparseLU(order: 0, columnStarts: [0], rowIndices: [])
        #expect(lu.factor() && lu.reciprocalCondition == 1 && lu.conditionEstimate() == 1)
        var nothing: [Double] = []
        lu.solve(&nothing)
        lu.solveTransposed(&nothing)
        let lanes = SparseLU.LaneSolver(lu)
        lanes.clear()
        lanes.solve()
        #expect(lanes.solution.count == 1 && lanes.solution[0] == .zero)
    }
}
