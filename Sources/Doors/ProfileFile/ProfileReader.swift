import Grid
import Lanes
import PowerFlow
import TextFile

/// Rows whose label an earlier row has: results do not tell such rows apart.
private struct RepeatedLabels {
    private var known: Set<String> = []
    private var count = 0
    private var first: (label: String, line: Int)?

    mutating func add(_ label: String, line: Int) {
        guard !known.insert(label).inserted else { return }
        count += 1
        if first == nil { first = (label, line) }
    }

    func warning(_ file: String) -> FileMistake? {
        guard let first else { return nil }
        let rows = count == 1 ? "1 row has" : "\(count) rows have"
        return FileMistake(
            severity: .warning, file: file, line: first.line,
            message: "\(rows) the label of an earlier row, first '\(first.label.prefix(40))'")
    }
}

/// Reads the bytes of a profile once.
struct ProfileReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String
    private var at = 0
    private var line = 1
    private var lineStart = 0
    private var mistakes: [FileMistake] = []
    private var tally = MistakeTally()
    private static let comma = UInt8(ascii: ",")
    private static let newline = UInt8(ascii: "\n")

    init(_ bytes: UnsafeBufferPointer<UInt8>, _ file: String) {
        self.bytes = bytes
        self.file = file
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { (at, lineStart) = (3, 3) }
    }

    func check() throws(FileMistakes) {
        if !mistakes.isEmpty { throw FileMistakes(mistakes) }
    }

    mutating func readHeader(_ networkCase: NetworkCase) -> ProfileColumns {
        var columns = ProfileColumns(networkCase)
        if networkCase.injections.constantCurrent != nil || networkCase.injections.constantImpedance != nil {
            mistakes.append(
                FileMistake(
                    file: file,
                    message: "the case has voltage-dependent loads, which a profile cannot change"))
        }
        let end = bytes[at...].firstIndex(of: Self.newline) ?? bytes.count
        if let problem = problem(ofHeader: bytes[at..<end]) {
            mistakes.append(FileMistake(file: file, line: 1, message: problem))
            return columns
        }
        while at < end {
            let next = cellEnd(from: at, to: end)
            let start = at
            if let message = columns.add(text(start..<next)) { tell(message, at: start) }
            at = next + 1
        }
        at = end
        tally.close(&mistakes)
        if columns.columns.isEmpty, mistakes.isEmpty {
            mistakes.append(FileMistake(file: file, line: 1, message: "the header is empty"))
        }
        return columns
    }

    /// A cause for which no cell of the header can be read.
    private func problem(ofHeader header: Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            return "the file is UTF-16; save it as UTF-8"
        }
        guard !header.contains(Self.comma) else { return nil }
        if header.contains(UInt8(ascii: ";")) {
            return "the separator is a comma, but this line has a semicolon"
        }
        return header.contains(9) ? "the separator is a comma, but this line has a tab" : nil
    }

    /// Where the cell that starts at `start` ends: at a comma outside double quotes, or at `end`.
    private func cellEnd(from start: Int, to end: Int) -> Int {
        var isQuoted = false
        for position in start..<end {
            if bytes[position] == UInt8(ascii: "\"") { isQuoted.toggle() }
            if bytes[position] == Self.comma, !isQuoted { return position }
        }
        return end
    }

    mutating func readRows(_ columns: ProfileColumns, _ networkCase: NetworkCase) throws(FileMistakes)
        -> Profile
    {
        let steps = countRows()
        let buses = networkCase.network.buses.count
        guard steps <= ProfileFile.mostInjections / max(1, buses) else {
            let message =
                "\(steps) rows for \(buses) buses; rows × buses may be at most \(ProfileFile.mostInjections)"
            throw FileMistakes([FileMistake(file: file, message: message)])
        }
        var series = InjectionSeries(buses: buses, steps: steps)
        var labels: [String] = []
        labels.reserveCapacity(steps)
        var repeated = RepeatedLabels()
        let rest = (active: columns.rest.active.map(\.value), reactive: columns.rest.reactive.map(\.value))
        var row = (active: rest.active, reactive: rest.reactive)
        for step in 0..<steps {
            (row.active, row.reactive) = rest
            let label = readRow(columns.columns, &row.active, &row.reactive)
            labels.append(label.map { text($0) } ?? "\(step)")
            if label != nil { repeated.add(labels[step], line: line) }
            for bus in 0..<buses {
                series.active[bus, step] = row.active[bus]
                series.reactive[bus, step] = row.reactive[bus]
            }
        }
        tally.close(&mistakes)
        if steps == 0 { mistakes.append(FileMistake(file: file, message: "the file has no rows")) }
        try check()
        return Profile(
            labels: labels, labelName: columns.labelName ?? "step", series: series,
            warnings: repeated.warning(file).map { [$0] } ?? [])
    }

    /// The number of lines after the header that are not empty.
    private func countRows() -> Int {
        var (count, start) = (0, min(at + 1, bytes.count))
        for position in start..<bytes.count where bytes[position] == Self.newline {
            if position > start + (bytes[position - 1] == 13 ? 1 : 0) { count += 1 }
            start = position + 1
        }
        return count + (bytes.count > start ? 1 : 0)
    }

    /// Adds the numbers of the next row to the injections, and returns the place of its label.
    private mutating func readRow(
        _ columns: [ProfileColumns.Column?], _ active: inout [Double], _ reactive: inout [Double]
    ) -> Range<Int>? {
        repeat { nextLine() } while isAtEnd && at < bytes.count
        var label: Range<Int>?
        for (index, column) in columns.enumerated() {
            if index > 0 {
                guard at < bytes.count, bytes[at] == Self.comma else {
                    let cells = index == 1 ? "1 cell" : "\(index) cells"
                    tell(
                        isAtEnd ? "\(cells), but the header has \(columns.count)" : "a comma is expected",
                        at: at)
                    skipLine()
                    return label
                }
                at += 1
            }
            if let column {
                guard let number = number() else {
                    skipLine()
                    return label
                }
                active[column.bus] += column.active * number
                reactive[column.bus] += column.reactive * number
            } else {
                let start = at
                var isQuoted = false
                while !isAtEnd, isQuoted || bytes[at] != Self.comma {
                    if bytes[at] == UInt8(ascii: "\"") { isQuoted.toggle() }
                    at += 1
                }
                label = start..<at
            }
        }
        if !isAtEnd {
            tell("more cells than the header, which has \(columns.count)", at: at)
            skipLine()
        }
        return label
    }

    @inline(__always)
    private mutating func number() -> Double? {
        while at < bytes.count, bytes[at] == 32 { at += 1 }
        guard let number = leadingDecimal(bytes, from: &at), number.magnitude <= 1e12 else {
            tell("a number from -1e12 to 1e12 is expected", at: at)
            return nil
        }
        while at < bytes.count, bytes[at] == 32 { at += 1 }
        return number
    }

    private var isAtEnd: Bool {
        at >= bytes.count || bytes[at] == Self.newline
            || (bytes[at] == 13 && (at + 1 == bytes.count || bytes[at + 1] == Self.newline))
    }

    private mutating func nextLine() {
        skipLine()
        at = min(at + 1, bytes.count)
        line += 1
        lineStart = at
    }

    private mutating func skipLine() {
        while at < bytes.count, bytes[at] != Self.newline { at += 1 }
    }

    private func text(_ range: Range<Int>) -> String {
        let text = String(decoding: bytes[range], as: UTF8.self)
        let trimmed = text.drop { $0 == " " || $0 == "\"" }
        let bare = trimmed.reversed().drop { $0 == " " || $0 == "\"" || $0 == "\r" }.reversed()
        return String(bare).replacing("\"\"", with: "\"")
    }

    private mutating func tell(_ message: String, at offset: Int) {
        let column = bytes[lineStart..<max(lineStart, offset)].count { $0 & 0xC0 != 0x80 } + 1
        tally.add(FileMistake(file: file, line: line, column: column, message: message), to: &mistakes)
    }
}
