/// What is wrong in a file, and where: the author can act on it.
public struct FileMistake: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Severity: String, Hashable, Sendable {
        case error, warning
    }

    public let severity: Severity
    public let file: String
    /// Counted from 1; 0 when the whole file is meant.
    public let line: Int
    /// In characters, counted from 1; 0 when the whole line is meant.
    public let column: Int
    /// What was found and what is allowed.
    public let message: String

    public init(
        severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, message: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// `load.csv:12:7: error: load_kw: '3,5' is not a number`
    public var description: String {
        let place = line == 0 ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
        return "\(place): \(severity.rawValue): \(message)"
    }
}

/// All that is wrong at once, in the order of the files' lines.
public struct FileMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    public let all: [FileMistake]

    public init(_ mistakes: [FileMistake]) {
        precondition(!mistakes.isEmpty)
        all = mistakes.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
    }

    public var description: String {
        let count = all.count == 1 ? "1 error" : "\(all.count) errors"
        return (all.map(\.description) + [count]).joined(separator: "\n")
    }
}

/// Adds a mistake a call, the first ten of one kind in full and the rest as a number.
public struct MistakeTally: Sendable {
    private var count = 0
    private var last: FileMistake?

    public init() {}

    public mutating func add(_ mistake: FileMistake, to mistakes: inout [FileMistake]) {
        count += 1
        last = mistake
        if count <= 10 { mistakes.append(mistake) }
    }

    public func close(_ mistakes: inout [FileMistake]) {
        guard count > 10, let last else { return }
        mistakes.append(
            FileMistake(
                file: last.file, line: last.line, message: "and \(count - 10) more like these up to here"))
    }
}
