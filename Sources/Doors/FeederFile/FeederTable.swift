import Grid
import TextFile
import YAMLFile

/// One table, read by the names of its columns; `mistakes` collects what is missing or wrong.
struct FeederTable {
    private let table: CSVTable
    /// Columns that were asked for: all that the table may have.
    private var known: [String] = []
    private(set) var mistakes: [FileMistake] = []

    /// Nil, with the reasons in `mistakes`, where the bytes are not a table.
    init?(_ bytes: [UInt8], _ file: String, _ mistakes: inout [FileMistake]) {
        var shape: [FileMistake] = []
        table = CSVTable(bytes, file: file, mistakes: &shape)
        mistakes += shape
        guard shape.isEmpty else { return nil }
    }

    var rows: Range<Int> { 0..<table.rowCount }

    /// Whether the table has the column, which it need not have.
    mutating func has(_ column: String) -> Bool {
        known.append(column)
        return table.index(of: column) != nil
    }

    /// One name a row; an empty cell is a mistake.
    mutating func names(_ column: String) -> [String] {
        values(column, "a name", default: "") { $0.isEmpty ? nil : $0 }
    }

    /// One name a row, each at most once: by it other tables and results find the row.
    mutating func distinctNames(_ column: String) -> [String] {
        let names = names(column)
        var seen: Set<String> = []
        var tally = MistakeTally()
        for (row, name) in names.enumerated() where !name.isEmpty && !seen.insert(name).inserted {
            tally.add(mistake("'\(name.prefix(40))' has a row already", row, column), to: &mistakes)
        }
        tally.close(&mistakes)
        return names
    }

    /// One number a row; without such a column `value` in each, or a mistake where that is nil.
    mutating func numbers(
        _ column: String, in range: ClosedRange<Double> = -1e9...1e9, default value: Double? = nil
    ) -> [Double] {
        if let value, !has(column) { return rows.map { _ in value } }
        known.append(column)
        return table.numbers(column, in: range, mistakes: &mistakes)
    }

    /// One number a row in the unit of which the table has the column `prefix` + unit, over its divisor;
    /// a mistake where it has two of them, or none.
    mutating func numbers(
        _ prefix: String, in units: [(name: String, divisor: Double)],
        within range: ClosedRange<Double> = -1e9...1e9
    ) -> [Double] {
        let present = units.filter { has(prefix + $0.name) }
        for other in present.dropFirst() {
            let first = prefix + present[0].name
            mistakes.append(
                table.mistake(
                    "column '\(prefix + other.name)' says again what '\(first)' says",
                    header: table.index(of: prefix + other.name) ?? 0))
        }
        let unit = present.first ?? units[0]
        return numbers(prefix + unit.name, in: range).map { $0 / unit.divisor }
    }

    /// One value a row, which `read` makes from the text; nil from `read` is a mistake. Without such a column
    /// `value` in each row if the column is optional.
    mutating func values<Value>(
        _ column: String, _ allowed: String, default value: Value, isOptional: Bool = false,
        _ read: (String) -> Value?
    ) -> [Value] {
        if !has(column), isOptional { return rows.map { _ in value } }
        return table.texts(column, mistakes: &mistakes).enumerated().map { row, text in
            if let value = read(text) { return value }
            if table.index(of: column) != nil {
                refuse("'\(text.prefix(40))' is not \(allowed)", row, column)
            }
            return value
        }
    }

    mutating func phases(_ column: String) -> [Phases] {
        values(column, "one or more of the letters abc, each once", default: .abc) { text in
            let indices = text.map { ["a", "b", "c"].firstIndex(of: $0) }
            guard !indices.isEmpty, !indices.contains(nil), Set(indices).count == indices.count else {
                return nil
            }
            return indices.reduce(into: Phases()) { $0.formUnion(Phases(index: $1!)) }
        }
    }

    mutating func flags(_ column: String) -> [Bool] {
        values(column, "0 or 1", default: true) { ["0": false, "1": true][$0] }
    }

    mutating func refuse(_ message: String, _ row: Int, _ column: String) {
        mistakes.append(mistake(message, row, column))
    }

    /// A mistake in the cell of this column; in the row's first where there is no such column.
    func mistake(_ message: String, _ row: Int, _ column: String) -> FileMistake {
        table.mistake(message, row: row, column: table.index(of: column) ?? 0)
    }

    /// Refuses rows that repeat an earlier one cell by cell.
    mutating func refuseCopies(_ advice: String) {
        var tally = MistakeTally()
        for row in table.copies {
            let message = "the row repeats an earlier one; \(advice)"
            tally.add(mistake(message, row, table.columns[0]), to: &mistakes)
        }
        tally.close(&mistakes)
    }

    /// Adds the mistakes to those of the folder, with every column that was not asked for.
    mutating func close(_ mistakes: inout [FileMistake]) {
        for (index, name) in table.columns.enumerated() where !known.contains(name) {
            let near = suggestion(name, in: known.filter { table.index(of: $0) == nil })
            let hint = near.isEmpty ? "; allowed are \(known.joined(separator: ", "))" : near
            self.mistakes.append(
                table.mistake("unknown column '\(name.prefix(40))'\(hint)", header: index))
        }
        mistakes += self.mistakes
    }
}
