/// A matrix of a MATPOWER file, row after row; a scalar is one of one row and one column.
struct MatpowerMatrix {
    var rows: Int
    var columns: Int
    var values: [Double]
    /// Byte of the file at which each row begins, where the matrix was written there.
    var rowStarts: [Int] = []
    /// Whether it says of every place whether something holds; as an index it then chooses those where it
    /// does.
    var isTruth = false

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

    /// Where something holds.
    func mapTruth(_ holds: (Double) -> Bool) -> MatpowerMatrix {
        var truth = map { holds($0) ? 1 : 0 }
        truth.isTruth = true
        return truth
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

    var transposed: MatpowerMatrix {
        var values: [Double] = []
        values.reserveCapacity(self.values.count)
        for column in 0..<columns {
            for row in 0..<rows { values.append(self[row, column]) }
        }
        return MatpowerMatrix(rows: columns, columns: rows, values: values)
    }

    /// Adds zeros below and to the right; the new rows begin at byte `start` of the file.
    mutating func grow(rows more: Int, columns wider: Int, from start: Int) {
        var larger = [Double](repeating: 0, count: more * wider)
        for row in 0..<rows {
            for column in 0..<columns { larger[row * wider + column] = self[row, column] }
        }
        if rowStarts.count == rows { rowStarts += Array(repeating: start, count: more - rows) }
        (rows, columns, values) = (more, wider, larger)
    }

    /// Removes whole rows or whole columns; whether these are such.
    mutating func remove(rows gone: [Int], columns lost: [Int]) -> Bool {
        let (goneSet, lostSet) = (Set(gone), Set(lost))
        let isRows = lostSet.count == columns
        guard isRows || goneSet.count == rows else { return false }
        let starts = rowStarts
        let (kept, keptColumns) = (
            isRows ? (0..<rows).filter { !goneSet.contains($0) } : Array(0..<rows),
            isRows ? Array(0..<columns) : (0..<columns).filter { !lostSet.contains($0) }
        )
        self = part(kept, keptColumns)
        if !starts.isEmpty { rowStarts = kept.map { starts[$0] } }
        return true
    }

    /// The rows and columns of these numbers, counted from 0.
    func part(_ rows: [Int], _ columns: [Int]) -> MatpowerMatrix {
        let values = rows.flatMap { row in columns.map { self[row, $0] } }
        return MatpowerMatrix(rows: rows.count, columns: columns.count, values: values)
    }

    /// The value of `reduce` over all elements of a row or a column, over each column of anything else.
    func reduced(_ reduce: ([Double]) -> Double) -> MatpowerMatrix {
        if rows == 1 || columns == 1 { return MatpowerMatrix(reduce(values)) }
        let whole = transposed
        let sums = (0..<columns).map { reduce(Array(whole.values[$0 * rows..<($0 + 1) * rows])) }
        return MatpowerMatrix(rows: 1, columns: columns, values: sums)
    }

    var size: String { "\(rows) × \(columns)" }
}
