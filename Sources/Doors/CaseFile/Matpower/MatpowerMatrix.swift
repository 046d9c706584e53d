/// A matrix of a MATPOWER file, row after row; a scalar is one of one row and one column.
struct MatpowerMatrix {
    var rows: Int
    var columns: Int
    var values: [Double]
    /// Byte of the file at which each row begins, where the matrix was written there.
    var rowStarts: [Int] = []

    init(rows: Int, columns: Int, values: [Double], rowStarts: [Int] = []) {
        self.rows = rows
        self.columns = columns
        self.values = values
        self.rowStarts = rowStarts
    }

    init(_ scalar: Double) { self.init(rows: 1, columns: 1, values: [scalar]) }

    var scalar: Double? { values.count == 1 ? values[0] : nil }

    subscript(row: Int, column: Int) -> Double {
        get { values[row * columns + column] }
        set { values[row * columns + column] = newValue }
    }

    func map(_ transform: (Double) -> Double) -> MatpowerMatrix {
        MatpowerMatrix(rows: rows, columns: columns, values: values.map(transform))
    }

    /// Element by element, a scalar standing for as many as needed; nil where the sizes differ.
    static func combine(
        _ a: MatpowerMatrix, _ b: MatpowerMatrix, _ operation: (Double, Double) -> Double
    ) -> MatpowerMatrix? {
        if let scalar = b.scalar { return a.map { operation($0, scalar) } }
        if let scalar = a.scalar { return b.map { operation(scalar, $0) } }
        guard a.rows == b.rows, a.columns == b.columns else { return nil }
        return MatpowerMatrix(
            rows: a.rows, columns: a.columns, values: zip(a.values, b.values).map(operation))
    }

    var size: String { "\(rows) × \(columns)" }
}
