/// A dense matrix of doubles, stored column by column as LAPACK reads it.
public struct Matrix: Hashable, Sendable {
    public let rows: Int
    public let columns: Int
    /// `rows` × `columns` values; element (i, j) stands at i + j·rows.
    public var storage: [Double]

    /// All zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0)
        self.rows = rows
        self.columns = columns
        storage = [Double](repeating: 0, count: rows * columns)
    }

    @inlinable public subscript(row: Int, column: Int) -> Double {
        get { storage[row + column * rows] }
        set { storage[row + column * rows] = newValue }
    }
}
