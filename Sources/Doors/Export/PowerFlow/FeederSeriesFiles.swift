/// Where a series of a feeder, or of a network with controls, is written: a new directory, which appears
/// whole or not at all. A step at a time; nothing of a step is kept.
public final class FeederSeriesFiles {
    private let directory: RunDirectory
    private let voltages: ByteSink
    private let steps: ByteSink
    private let fraction = FixedDecimal(decimals: 6)
    private let power = FixedDecimal(decimals: 6)

    /// One step.
    public struct Step {
        /// What the row is called.
        public var label: String
        /// How the solution ended.
        public var status: String
        /// Whether there are values.
        public var isSolved: Bool
        /// |V| of every node, per unit of nominal.
        public var voltages: [Double]
        /// Given by the sources, kW and kvar; lost in lines and transformers, kW; then the further ones.
        public var powers: [Double]
        /// Position of each control.
        public var positions: [Int]

        /// A step.
        public init(
            label: String, status: String, isSolved: Bool, voltages: [Double], powers: [Double],
            positions: [Int]
        ) {
            self.label = label
            self.status = status
            self.isSolved = isSolved
            self.voltages = voltages
            self.powers = powers
            self.positions = positions
        }
    }

    /// A new directory at `path` for the voltages of `nodes`, `further` powers with their unit and the
    /// positions of `controls`. Throws, before anything is solved, where it cannot be made.
    public init(
        at path: String, label: String, nodes: [String], further: [String] = [], controls: [String]
    ) throws(ExportError) {
        directory = try RunDirectory(at: path)
        voltages = try ByteSink("voltages.csv", in: directory.staging)
        steps = try ByteSink("steps.csv", in: directory.staging)
        Self.head([label, "status"] + nodes.map { "\($0)_pu" }, voltages)
        Self.head([label, "status", "source_kw", "source_kvar", "losses_kw"] + further + controls, steps)
    }

    private static func head(_ names: [String], _ sink: ByteSink) {
        sink.append(names.map { CSVText.cell($0) }.joined(separator: ",").utf8)
        sink.append(byte: 10)
    }

    /// Adds a row to both files; without values where there is no solution.
    public func append(_ step: Step) throws(ExportError) {
        let start = "\(CSVText.cell(step.label)),\(step.status)"
        voltages.append(start.utf8)
        for voltage in step.voltages {
            voltages.append(byte: 44)
            if step.isSolved { voltages.append(voltage, fraction) }
        }
        voltages.append(byte: 10)
        steps.append(start.utf8)
        for value in step.powers {
            steps.append(byte: 44)
            if step.isSolved { steps.append(value, power) }
        }
        for position in step.positions {
            steps.append(byte: 44)
            steps.append(position)
        }
        steps.append(byte: 10)
        try voltages.check()
        try steps.check()
    }

    /// Gives the directory its name.
    public func publish() throws(ExportError) {
        try voltages.close()
        try steps.close()
        try directory.publish()
    }
}
