import TextFile
import YAMLFile

/// A table whose cells are numbers or empty.
struct NumberTable {
    private let table: CSVTable
    var rows: Int { table.rowCount }
    var columns: [String] { table.columns }
    var file: String { table.file }

    /// Nil where the file cannot be read as a table; `mistakes` says why.
    static func read(_ path: String, _ mistakes: inout [FileMistake]) -> NumberTable? {
        do throws(FileMistakes) {
            let bytes = try InputFile.bytes(at: path, name: path)
            var shape: [FileMistake] = []
            let table = CSVTable(bytes, file: path, mistakes: &shape)
            if table.rowCount == 0, shape.isEmpty {
                shape.append(FileMistake(file: path, message: "has a header but no rows"))
            }
            mistakes += shape
            return shape.isEmpty ? NumberTable(table: table) : nil
        } catch {
            mistakes += error.all
            return nil
        }
    }

    private init(table: CSVTable) { self.table = table }

    /// Refuses columns whose name is not `known`, with the nearest of `names` that the table lacks, or with
    /// `allowed`, which lists all that are known.
    func refuse(
        unless known: (String) -> Bool, like names: [String], allowed: String,
        _ mistakes: inout [FileMistake]
    ) {
        let missing = names.filter { table.index(of: $0) == nil }
        var tally = MistakeTally()
        for (index, name) in columns.enumerated() where !known(name) {
            let near = suggestion(name, in: missing)
            let message =
                "unknown column '\(name.prefix(40))'" + (near.isEmpty ? "; allowed are \(allowed)" : near)
            tally.add(table.mistake(message, header: index), to: &mistakes)
        }
        tally.close(&mistakes)
    }

    /// Whether there is such a column; if not, a mistake.
    func require(_ column: String, _ mistakes: inout [FileMistake]) -> Bool {
        guard table.index(of: column) == nil else { return true }
        let message = "there is no column '\(column)'; the columns are \(columns.joined(separator: ", "))"
        mistakes.append(FileMistake(file: table.file, line: 1, message: message))
        return false
    }

    /// One text a row; nil where there is no such column.
    func texts(_ column: String) -> [String]? {
        table.index(of: column).map { index in (0..<rows).map { table.text(row: $0, column: index) } }
    }

    /// One number a row, nil where its cell is empty or there is no such column. A cell that holds anything
    /// but a number in `range` is a mistake; `reason` says in place of the range what is wrong.
    func numbers(
        _ column: String, in range: ClosedRange<Double> = -1e12...1e12, because reason: String = "",
        _ mistakes: inout [FileMistake]
    ) -> [Double?] {
        guard let index = table.index(of: column) else { return Array(repeating: nil, count: rows) }
        var tally = MistakeTally()
        let numbers = (0..<rows).map { row -> Double? in
            let text = table.text(row: row, column: index)
            guard !text.isEmpty else { return nil }
            guard let number = decimal(text.utf8) else {
                let message = "'\(text.prefix(40))' is not a number; the decimal sign is a point"
                tally.add(table.mistake(message, row: row, column: index), to: &mistakes)
                return nil
            }
            guard range.contains(number) else {
                let why = reason.isEmpty ? "is outside \(range.lowerBound) … \(range.upperBound)" : reason
                let message = "\(text.prefix(40)) \(why)"
                tally.add(table.mistake(message, row: row, column: index), to: &mistakes)
                return nil
            }
            return number
        }
        tally.close(&mistakes)
        return numbers
    }

    /// Whether a cell is empty; also where there is no such column.
    func isEmpty(_ column: String, _ row: Int) -> Bool {
        table.index(of: column).map { table.text(row: row, column: $0).isEmpty } ?? true
    }

    /// A mistake in the cell of this column; in the row's first cell where there is no such column.
    func mistake(_ message: String, _ column: String, _ row: Int) -> FileMistake {
        table.mistake(message, row: row, column: table.index(of: column) ?? 0)
    }
}

/// The number k of a column such as `zone12_lo`, from 1; nil for another name.
func number(of column: String, after prefix: String, before suffix: String) -> Int? {
    guard column.hasPrefix(prefix), column.hasSuffix(suffix) else { return nil }
    let digits = column.dropFirst(prefix.count).dropLast(suffix.count)
    guard digits.count <= 4, let first = digits.first, first != "0",
        digits.allSatisfy({ $0.isASCII && $0.isNumber })
    else { return nil }
    return Int(digits)
}
