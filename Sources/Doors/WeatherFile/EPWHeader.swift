import TextFile

/// The eight header lines of an EPW file. Hours follow the last, `DATA PERIODS,1,1,…`, whose second number
/// counts the records an hour.
enum EPWHeader {
    private static let last = "DATA PERIODS"

    /// Why the hours cannot be read by this header; nil if they can.
    static func mistake(in bytes: [UInt8], _ file: String) -> FileMistake? {
        let lines = lines(8, of: bytes)
        let isLast = { (line: String) in line.uppercased().hasPrefix(last) }
        guard lines.count == 8, isLast(lines[7]) else {
            let place = lines.firstIndex(where: isLast).map { "; it is line \($0 + 1)" } ?? ""
            return FileMistake(
                file: file, line: min(8, max(1, lines.count)),
                message:
                    "line 8 is not \(last)\(place); an EPW file has eight header lines, of which it is the last"
            )
        }
        let cells = lines[7].split(separator: ",", omittingEmptySubsequences: false)
        let records = cells.count > 2 ? cells[2].filter { $0 != " " } : ""
        guard records != "1" else { return nil }
        let found = records.isEmpty ? "no number of records" : "\(records.prefix(20)) records"
        return FileMistake(file: file, line: 8, message: "\(last) gives \(found) an hour; one can be read")
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
