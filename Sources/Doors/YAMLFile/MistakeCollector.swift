public import TextFile

/// Collects the errors and warnings found while a file and the tables beside it are read. A class, because
/// all readers of one file write into the same collection.
public final class MistakeCollector {
    /// The file that is read, as the caller named it.
    public let file: String
    private var mistakes: [FileMistake] = []
    /// What was reported already: a table that two devices share reports its mistakes once.
    private var known: Set<FileMistake> = []

    /// An empty collection for `file`.
    public init(file: String) {
        self.file = file
    }

    /// True if an error was reported; warnings do not count.
    public private(set) var hasErrors = false

    /// False after the first twenty mistakes: to search for the name that was meant takes long where there
    /// are many names, and who has misspelt hundreds has seen by then what is wrong.
    var wantsHints: Bool { mistakes.count < 20 }

    /// Reports an error at `mark` of the file; `path` is that of the field, empty if no single field is
    /// meant.
    public func error(_ mark: Mark, _ path: String, _ message: String) {
        add(.error, file, mark, path, message)
    }

    /// Takes the mistakes that the reader of another file found.
    public func add(_ mistakes: [FileMistake]) {
        for mistake in mistakes where known.insert(mistake).inserted {
            self.mistakes.append(mistake)
            if mistake.severity == .error { hasErrors = true }
        }
    }

    func add(
        _ severity: FileMistake.Severity, _ file: String, _ mark: Mark, _ path: String, _ message: String
    ) {
        let shown = path.count > 300 ? path.prefix(300) + "…" : path[...]
        add([
            FileMistake(
                severity: severity, file: file, line: mark.line, column: mark.column,
                message: path.isEmpty ? message : "\(shown): \(message)")
        ])
    }

    /// All mistakes: those of the file itself first, then those of the other files in the order in which they
    /// were read; within a file by line and column.
    public var sorted: [FileMistake] {
        var rank: [String: Int] = [file: 0]
        for mistake in mistakes where rank[mistake.file] == nil { rank[mistake.file] = rank.count }
        func key(_ index: Int) -> (Int, Int, Int, Int) {
            (rank[mistakes[index].file]!, mistakes[index].line, mistakes[index].column, index)
        }
        return mistakes.indices.sorted { key($0) < key($1) }.map { mistakes[$0] }
    }
}
