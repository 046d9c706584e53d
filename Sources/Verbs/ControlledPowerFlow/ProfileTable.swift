/// Numbers by row and step, the steps of a row side by side: how what runs through time piece by piece reads
/// and writes them.
public struct ProfileTable: Hashable, Sendable {
    public let rows: Int
    public let steps: Int
    /// Row after row.
    @usableFromInline var values: [Double]

    /// All zero.
    public init(rows: Int, steps: Int) {
        precondition(rows >= 0 && steps >= 0)
        self.rows = rows
        self.steps = steps
        values = Array(repeating: 0, count: rows * steps)
    }

    @inlinable public subscript(row: Int, step: Int) -> Double {
        get {
            precondition(row < rows && step < steps)
            return values[row * steps + step]
        }
        set {
            precondition(row < rows && step < steps)
            values[row * steps + step] = newValue
        }
    }
}
