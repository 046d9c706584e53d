public import Grid
public import TextFile

/// A feeder as the tables that `FeederFolder` reads.
public struct FeederTables: Hashable, Sendable {
    /// A table.
    public struct File: Hashable, Sendable {
        /// Such as `line.csv`.
        public let name: String
        /// Its text.
        public let text: String
    }

    /// The tables that have rows.
    public let files: [File]
    /// What the tables do not hold although they can be used.
    public let warnings: [FileMistake]

    /// Writes a feeder as tables. The impedance of its source is a line, and that of a regulator a line
    /// before it; several loads of a bus keep their names, and capacitors of a bus are added up.
    ///
    /// The tables know sources of three equal voltages, lines between the same phases of two buses,
    /// transformers of two windings of the six vector groups at nominal ratio, regulators of 32 steps of 5/8
    /// %, loads of constant power, current and impedance, and capacitors.
    /// - Parameter name: of the feeder, in mistakes.
    /// - Throws: everything that is something else, at once.
    public init(_ feeder: Feeder, name: String) throws(FileMistakes) {
        var writer = FeederTableWriter(feeder, name)
        writer.write()
        guard writer.mistakes.isEmpty else { throw FileMistakes(writer.mistakes) }
        files = FeederFolder.tables.compactMap { table in
            guard let rows = writer.rows[table] else { return nil }
            let lines = [FeederTableWriter.columns(of: table)] + rows
            let text = lines.map { $0.map(Self.cell).joined(separator: ",") + "\n" }.joined()
            return File(name: "\(table).csv", text: text)
        }
        warnings = writer.warnings
    }

    private static func cell(_ text: String) -> String {
        let isPlain = !text.contains { [",", "\"", "\n", "\r"].contains($0) }
        return isPlain ? text : "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
