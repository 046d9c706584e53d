public import TextFile

/// All errors of a scenario at once, and the warnings found with them.
public struct ScenarioMistakes: Error, Hashable, Sendable, CustomStringConvertible {
    /// Those of the scenario file first; within a file by line and column.
    public let mistakes: [FileMistake]

    /// One line for each of the first sixty mistakes, then the number of all errors.
    public var description: String { FileMistake.list(mistakes) }
}
