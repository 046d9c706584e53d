import TextFile

/// Collects everything that is wrong while a scenario is read. A class, so that every reader writes into one.
final class Report {
    /// The scenario file, as the caller named it.
    let file: String
    private(set) var mistakes: [FileMistake] = []
    /// A table that two devices share is told once.
    private var known: Set<FileMistake> = []

    init(file: String) {
        self.file = file
    }

    var hasErrors: Bool { mistakes.contains { $0.severity == .error } }

    /// `path` is the field's, `devices.standby.ramp`; empty where no one field is meant.
    func error(_ mark: Mark, _ path: String, _ message: String) {
        add(.error, mark, path, message)
    }

    func warning(_ mark: Mark, _ path: String, _ message: String) {
        add(.warning, mark, path, message)
    }

    /// What another file's reader found.
    func add(_ mistakes: [FileMistake]) {
        for mistake in mistakes where known.insert(mistake).inserted { self.mistakes.append(mistake) }
    }

    private func add(_ severity: FileMistake.Severity, _ mark: Mark, _ path: String, _ message: String) {
        add([
            FileMistake(
                severity: severity, file: file, line: mark.line, column: mark.column,
                message: path.isEmpty ? message : "\(shown(path)): \(message)")
        ])
    }

    /// The scenario file's first, then the others' in the order in which they were read; each by line and
    /// column.
    var sorted: [FileMistake] {
        var rank: [String: Int] = [file: 0]
        for mistake in mistakes where rank[mistake.file] == nil { rank[mistake.file] = rank.count }
        func key(_ index: Int) -> (Int, Int, Int, Int) {
            (rank[mistakes[index].file]!, mistakes[index].line, mistakes[index].column, index)
        }
        return mistakes.indices.sorted { key($0) < key($1) }.map { mistakes[$0] }
    }
}

/// `text` in quotes, cut short, with nothing in it that could disturb a terminal.
func quoted(_ text: some StringProtocol) -> String {
    "'\(shown(text, atMost: 60))'"
}

private func shown(_ text: some StringProtocol, atMost most: Int = 300) -> String {
    let shown = text.unicodeScalars.prefix(most).map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
    return shown.joined() + (text.unicodeScalars.count > most ? "…" : "")
}
