public import LinearAlgebra

/// One number a row and step, kept as solvers of many steps read it: eight steps of one row stand side by
/// side as the lanes of a register, rows one after another in a block of eight steps, block after block.
/// Lanes past the last step are zero.
public struct StepTable: Hashable, Sendable {
    public let rows: Int
    public let steps: Int
    /// `blocks` × `rows`; the lanes of row r in block b stand at b·rows + r.
    @usableFromInline var lanes: [Lanes]

    /// All zero.
    public init(rows: Int, steps: Int) {
        precondition(rows >= 0 && steps >= 0)
        self.rows = rows
        self.steps = steps
        lanes = Array(repeating: .zero, count: (steps + 7) / 8 * rows)
    }

    /// Of eight steps each, the last perhaps with fewer.
    @inlinable public var blocks: Int { (steps + 7) / 8 }

    @inlinable public subscript(row: Int, step: Int) -> Double {
        get {
            precondition(row < rows && step < steps)
            return lanes[step / 8 * rows + row][step % 8]
        }
        set {
            precondition(row < rows && step < steps)
            lanes[step / 8 * rows + row][step % 8] = newValue
        }
    }

    /// Eight steps of one row at once; lanes past the last step are zero.
    @inlinable public subscript(row row: Int, block block: Int) -> Lanes {
        precondition(row < rows)
        return lanes[block * rows + row]
    }
}
