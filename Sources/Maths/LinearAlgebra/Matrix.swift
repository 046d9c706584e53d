/// A dense matrix of doubles, stored column by column as LAPACK reads it.
public struct Matrix: Hashable, Sendable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// `rows` × `columns` values; element (i, j) stands at i + j·rows.
    public var storage: [Double]

    /// Creates a matrix of zeros.
    public init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0)
        self.rows = rows
        self.columns = columns
        storage = [Double](repeating: 0, count: rows * columns)
    }

    /// The element in a row and column. Only the place in `storage` is checked, not each index.
    @inlinable public subscript(row: Int, column: Int) -> Double {
        get { storage[row + column * rows] }
        set { storage[row + column * rows] = newValue }
    }
}
