import LinearAlgebra

/// The matrix of a `BlockLU` factored with free pivots (KLU): slower, for matrices whose diagonal blocks do
/// not serve as pivots. One a worker.
final class PivotedBlocks {
    private let sparse: SparseLU
    /// Where each value of the diagonal and of the entries stands among the sparse values.
    private let diagonal: [Int32]
    private let entries: [Int32]

    init(_ pattern: BlockPattern) {
        let count = pattern.nodes.count
        // Blocks of each column: the rows above, which are the columns that have this one as a row, the
        // diagonal, and the rows below.
        var blocks = [[(row: Int, place: Int)]](repeating: [], count: count)
        for k in 0..<count {
            blocks[k].append((k, -1))
            for entry in Int(pattern.starts[k])..<Int(pattern.starts[k + 1]) {
                let row = Int(pattern.rows[entry])
                blocks[k].append((row, 8 * entry))
                blocks[row].append((k, 8 * entry + 4))
            }
        }
        var diagonal = [Int32](repeating: 0, count: 4 * count)
        var entries = [Int32](repeating: 0, count: 8 * pattern.rows.count)
        var starts = [0]
        var rows: [Int] = []
        for k in 0..<count {
            blocks[k].sort { $0.row < $1.row }
            for column in 0..<2 {
                for block in blocks[k] {
                    for row in 0..<2 {
                        let part = 2 * row + column
                        if block.place < 0 {
                            diagonal[4 * k + part] = Int32(rows.count)
                        } else {
                            entries[block.place + part] = Int32(rows.count)
                        }
                        rows.append(2 * block.row + row)
                    }
                }
                starts.append(rows.count)
            }
        }
        (self.diagonal, self.entries) = (diagonal, entries)
        sparse = SparseLU(order: 2 * count, columnStarts: starts, rowIndices: rows)
    }

    /// Factors what stands, unfactored, in `blocks`. False where it is singular or not finite.
    func factor(_ blocks: BlockLU<Double>) -> Bool {
        for (at, place) in diagonal.enumerated() { sparse.values[Int(place)] = blocks.diagonal[at] }
        for (at, place) in entries.enumerated() { sparse.values[Int(place)] = blocks.entries[at] }
        return sparse.factor()
    }

    func solve(_ values: UnsafeMutableBufferPointer<Double>) { sparse.solve(values) }
}
