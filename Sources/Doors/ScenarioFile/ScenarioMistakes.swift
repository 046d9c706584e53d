public import TextFile

/// Everything that is wrong with a scenario, at once: errors, and the warnings met on the way.
public struct ScenarioMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    /// The scenario file's first, each file's by line and column.
    public let mistakes: [FileMistake]

    /// One line a mistake, then how many errors there are.
    public var description: String {
        let errors = mistakes.count { $0.severity == .error }
        let count = errors == 1 ? "1 error" : "\(errors) errors"
        return (mistakes.map(\.description) + [count]).joined(separator: "\n")
    }
}
