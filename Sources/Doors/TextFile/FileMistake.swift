/// A mistake in a file, with its place.
public struct FileMistake: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whether the file can still be used.
    public enum Severity: String, Hashable, Sendable {
        /// The file cannot be used.
        case error
        /// The file can be used, but the author should know.
        case warning
    }

    /// Whether the file can still be used.
    public let severity: Severity
    /// The file, as the caller named it.
    public let file: String
    /// Line from 1; 0 means the whole file, `Int.max` what stands behind all lines.
    public let line: Int
    /// Column from 1, in characters; 0 means the whole line.
    public let column: Int
    /// What was found, what is allowed, and what to write.
    public let message: String

    /// A mistake at a place; by default an error of the whole file.
    public init(
        severity: Severity = .error, file: String, line: Int = 0, column: Int = 0, message: String
    ) {
        self.severity = severity
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    /// The mistake in one line: `load.csv:12:7: error: load_kw: '3,5' is not a number`. Invisible characters
    /// of the file are written as `\u{…}`.
    public var description: String {
        let place =
            line == 0 || line == .max ? file : column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
        return visible("\(place): \(severity.rawValue): \(message)")
    }
}

/// All mistakes of one or several files, thrown at once.
public struct FileMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mistakes, by file, line and column.
    public let all: [FileMistake]

    /// Sorts `mistakes`, of which there must be at least one.
    public init(_ mistakes: [FileMistake]) {
        precondition(!mistakes.isEmpty)
        all = mistakes.sorted { ($0.file, $0.line, $0.column) < ($1.file, $1.line, $1.column) }
    }

    /// One line for each of the first sixty mistakes, then the number of all errors.
    public var description: String { FileMistake.list(all) }
}

extension FileMistake {
    /// One line for each of the first sixty of `mistakes`, how many more there are, and the number of errors
    /// if there are any.
    public static func list(_ mistakes: [FileMistake]) -> String {
        let shown = mistakes.prefix(60).map(\.description)
        let more = mistakes.count > shown.count ? ["and \(mistakes.count - shown.count) more"] : []
        let errors = mistakes.count { $0.severity == .error }
        let count = errors == 0 ? [] : [errors == 1 ? "1 error" : "\(errors) errors"]
        return (shown + more + count).joined(separator: "\n")
    }
}

/// Adds mistakes of one kind to a list: the first ten in full, the others as a number.
public struct MistakeTally: Sendable {
    private var count = 0
    private var last: FileMistake?

    /// A tally without mistakes.
    public init() {}

    /// Counts `mistake`, and adds it to `mistakes` if it is among the first ten.
    public mutating func add(_ mistake: FileMistake, to mistakes: inout [FileMistake]) {
        count += 1
        last = mistake
        if count <= 10 { mistakes.append(mistake) }
    }

    /// Adds the number of the mistakes after the first ten.
    public func close(_ mistakes: inout [FileMistake]) {
        guard count > 10, let last else { return }
        mistakes.append(
            FileMistake(
                file: last.file, line: last.line, message: "and \(count - 10) more like these up to here"))
    }
}
