/// One line, cut into cells.
struct CSVLine {
    /// The place of one cell, in 8 bytes: a table has millions.
    struct Cell {
        private let start: UInt32
        private let endAndQuote: UInt32

        /// `range` ends below 2³¹.
        init(_ range: Range<Int>, isQuoted: Bool) {
            start = UInt32(range.lowerBound)
            endAndQuote = UInt32(range.upperBound) | (isQuoted ? 1 << 31 : 0)
        }

        /// The bytes between the quotes, or of the bare cell without the blanks around it.
        var range: Range<Int> { Int(start)..<Int(endAndQuote & ~(1 << 31)) }

        var isQuoted: Bool { endAndQuote >> 31 == 1 }

        /// In characters from 1: bytes that continue a UTF-8 character don't count.
        func column(in bytes: [UInt8]) -> Int {
            let before = bytes[..<range.lowerBound]
            let lineStart = before.lastIndex { $0 == 10 || $0 == 13 }.map { $0 + 1 } ?? 0
            return before[lineStart...].count { $0 & 0xC0 != 0x80 } + (isQuoted ? 0 : 1)
        }
    }

    let number: Int
    let cells: [Cell]

    static func text(_ cell: Cell, in bytes: [UInt8]) -> String {
        let text = String(decoding: bytes[cell.range], as: UTF8.self)
        return cell.isQuoted && text.contains("\"\"") ? undoubled(text) : text
    }

    private static func undoubled(_ text: String) -> String {
        var (result, afterQuote) = ("", false)
        for character in text {
            if character == "\"" && afterQuote {
                afterQuote = false
            } else {
                result.append(character)
                afterQuote = character == "\""
            }
        }
        return result
    }
}

/// Reads the bytes once, line by line.
struct CSVScanner {
    let bytes: [UInt8]
    private(set) var mistakes: [FileMistake] = []

    private static let longestLine = 1 << 20
    private var tally = MistakeTally()
    /// The end of the last line that is not blank.
    private let end: Int
    private let file: String
    private let separator: UInt8
    private let anyEncoding: Bool
    private var isForeign = false
    private var position = 0
    private var lineNumber = 0

    init(_ bytes: [UInt8], file: String, separator: UInt8, anyEncoding: Bool) {
        self.bytes = bytes
        self.file = file
        self.separator = separator
        self.anyEncoding = anyEncoding
        end = (bytes.lastIndex { $0 != 10 && $0 != 13 } ?? -1) + 1
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if let refusal = TextEncoding.refusal(of: bytes) {
            mistakes.append(FileMistake(file: file, message: refusal))
            position = end
        }
    }

    mutating func skip(lines: Int) {
        for _ in 0..<lines { _ = nextRange() }
    }

    func text(_ cell: CSVLine.Cell) -> String {
        CSVLine.text(cell, in: bytes)
    }

    /// The next line; nil at the end. A line that cannot be cut into cells is reported and skipped.
    mutating func next() -> CSVLine? {
        while let range = nextRange() {
            if let line = line(in: range) { return line }
        }
        tally.close(&mistakes)
        return nil
    }

    /// The line of the header; nil, with the reason reported, if it cannot be cut into cells.
    mutating func header() -> CSVLine? {
        guard let range = nextRange(), let line = line(in: range) else { return nil }
        let found = line.cells.count == 1 && !line.cells[0].isQuoted ? foreignSeparator(in: range) : nil
        guard let found else { return line }
        tellSeparator(found)
        return nil
    }

    /// Whether the one cell of `line` is `count` cells with another separator; this is then reported.
    mutating func isCutDifferently(_ line: CSVLine, into count: Int) -> Bool {
        guard line.cells.count == 1, count > 1, let found = foreignSeparator(in: line.cells[0].range),
            bytes[line.cells[0].range].count(where: { $0 == found }) == count - 1
        else { return false }
        tellSeparator(found)
        return true
    }

    private func foreignSeparator(in range: Range<Int>) -> UInt8? {
        bytes[range].first { $0 != separator && separatorNames[$0] != nil }
    }

    private mutating func tellSeparator(_ found: UInt8) {
        let (allowed, found) = (separatorNames[separator] ?? "another", separatorNames[found] ?? "another")
        mistakes.append(
            FileMistake(
                file: file, line: lineNumber,
                message: "the separator is \(allowed), but this line has \(found)"))
    }

    private mutating func line(in range: Range<Int>) -> CSVLine? {
        if let problem = problem(in: range) {
            tally.add(FileMistake(file: file, line: lineNumber, message: problem), to: &mistakes)
            return nil
        }
        if !anyEncoding, let length = invalidUTF8(in: bytes[range]) {
            tellEncoding(range, after: length)
            return nil
        }
        return cells(in: range).map { CSVLine(number: lineNumber, cells: $0) }
    }

    private mutating func nextRange() -> Range<Int>? {
        guard position < end else { return nil }
        let start = position
        while position < end, bytes[position] != 10, bytes[position] != 13 { position += 1 }
        let lineEnd = position
        if position + 1 < end, bytes[position] == 13, bytes[position + 1] == 10 { position += 1 }
        position += 1
        lineNumber += 1
        return start..<lineEnd
    }

    private func problem(in range: Range<Int>) -> String? {
        if range.count > Self.longestLine { return "the line is longer than \(Self.longestLine) bytes" }
        return bytes[range].contains(0) ? "the line holds a NUL byte; save the file as text in UTF-8" : nil
    }

    /// Says once of the file that it is not UTF-8; `length` bytes of the line are.
    private mutating func tellEncoding(_ range: Range<Int>, after length: Int) {
        guard !isForeign else { return }
        isForeign = true
        let before = bytes[range].prefix(length)
        mistakes.append(
            FileMistake(
                file: file, line: lineNumber, column: before.count { $0 & 0xC0 != 0x80 } + 1,
                message: TextEncoding.complaint(about: bytes[range.lowerBound...])))
    }

    /// Nil if a quote is wrong; `mistakes` then says so.
    private mutating func cells(in range: Range<Int>) -> [CSVLine.Cell]? {
        var cells: [CSVLine.Cell] = []
        var start = range.lowerBound
        while true {
            while start < range.upperBound, isBlank(bytes[start]) { start += 1 }
            let isQuoted = start < range.upperBound && bytes[start] == 34
            let content = isQuoted ? quoted(from: start + 1, in: range) : bare(from: start, in: range)
            var end = (content?.upperBound ?? range.upperBound) + (isQuoted ? 1 : 0)
            while end < range.upperBound, isBlank(bytes[end]) { end += 1 }
            guard let content, end == range.upperBound || bytes[end] == separator else {
                let cell = CSVLine.Cell(start..<start, isQuoted: false)
                let message =
                    content == nil
                    ? "the quote is not closed on its line"
                    : "there is text after the closing quote; \(separatorNames[separator] ?? "a separator") is expected"
                tally.add(
                    FileMistake(
                        file: file, line: lineNumber, column: cell.column(in: bytes), message: message),
                    to: &mistakes)
                return nil
            }
            cells.append(CSVLine.Cell(content, isQuoted: isQuoted))
            if end == range.upperBound { return cells }
            start = end + 1
        }
    }

    private func bare(from start: Int, in line: Range<Int>) -> Range<Int> {
        let end = bytes[start..<line.upperBound].firstIndex(of: separator) ?? line.upperBound
        let last = bytes[start..<end].lastIndex { !isBlank($0) }
        return start..<(last.map { $0 + 1 } ?? start)
    }

    private func quoted(from start: Int, in line: Range<Int>) -> Range<Int>? {
        var end = start
        while end < line.upperBound {
            if bytes[end] == 34 {
                guard end + 1 < line.upperBound, bytes[end + 1] == 34 else { return start..<end }
                end += 1
            }
            end += 1
        }
        return nil
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == 32 || byte == 9) && byte != separator
    }
}

/// The separators that tables are written with, in words.
private let separatorNames: [UInt8: String] = [
    UInt8(ascii: ","): "a comma", UInt8(ascii: ";"): "a semicolon", UInt8(ascii: "\t"): "a tab",
    UInt8(ascii: "|"): "a bar",
]
