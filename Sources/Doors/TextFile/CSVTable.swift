/// A table of comma-separated values: one line a row, and what is wrong in it with line and column.
///
/// Lines end with LF, CRLF or CR; a UTF-8 byte order mark is passed over. A cell may stand in double quotes,
/// within which `""` is a quote; no cell reaches over a line's end. Blanks around a bare cell don't count.
/// Rows that are not as long as the header are left out and told.
public struct CSVTable: Sendable {
    public let file: String
    public let columns: [String]
    public var rowCount: Int { lines.count }

    private let bytes: [UInt8]
    private let headerLine: Int
    /// Of each row.
    private let lines: [Int]
    /// By row, then column.
    private let cells: [CSVLine.Cell]

    /// - Parameters:
    ///   - file: how mistakes call it.
    ///   - skipping: lines above the header.
    ///   - names: of the first columns, when there is no header line; further ones are passed over.
    ///   - mistakes: gains what is wrong with the table's shape; a reader that finds any should give up in
    ///     the end.
    public init(
        _ bytes: [UInt8], file: String, separator: Character = ",", skipping: Int = 0, names: [String]? = nil,
        mistakes: inout [FileMistake]
    ) {
        var scanner = CSVScanner(bytes, file: file, separator: separator.asciiValue ?? 44)
        scanner.skip(lines: skipping)
        let columns = names ?? scanner.next()?.cells.map { scanner.text($0) } ?? []
        var (lines, cells): ([Int], [CSVLine.Cell]) = ([], [])
        var ragged = MistakeTally()
        while let row = scanner.next() {
            if row.cells.count == columns.count || names != nil && row.cells.count > columns.count {
                lines.append(row.number)
                cells += row.cells.prefix(columns.count)
            } else {
                let found = row.cells.count == 1 ? "1 cell" : "\(row.cells.count) cells"
                ragged.add(
                    FileMistake(
                        file: file, line: row.number,
                        message: "\(found) where \(columns.count) are expected"),
                    to: &mistakes)
            }
        }
        ragged.close(&mistakes)
        mistakes += scanner.mistakes
        if columns.isEmpty { mistakes.append(FileMistake(file: file, message: "is empty")) }
        if names == nil { mistakes += Self.headerMistakes(columns, file: file, line: skipping + 1) }
        self.file = file
        headerLine = names == nil ? skipping + 1 : 0
        self.columns = columns
        self.bytes = scanner.bytes
        self.lines = lines
        self.cells = cells
    }

    private static func headerMistakes(_ columns: [String], file: String, line: Int) -> [FileMistake] {
        var seen: Set<String> = []
        return columns.enumerated().compactMap { index, name in
            if name.isEmpty {
                return FileMistake(file: file, line: line, message: "column \(index + 1) has no name")
            }
            let twice = !seen.insert(name).inserted
            return twice
                ? FileMistake(file: file, line: line, message: "two columns are called '\(name)'") : nil
        }
    }

    /// Nil when there is no such column.
    public func index(of column: String) -> Int? {
        columns.firstIndex(of: column)
    }

    public func text(row: Int, column: Int) -> String {
        CSVLine.text(cells[row * columns.count + column], in: bytes)
    }

    /// A mistake of a cell.
    public func mistake(_ message: String, row: Int, column: Int) -> FileMistake {
        let cell = cells[row * columns.count + column]
        return FileMistake(
            file: file, line: lines[row], column: cell.column(in: bytes),
            message: "\(columns[column]): \(message)")
    }

    /// One text a row; mistakes gain a missing column.
    public func texts(_ column: String, mistakes: inout [FileMistake]) -> [String] {
        guard let index = required(column, &mistakes) else { return Array(repeating: "", count: rowCount) }
        return (0..<rowCount).map { text(row: $0, column: index) }
    }

    /// One number a row, 0 where `mistakes` gains one: a missing column, or a cell that is empty, no decimal
    /// number, too large for a `Double`, or outside `allowed`.
    public func numbers(
        _ column: String,
        in allowed: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude,
        mistakes: inout [FileMistake]
    ) -> [Double] {
        guard let index = required(column, &mistakes) else { return Array(repeating: 0, count: rowCount) }
        var tally = MistakeTally()
        let numbers = (0..<rowCount).map { row in
            let cell = cells[row * columns.count + index]
            let number = decimal(bytes[cell.range])
            if let number, allowed.contains(number) { return number }
            let found = "'" + text(row: row, column: index).prefix(40) + "'"
            let message =
                if number != nil {
                    "\(found) is outside \(allowed.lowerBound) … \(allowed.upperBound)"
                } else if cell.range.isEmpty {
                    "a number is missing"
                } else if found.contains(",") {
                    "\(found) is not a number; the decimal sign is a point, and thousands have none"
                } else {
                    "\(found) is not a number"
                }
            tally.add(mistake(message, row: row, column: index), to: &mistakes)
            return 0
        }
        tally.close(&mistakes)
        return numbers
    }

    private func required(_ column: String, _ mistakes: inout [FileMistake]) -> Int? {
        if let index = index(of: column) { return index }
        let known = columns.prefix(40).map { "'" + $0.prefix(40) + "'" }.joined(separator: ", ")
        mistakes.append(
            FileMistake(
                file: file, line: headerLine, message: "there is no column '\(column)'; there are \(known)"))
        return nil
    }
}
