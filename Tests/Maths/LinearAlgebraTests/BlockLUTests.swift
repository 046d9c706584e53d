import LinearAlgebra
import TestSupport
import Testing

@Suite struct BlockLUTests {
    /// A random connected graph, or several apart, with some edges named twice and from a node to itself.
    private static func edges(_ count: Int, extra: Int, using random: inout SplitMix64) -> [(Int32, Int32)] {
        var edges: [(Int32, Int32)] = []
        for node in 1..<max(count, 1) where Int.random(in: 0..<10, using: &random) > 0 {
            edges.append((Int32(node), Int32.random(in: 0..<Int32(node), using: &random)))
        }
        for _ in 0..<extra {
            let range = 0..<Int32(count)
            edges.append((Int32.random(in: range, using: &random), Int32.random(in: range, using: &random)))
        }
        return edges + edges.prefix(3)
    }

    /// Writes random blocks with a heavy diagonal, and the same matrix densely.
    private static func fill(
        _ lu: BlockLU<Double>, _ edges: [(Int32, Int32)], using random: inout SplitMix64
    ) -> Matrix {
        let pattern = lu.pattern
        var dense = Matrix(rows: 2 * pattern.nodes.count, columns: 2 * pattern.nodes.count)
        for at in lu.entries.indices { lu.entries[at] = 0 }
        for (a, b) in edges where a != b {
            let (p, q) = (pattern.positions[Int(a)], pattern.positions[Int(b)])
            let (row, column) = (Int(max(p, q)), Int(min(p, q)))
            let entry = pattern.entry(p, q)!
            for part in 0..<4 {
                let (below, above) = (
                    Double.random(in: -1...1, using: &random), Double.random(in: -1...1, using: &random)
                )
                lu.entries[8 * entry + part] = below
                lu.entries[8 * entry + 4 + part] = above
                dense[2 * row + part / 2, 2 * column + part % 2] = below
                dense[2 * column + part / 2, 2 * row + part % 2] = above
            }
        }
        for k in pattern.nodes.indices {
            for part in 0..<4 {
                let value =
                    Double.random(in: -1...1, using: &random) + (part == 1 ? 20 : part == 2 ? -25 : 0)
                lu.diagonal[4 * k + part] = value
                dense[2 * k + part / 2, 2 * k + part % 2] = value
            }
        }
        return dense
    }

    @Test func agreesWithDenseFactors() {
        for seed in 0..<40 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let count = Int.random(in: 1...60, using: &random)
            let edges = Self.edges(count, extra: Int(seed) % 7 * 5, using: &random)
            let lu = BlockLU<Double>(BlockPattern(count: count, edges: edges))
            #expect(Set(lu.pattern.nodes) == Set(0..<Int32(count)))
            for _ in 0..<2 {
                let dense = Self.fill(lu, edges, using: &random)
                var right = (0..<2 * count).map { _ in Double.random(in: -1...1, using: &random) }
                var expected = right
                let reference = LU(order: 2 * count)
                #expect(reference.factor(dense))
                reference.solve(&expected)
                #expect(lu.factor() < 1e4)
                right.withUnsafeMutableBufferPointer { lu.solve($0.baseAddress!) }
                for (a, b) in zip(right, expected) { #expect(abs(a - b) < 1e-12, "seed \(seed)") }
            }
        }
    }

    /// Each lane has its own matrix and right-hand side, and finds what it would alone.
    @Test func lanesAreEightMatrices() {
        var random = SplitMix64(seed: 99)
        let edges = Self.edges(30, extra: 20, using: &random)
        let pattern = BlockPattern(count: 30, edges: edges)
        let single = BlockLU<Double>(pattern)
        let lanes = BlockLU<SIMD8<Double>>(pattern)
        var right = [SIMD8<Double>](repeating: .zero, count: 60)
        var expected: [[Double]] = []
        for lane in 0..<8 {
            _ = Self.fill(single, edges, using: &random)
            for at in single.diagonal.indices { lanes.diagonal[at][lane] = single.diagonal[at] }
            for at in single.entries.indices { lanes.entries[at][lane] = single.entries[at] }
            var solution = (0..<60).map { _ in Double.random(in: -1...1, using: &random) }
            for at in right.indices { right[at][lane] = solution[at] }
            _ = single.factor()
            solution.withUnsafeMutableBufferPointer { single.solve($0.baseAddress!) }
            expected.append(solution)
        }
        _ = lanes.factor()
        right.withUnsafeMutableBufferPointer { lanes.solve($0.baseAddress!) }
        for lane in 0..<8 {
            for at in right.indices { #expect(abs(right[at][lane] - expected[lane][at]) < 1e-14) }
        }
    }

    @Test func aPoorPivotIsMeasured() {
        let lu = BlockLU<Double>(BlockPattern(count: 2, edges: [(0, 1)]))
        func measure(_ block: [Double]) -> Double {
            for part in 0..<4 {
                lu.diagonal[part] = [2.0, 0, 0, 3][part]
                lu.diagonal[4 + part] = block[part]
                lu.entries[part] = 0
                lu.entries[4 + part] = 0
            }
            return lu.factor()
        }
        #expect(abs(measure([5, 0, 0, 5]) - (13.0 / 6) * (13.0 / 6) - 4) < 1e-12)
        #expect(measure([1, 1, 1, 1 + 1e-7]) > 1e13)
        #expect(!(measure([1, 2, 2, 4]) < .infinity))
        #expect(!(measure([.nan, 2, 2, 5]) < .infinity))
    }

    /// A tree fills in nowhere, whatever the order of its nodes.
    @Test func aTreeDoesNotFillIn() {
        var random = SplitMix64(seed: 5)
        let edges = (1..<200 as Range<Int32>).map { ($0, Int32.random(in: 0..<$0, using: &random)) }
        let pattern = BlockPattern(count: 200, edges: edges)
        #expect(pattern.rows.count == 199)
        #expect(BlockPattern(count: 0, edges: []).rows.isEmpty)
        #expect(pattern.entry(0, pattern.rows[0]) == 0 && pattern.entry(pattern.rows[0], 0) == 0)
    }
}
