/// A table of comma-separated values, one row a line. Mistakes in it are reported with line and column.
///
/// Lines end with LF, CRLF or CR; a UTF-8 byte order mark is skipped. A cell may stand in double quotes,
/// within which `""` is a quote; no cell continues on the next line. Blanks around a bare cell are ignored.
/// Rows that are not as long as the header are reported and left out. A table has at most ten million rows
/// and forty million cells.
///
///     var mistakes: [FileMistake] = []
///     let table = CSVTable(bytes, file: "load.csv", mistakes: &mistakes)
///     let loads = table.numbers("load_kw", in: 0...1e6, mistakes: &mistakes)
///     guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
public struct CSVTable: Sendable {
    /// The name of the file in mistakes.
    public let file: String
    /// The names of the columns, from left to right.
    public let columns: [String]
    /// The number of rows below the header.
    public var rowCount: Int { lines.count }

    private static let mostRows = 10_000_000
    private static let mostCells = 40_000_000

    private let bytes: [UInt8]
    private let headerLine: Int
    /// Nil if the names do not stand in the file.
    private let header: CSVLine?
    /// Of each row.
    private let lines: [UInt32]
    /// By row, then column.
    private let cells: [CSVLine.Cell]

    /// Cuts `bytes` into cells.
    ///
    /// - Parameters:
    ///   - bytes: the contents of the file.
    ///   - file: the name of the file in mistakes.
    ///   - separator: the character between two cells.
    ///   - skipping: the number of lines above the header.
    ///   - names: the names of the first columns if there is no header line; further columns are ignored.
    ///   - anyEncoding: true: the file need not be UTF-8, for none of its texts is used.
    ///   - mistakes: receives what is wrong with the shape of the table; the caller should not use a table
    ///     with mistakes.
    public init(
        _ bytes: [UInt8], file: String, separator: Character = ",", skipping: Int = 0, names: [String]? = nil,
        anyEncoding: Bool = false, mistakes: inout [FileMistake]
    ) {
        self.file = file
        headerLine = names == nil ? skipping + 1 : 0
        let most = Self.mostRows + skipping + 1
        guard bytes.count < 1 << 31, let breaks = Self.lineBreaks(bytes, atMost: most) else {
            mistakes.append(
                FileMistake(
                    file: file, message: "the table is too large; at most \(Self.mostRows) rows are read"))
            (self.bytes, header, columns, lines, cells) = ([], nil, [], [], [])
            return
        }
        var scanner = CSVScanner(
            bytes, file: file, separator: separator.asciiValue ?? 44, anyEncoding: anyEncoding)
        scanner.skip(lines: skipping)
        header = names == nil ? scanner.header() : nil
        let columns = names ?? header?.cells.map { scanner.text($0) } ?? []
        // A table whose header is not understood has no columns and no rows, so that only this is told.
        let hasHeader = scanner.mistakes.isEmpty
        var (lines, cells): ([UInt32], [CSVLine.Cell]) = ([], [])
        lines.reserveCapacity(breaks + 1)
        cells.reserveCapacity(min((breaks + 1) * columns.count, bytes.count + 1, Self.mostCells))
        var ragged = MistakeTally()
        while hasHeader, let row = scanner.next() {
            if row.cells.count == columns.count || names != nil && row.cells.count > columns.count {
                guard cells.count + columns.count <= Self.mostCells else {
                    mistakes.append(
                        FileMistake(
                            file: file, line: row.number,
                            message: "the table is too large; at most \(Self.mostCells) cells are read"))
                    break
                }
                lines.append(UInt32(row.number))
                cells += row.cells.prefix(columns.count)
            } else if scanner.isCutDifferently(row, into: columns.count) {
                break
            } else {
                let found = row.cells.count == 1 ? "1 cell" : "\(row.cells.count) cells"
                ragged.add(
                    FileMistake(
                        file: file, line: row.number,
                        message: "\(found), but the header has \(columns.count)"),
                    to: &mistakes)
            }
        }
        ragged.close(&mistakes)
        mistakes += scanner.mistakes
        if columns.isEmpty, scanner.mistakes.isEmpty {
            mistakes.append(FileMistake(file: file, message: "the file is empty"))
        }
        if names == nil { Self.checkHeader(columns, file: file, line: skipping + 1, &mistakes) }
        self.columns = hasHeader ? columns : []
        self.bytes = scanner.bytes
        self.lines = lines
        self.cells = cells
    }

    /// The number of line breaks in `bytes`; nil if there are more than `most`.
    private static func lineBreaks(_ bytes: [UInt8], atMost most: Int) -> Int? {
        var (count, before) = (0, UInt8(0))
        for byte in bytes {
            if byte == 13 || byte == 10 && before != 13 { count += 1 }
            before = byte
        }
        return count <= most ? count : nil
    }

    private static func checkHeader(
        _ columns: [String], file: String, line: Int, _ mistakes: inout [FileMistake]
    ) {
        var seen: Set<String> = []
        var tally = MistakeTally()
        for (index, name) in columns.enumerated() {
            let problem =
                name.isEmpty
                ? "column \(index + 1) has no name"
                : seen.insert(name).inserted ? nil : "two columns are called \(quoted(name))"
            guard let problem else { continue }
            tally.add(FileMistake(file: file, line: line, message: problem), to: &mistakes)
        }
        tally.close(&mistakes)
    }

    /// The index of the column named `column`; nil if there is none.
    public func index(of column: String) -> Int? {
        columns.firstIndex(of: column)
    }

    /// The text of one cell, without its quotes.
    public func text(row: Int, column: Int) -> String {
        CSVLine.text(cells[row * columns.count + column], in: bytes)
    }

    /// An error at one cell; the message begins with the name of its column.
    public func mistake(_ message: String, row: Int, column: Int) -> FileMistake {
        let cell = cells[row * columns.count + column]
        return FileMistake(
            file: file, line: Int(lines[row]), column: cell.column(in: bytes),
            message: "\(columns[column]): \(message)")
    }

    /// An error at the name of one column.
    public func mistake(_ message: String, header column: Int) -> FileMistake {
        FileMistake(
            file: file, line: header?.number ?? headerLine,
            column: header?.cells[column].column(in: bytes) ?? 0, message: message)
    }

    /// The rows that repeat an earlier row cell by cell.
    public var copies: [Int] {
        var seen: Set<[String]> = []
        return (0..<rowCount).filter { row in
            !seen.insert(columns.indices.map { text(row: row, column: $0) }).inserted
        }
    }

    /// One text a row; a missing column is added to `mistakes`, and all texts are then empty.
    public func texts(_ column: String, mistakes: inout [FileMistake]) -> [String] {
        guard let index = required(column, &mistakes) else { return Array(repeating: "", count: rowCount) }
        return (0..<rowCount).map { text(row: $0, column: index) }
    }

    /// One number a row. A missing column, and a cell that is empty, not a decimal number, too large for a
    /// `Double`, or outside `allowed`, is added to `mistakes`; the number is then 0.
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
            let found = quoted(text(row: row, column: index))
            let message =
                if number != nil {
                    "\(found) is not between \(plain(allowed.lowerBound)) and \(plain(allowed.upperBound))"
                } else if cell.range.isEmpty {
                    "a number is missing"
                } else if found.contains(",") {
                    "\(found) is not a number; write a decimal point, and no sign between thousands"
                } else {
                    "\(found) is not a number"
                }
            tally.add(mistake(message, row: row, column: index), to: &mistakes)
            return 0
        }
        tally.close(&mistakes)
        return numbers
    }

    /// One whole number a row. Mistakes as `numbers(_:in:mistakes:)` reports them, and a number with a
    /// fraction; the number is then the lower end of `allowed`.
    public func integers(
        _ column: String, in allowed: ClosedRange<Int>, mistakes: inout [FileMistake]
    ) -> [Int] {
        let bounds = Double(allowed.lowerBound)...Double(allowed.upperBound)
        let numbers = numbers(column, in: bounds, mistakes: &mistakes)
        guard let index = index(of: column) else {
            return Array(repeating: allowed.lowerBound, count: rowCount)
        }
        var tally = MistakeTally()
        let integers = numbers.enumerated().map { row, number in
            if let integer = Int(exactly: number) { return max(integer, allowed.lowerBound) }
            let found = quoted(text(row: row, column: index))
            tally.add(mistake("\(found) is not a whole number", row: row, column: index), to: &mistakes)
            return allowed.lowerBound
        }
        tally.close(&mistakes)
        return integers
    }

    /// `1000000` instead of `1000000.0`.
    private func plain(_ bound: Double) -> String {
        Int64(exactly: bound).map(String.init) ?? "\(bound)"
    }

    private func required(_ column: String, _ mistakes: inout [FileMistake]) -> Int? {
        if let index = index(of: column) { return index }
        // The table has told already why it has no columns.
        guard !columns.isEmpty else { return nil }
        let known = columns.prefix(40).map { quoted($0) }.joined(separator: ", ")
        mistakes.append(
            FileMistake(
                file: file, line: headerLine, message: "there is no column '\(column)'; there are \(known)"))
        return nil
    }
}
