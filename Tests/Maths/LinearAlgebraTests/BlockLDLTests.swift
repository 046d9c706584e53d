import LinearAlgebra
import TestSupport
import Testing

@Suite struct BlockLDLTests {
    /// Pivot blocks that are regular though their diagonal may be 0.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func agreesWithDenseFactors(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let count = Int.random(in: 1...30, using: &random)
        var edges: [(Int32, Int32)] = []
        for node in 1..<max(count, 1) + Int(seed) % 20 where node < count || count > 1 {
            let range = 0..<Int32(count)
            let other = Int32.random(in: range, using: &random)
            edges.append((Int32(node % count), other))
        }
        let pattern = BlockPattern(count: count, edges: edges)
        let ldl = BlockLDL(pattern)
        var dense = Matrix(rows: 4 * count, columns: 4 * count)
        for at in ldl.entries.indices { ldl.entries[at] = .zero }
        for (a, b) in edges where a != b {
            let (p, q) = (pattern.positions[Int(a)], pattern.positions[Int(b)])
            let (column, row) = (Int(min(p, q)), Int(max(p, q)))
            for i in 0..<4 {
                for j in 0..<4 {
                    let value = Double.random(in: -1...1, using: &random)
                    ldl.entries[4 * pattern.entry(p, q)! + i][j] = value
                    dense[4 * column + i, 4 * row + j] = value
                    dense[4 * row + j, 4 * column + i] = value
                }
            }
        }
        for k in 0..<count {
            // A saddle: [H J; J 0], or with some weight instead of 0, and one large element.
            for i in 0..<4 {
                for j in i..<4 {
                    var value = Double.random(in: -1...1, using: &random)
                    if i >= 2 { value = seed % 2 == 0 ? 0 : (i == j ? -30 : 0) }
                    if i < 2, j >= 2 { value += i + 2 == j ? 40 : 0 }
                    if i == 1, j == 1, k % 5 == 0 { value = 1e3 }
                    ldl.diagonal[4 * k + i][j] = value
                    ldl.diagonal[4 * k + j][i] = value
                    dense[4 * k + i, 4 * k + j] = value
                    dense[4 * k + j, 4 * k + i] = value
                }
            }
        }
        let lu = LU(order: 4 * count)
        #expect(lu.factor(dense))
        let right = (0..<count).map { _ in
            BlockLDL.Row(
                .random(in: -1...1, using: &random), .random(in: -1...1, using: &random),
                .random(in: -1...1, using: &random), .random(in: -1...1, using: &random))
        }
        var expected = right.flatMap { [$0[0], $0[1], $0[2], $0[3]] }
        lu.solve(&expected)
        #expect(ldl.factor() == Self.negativePivots(dense))
        var solution = right
        solution.withUnsafeMutableBufferPointer { ldl.solve($0.baseAddress!) }
        for at in expected.indices { #expect(abs(solution[at / 4][at % 4] - expected[at]) < 1e-9) }
    }

    /// Of elimination down the diagonal, shifted a little where it stands at 0: by Jacobi's rule as many as
    /// there are negative eigenvalues.
    private static func negativePivots(_ matrix: Matrix) -> Int {
        var a = matrix
        var negative = 0
        for k in 0..<a.rows {
            if a[k, k] == 0 { a[k, k] = 1e-9 }
            if a[k, k] < 0 { negative += 1 }
            for i in k + 1..<max(a.rows, k + 1) {
                let factor = a[i, k] / a[k, k]
                for j in k..<a.rows { a[i, j] -= factor * a[k, j] }
            }
        }
        return negative
    }

    @Test func singularBlocksAreRefused() {
        let ldl = BlockLDL(BlockPattern(count: 1, edges: []))
        func factor(_ diagonal: [Double]) -> Int? {
            for k in 0..<4 {
                ldl.diagonal[k] = .zero
                ldl.diagonal[k][k] = diagonal[k]
            }
            return ldl.factor()
        }
        #expect(factor([1, -2, 3, -4]) == 2)
        #expect(factor([1, 0, 3, -4]) == nil)
        #expect(factor([1, .nan, 3, -4]) == nil)
        #expect(factor([1, .infinity, 3, -4]) == nil)
    }
}
