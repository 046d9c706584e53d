public import TextFile
import Weather

/// The eight header lines of an EPW file. Hours follow the last, `DATA PERIODS,1,1,…`, whose second number
/// counts the records an hour.
enum EPWHeader {
    private static let last = "DATA PERIODS"

    /// Why the hours cannot be read by this header, or what is assumed to read them; nil where nothing is.
    static func mistake(in bytes: [UInt8], _ file: String) -> FileMistake? {
        let lines = lines(9, of: bytes)
        guard lines.count >= 8, isLast(lines[7]) else {
            let place = lines.firstIndex(where: isLast).map { "; it is line \($0 + 1)" } ?? ""
            let line = min(8, max(1, lines.count))
            guard place.isEmpty, lines.count > 8, !isHour(lines[7]), isHour(lines[8]) else {
                return FileMistake(
                    file: file, line: line,
                    message:
                        "line 8 is not \(last)\(place); an EPW file has eight header lines, of which it is the last"
                )
            }
            return FileMistake(
                severity: .warning, file: file, line: line,
                message: "line 8 is not \(last); one record an hour is assumed")
        }
        let cells = lines[7].split(separator: ",", omittingEmptySubsequences: false)
        let records = cells.count > 2 ? cells[2].filter { $0 != " " } : ""
        guard records != "1" else { return nil }
        let found = records.isEmpty ? "no number of records" : "\(records.prefix(20)) records"
        return FileMistake(file: file, line: 8, message: "\(last) gives \(found) an hour; one can be read")
    }

    private static func isLast(_ line: String) -> Bool { line.uppercased().hasPrefix(last) }

    /// Whether a line begins with numbers, as those of hours do.
    private static func isHour(_ line: String) -> Bool {
        let cells = line.split(separator: ",")
        return cells.count > 5 && cells.prefix(4).allSatisfy { Double($0) != nil }
    }

    /// The first `count` lines, or fewer.
    private static func lines(_ count: Int, of bytes: [UInt8]) -> [String] {
        var (lines, rest) = ([String](), bytes[...])
        while lines.count < count, !rest.isEmpty {
            let line = rest.prefix { $0 != 10 && $0 != 13 }
            rest = rest[line.endIndex...]
            rest = rest.dropFirst(rest.starts(with: [13, 10]) ? 2 : 1)
            lines.append(String(decoding: line, as: UTF8.self))
        }
        return lines
    }
}

extension HourlyWeather {
    /// What is assumed to read an EPW file whose header is not as it should be; nil if nothing is.
    public static func headerWarning(epw bytes: [UInt8], file: String) -> FileMistake? {
        EPWHeader.mistake(in: bytes, file).flatMap { $0.severity == .warning ? $0 : nil }
    }
}
