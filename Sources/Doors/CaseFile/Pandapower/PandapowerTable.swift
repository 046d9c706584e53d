/// One table of a pandapower network: rows with an index, columns with names.
struct PandapowerTable {
    let name: String
    let columns: [String: Int]
    let index: [Int]
    /// The first column that is given twice; nil where none is.
    private(set) var repeated: String?
    private let rows: [[JSONValue]]

    var count: Int { rows.count }

    /// The data frame of `frame`, in pandas' orientation "split"; nil where it is none.
    init?(_ name: String, _ frame: JSONValue) {
        guard let columns = frame["columns"]?.list?.map({ $0.text ?? "" }),
            let index = frame["index"]?.list, let data = frame["data"]?.list, index.count == data.count
        else { return nil }
        var rows: [[JSONValue]] = []
        for row in data {
            guard let cells = row.list, cells.count == columns.count else { return nil }
            rows.append(cells)
        }
        self.name = name
        self.columns = Dictionary(
            columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.rows = rows
        var seen: Set<String> = []
        repeated = columns.first { !seen.insert($0).inserted }
        // An index that is no number is of no table a power flow reads.
        self.index = index.map { $0.number.flatMap { Int(exactly: $0) } ?? -1 }
    }

    /// Rows with the index 0, 1, 2 …
    init(_ name: String, _ columns: [String], rows: [[JSONValue]]) {
        self.name = name
        self.columns = Dictionary(uniqueKeysWithValues: zip(columns, columns.indices))
        self.rows = rows
        index = Array(rows.indices)
    }

    /// The same of columns of one length.
    init(_ name: String, _ columns: [String], _ data: [[JSONValue]]) {
        let rows = (data.first ?? []).indices.map { row in data.map { $0[row] } }
        self.init(name, columns, rows: rows)
    }

    /// No rows.
    init(empty name: String) {
        (self.name, columns, index, rows) = (name, [:], [], [])
    }

    /// Nil where there is no such column. Texts that stand for a missing value, as spreadsheets and `str`
    /// make them, are null.
    func cell(_ row: Int, _ column: String) -> JSONValue? {
        guard let place = columns[column] else { return nil }
        if case .text(let text) = rows[row][place], text.isMissing { return .null }
        return rows[row][place]
    }
}

extension String {
    /// Whether it is what other programs write for a missing value.
    var isMissing: Bool {
        count <= 4 && ["", "nan", "none", "null", "<na>", "nat"].contains(lowercased())
    }
}

/// One row of a table, read by the names of its columns; what is wrong in it goes to the reader's list.
struct PandapowerRow {
    let table: PandapowerTable
    let row: Int

    var index: Int { table.index[row] }

    /// `line 3`
    var title: String { "\(table.name) \(index)" }

    /// Tells that a cell of a column that the table has is empty.
    private func assume(_ column: String, _ value: String, _ mistakes: inout MistakeList) {
        mistakes.assume("\(table.name).\(column)", "\(title): \(column) is empty; \(value) is used")
    }

    func has(_ column: String) -> Bool { table.columns[column] != nil }

    /// A number within ±10¹²; `fallback` where the column is missing or the cell is null, which is a mistake
    /// without one.
    func number(_ column: String, or fallback: Double? = nil, _ mistakes: inout MistakeList) -> Double {
        let cell = table.cell(row, column)
        switch cell {
        case .number(let number) where number.magnitude <= 1e12: return number
        case nil, .null:
            if let fallback {
                if cell != nil { assume(column, shortest(fallback), &mistakes) }
                return fallback
            }
            mistakes.add("\(title): \(column) is missing")
        case let other?: mistakes.add("\(title): \(column) is \(other.spelled); a finite number is expected")
        }
        return 1
    }

    /// A number above 0.
    func positive(_ column: String, or fallback: Double? = nil, _ mistakes: inout MistakeList) -> Double {
        let number = number(column, or: fallback, &mistakes)
        if number >= 1e-9 { return number }
        mistakes.add("\(title): \(column) is \(shortest(number)); a number above 0 is expected")
        return 1
    }

    /// A number of at least 0.
    func notNegative(_ column: String, or fallback: Double? = nil, _ mistakes: inout MistakeList) -> Double {
        let number = number(column, or: fallback, &mistakes)
        if number >= 0 { return number }
        mistakes.add("\(title): \(column) is \(shortest(number)); a number of at least 0 is expected")
        return 0
    }

    /// A whole number of at least 1: of equal elements side by side.
    func multiple(_ column: String, _ mistakes: inout MistakeList) -> Double {
        let number = number(column, or: 1, &mistakes)
        if number >= 1, number == number.rounded() { return number }
        mistakes.add("\(title): \(column) is \(shortest(number)); a whole number of at least 1 is expected")
        return 1
    }

    /// Nil where the cell is null or the column is missing.
    func optional(_ column: String, _ mistakes: inout MistakeList) -> Double? {
        switch table.cell(row, column) {
        case nil, .null: nil
        case .number(let number) where number.isInfinite: nil
        default: number(column, &mistakes)
        }
    }

    func isTrue(_ column: String, or fallback: Bool, _ mistakes: inout MistakeList) -> Bool {
        switch table.cell(row, column) {
        case nil: return fallback
        case .null:
            assume(column, "\(fallback)", &mistakes)
            return fallback
        case .bool(let value): return value
        case .number(0): return false
        case .number(1): return true
        case let other?:
            mistakes.add("\(title): \(column) is \(other.spelled); true or false is expected")
            return fallback
        }
    }

    /// Nil where the cell is empty; a number is its digits.
    func text(_ column: String) -> String? {
        switch table.cell(row, column) {
        case .text(let text) where !text.isEmpty: text
        case .number(let number): shortest(number)
        default: nil
        }
    }

    /// The number of a row of another table.
    func reference(_ column: String, _ mistakes: inout MistakeList) -> Int {
        Int(exactly: number(column, &mistakes)) ?? -1
    }
}
