public import TextFile

/// All errors of a scenario at once, and the warnings found with them.
public struct ScenarioMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    /// Those of the scenario file first; within a file by line and column.
    public let mistakes: [FileMistake]

    /// One line a mistake, then the number of errors.
    public var description: String {
        let errors = mistakes.count { $0.severity == .error }
        let count = errors == 1 ? "1 error" : "\(errors) errors"
        return (mistakes.map(\.description) + [count]).joined(separator: "\n")
    }
}
