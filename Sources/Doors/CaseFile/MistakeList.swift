import TextFile

/// The mistakes of one file and what else its author should know: of each the first 40 with their places, the
/// others as a number.
struct MistakeList {
    let file: String
    private(set) var count = 0
    private(set) var all: [FileMistake] = []
    private var warningCount = 0
    private var listedWarnings: [FileMistake] = []
    private static let most = 40
    private var assumed: [String: (message: String, others: Int)] = [:]

    init(file: String) { self.file = file }

    /// Adds an error; `place` is computed only if the mistake is among the first 40.
    mutating func add(_ message: String, at place: @autoclosure () -> (line: Int, column: Int) = (0, 0)) {
        count += 1
        guard count <= Self.most else { return }
        let (line, column) = place()
        all.append(FileMistake(file: file, line: line, column: column, message: message))
    }

    /// Adds a warning; `place` is computed only if it is among the first 40.
    mutating func warn(_ message: String, at place: @autoclosure () -> (line: Int, column: Int) = (0, 0)) {
        warningCount += 1
        guard warningCount <= Self.most else { return }
        let (line, column) = place()
        listedWarnings.append(
            FileMistake(severity: .warning, file: file, line: line, column: column, message: message))
    }

    /// The warnings, the number of those beyond the first 40 last.
    var warnings: [FileMistake] {
        guard warningCount > Self.most else { return listedWarnings }
        let message = "and \(warningCount - Self.most) more"
        return listedWarnings + [FileMistake(severity: .warning, file: file, message: message)]
    }

    /// The errors, the number of those beyond the first 40 last.
    var errors: [FileMistake] {
        guard count > Self.most else { return all }
        return all + [FileMistake(file: file, line: Int.max, message: "and \(count - Self.most) more")]
    }

    /// Counts a value that is empty and was assumed; `warnOfAssumed` tells of it, once for each `key`.
    mutating func assume(_ key: String, _ message: @autoclosure () -> String) {
        if let found = assumed[key] {
            assumed[key] = (found.message, found.others + 1)
        } else {
            assumed[key] = (message(), 0)
        }
    }

    /// Warns of what was assumed, in the order of the keys.
    mutating func warnOfAssumed() {
        for (_, found) in assumed.sorted(by: { $0.key < $1.key }) {
            warn(found.message + (found.others == 0 ? "" : " (and \(found.others) more rows)"))
        }
        assumed = [:]
    }

    /// Throws the errors, if there are any.
    func check() throws(FileMistakes) {
        guard count > 0 else { return }
        throw FileMistakes(errors)
    }
}

/// Line and column of the byte at `offset`, both from 1, the column in characters.
func lineAndColumn(of offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> (line: Int, column: Int) {
    var (line, start) = (1, 0)
    for at in 0..<min(offset, bytes.count) {
        let isReturn = bytes[at] == 13 && (at + 1 == bytes.count || bytes[at + 1] != 10)
        if bytes[at] == 10 || isReturn {
            line += 1
            start = at + 1
        }
    }
    let column = bytes[start..<max(start, min(offset, bytes.count))].count { $0 & 0xC0 != 0x80 }
    return (line, column + 1)
}
