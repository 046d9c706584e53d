import Timeline

/// One CSV file being written, row by row. Cells must come in the order of the table's fields.
final class TableWriter {
    let table: Table
    private let sink: ByteSink
    private let formats: [FixedDecimal]
    private var column = 0
    private(set) var rows = 0

    init(_ table: Table, in directory: String) throws(ExportError) {
        self.table = table
        formats = table.fields.map { FixedDecimal(decimals: $0.decimals) }
        sink = try ByteSink(table.path, in: directory)
        sink.append(table.fields.map { CSVText.cell($0.name) }.joined(separator: ",").utf8)
        sink.append(byte: 10)
    }

    func begin(_ time: [UInt8]) {
        sink.append(time)
        column = 1
    }

    @inline(__always)
    func append(_ value: Double) {
        sink.append(byte: 44)
        sink.append(value, formats[column])
        column += 1
    }

    func append(_ value: Int) {
        sink.append(byte: 44)
        sink.append(value)
        column += 1
    }

    func append(_ text: String) {
        sink.append(byte: 44)
        sink.append(CSVText.cell(text).utf8)
        column += 1
    }

    func end() throws(ExportError) {
        precondition(column == formats.count)
        sink.append(byte: 10)
        rows += 1
        try sink.check()
    }

    func close() throws(ExportError) {
        try sink.close()
    }
}

/// Writes instants as the local clock shows them, `2026-07-03T14:00:00+08:00`.
struct TimeStamp {
    let zone: TimeZoneTable

    func bytes(_ instant: Instant) -> [UInt8] {
        let offset = zone.offset(at: instant)
        let civil = CivilTime(instant, offset: offset)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(25)
        func put(_ number: Int, _ width: Int, _ mark: UInt8?) {
            var divisor = width == 4 ? 1000 : 10
            while divisor > 0 {
                bytes.append(UInt8(truncatingIfNeeded: 48 + number / divisor % 10))
                divisor /= 10
            }
            if let mark { bytes.append(mark) }
        }
        put(civil.date.year, 4, 45)
        put(civil.date.month, 2, 45)
        put(civil.date.day, 2, 84)
        put(civil.hour, 2, 58)
        put(civil.minute, 2, 58)
        put(civil.second, 2, offset < 0 ? 45 : 43)
        put(abs(offset) / 3600, 2, 58)
        put(abs(offset) / 60 % 60, 2, nil)
        return bytes
    }
}
