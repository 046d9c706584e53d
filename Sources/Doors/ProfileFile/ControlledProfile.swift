public import CaseFile
public import Grid
public import Lanes
import PowerFlow
public import TextFile

/// The powers of a case with controls over many steps, those of the controlled inverters apart.
public struct ControlledProfile: Hashable, Sendable {
    /// One label a step, from the column `time` or `step`; without such a column the step's number from 0.
    public let labels: [String]
    /// The name of that column; `step` if there is none.
    public let labelName: String
    /// A row a bus, W, positive into the network, at nominal voltage, without controlled inverters.
    public let active: StepTable
    /// A row a bus, var, as `active`.
    public let reactive: StepTable
    /// A row an inverter, W it could give.
    public let available: StepTable
    /// What the author should know although the file can be used.
    public let warnings: [FileMistake]

    /// Where the powers come from.
    public enum Source: Hashable, Sendable {
        /// One step with the powers of the case.
        case state
        /// A file, as `ProfileFile` reads it.
        case file(path: String)
        /// The profiles of the case itself.
        case own(CaseProfiles)
    }

    /// Reads the powers. A column, or a profile, of an inverter's generator is the power it could give.
    public static func read(
        _ source: Source, for networkCase: NetworkCase, _ controls: CaseControls
    ) throws(FileMistakes) -> ControlledProfile {
        let separated = controls.separated(networkCase)
        switch source {
        case .state: return ControlledProfile(separated, buses: networkCase.network.buses.count)
        case .file(let path):
            let profile = try ProfileFile.read(path: path, for: separated)
            return try ControlledProfile(profile, path, networkCase, controls)
        case .own(let profiles):
            let profile = try Profile(profiles, of: separated)
            return try ControlledProfile(profile, networkCase.name, networkCase, controls)
        }
    }

    private init(_ separated: NetworkCase, buses: Int) {
        let injections = separated.injections
        (labels, labelName, warnings) = (["0"], "step", [])
        active = StepTable(step: injections.active.prefix(buses).map(\.value))
        reactive = StepTable(step: injections.reactive.prefix(buses).map(\.value))
        available = StepTable(step: injections.active.dropFirst(buses).map { max(0, $0.value) })
    }

    private init(
        _ profile: Profile, _ path: String, _ networkCase: NetworkCase, _ controls: CaseControls
    ) throws(FileMistakes) {
        let (buses, steps) = (networkCase.network.buses.count, profile.labels.count)
        var mistakes: [FileMistake] = []
        for (index, generator) in controls.generators.enumerated() {
            let name = networkCase.generators[generator].name
            if (0..<steps).contains(where: { profile.series.reactive[buses + index, $0] != 0 }) {
                mistakes.append(
                    FileMistake(
                        file: path,
                        message: "the reactive power of \(name) follows from its curve, not from a column"))
            }
            if let step = (0..<steps).first(where: { profile.series.active[buses + index, $0] < 0 }) {
                mistakes.append(
                    FileMistake(
                        file: path,
                        message: "\(name) is an inverter and cannot take power, as in the row "
                            + "'\(profile.labels[step].prefix(40))'"))
            }
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        (labels, labelName, warnings) = (profile.labels, profile.labelName, profile.warnings)
        active = StepTable(profile.series.active, rows: 0..<buses)
        reactive = StepTable(profile.series.reactive, rows: 0..<buses)
        available = StepTable(profile.series.active, rows: buses..<buses + controls.generators.count)
    }
}

extension StepTable {
    /// One step.
    fileprivate init(step values: [Double]) {
        self.init(rows: values.count, steps: 1)
        for (row, value) in values.enumerated() { self[row, 0] = value }
    }

    /// Some rows of `table`.
    fileprivate init(_ table: StepTable, rows part: Range<Int>) {
        self.init(rows: part.count, steps: table.steps)
        for step in 0..<steps {
            for row in part { self[row - part.lowerBound, step] = table[row, step] }
        }
    }
}
