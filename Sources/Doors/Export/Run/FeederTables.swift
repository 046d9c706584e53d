import Grid
import Simulator

/// The CSV files that only a run on a feeder of three phases has.
struct FeederTables {
    private let voltages: TableWriter
    private let unbalance: TableWriter
    /// Empty where no line has a neutral.
    private let neutrals: [TableWriter]
    /// Empty where there are no controls.
    private let controls: [TableWriter]

    /// Nil where the network is balanced.
    init?(_ scenario: Scenario, in directory: String) throws(ExportError) {
        guard let feeder = scenario.feeder else { return nil }
        voltages = try TableWriter(Self.voltages(feeder), in: directory)
        unbalance = try TableWriter(Self.unbalance(feeder), in: directory)
        neutrals = try Self.neutrals(feeder).map { table throws(ExportError) in
            try TableWriter(table, in: directory)
        }
        controls = try Self.controls(feeder).map { table throws(ExportError) in
            try TableWriter(table, in: directory)
        }
    }

    /// All of them, open for a row a step.
    var writers: [TableWriter] { [voltages, unbalance] + neutrals + controls }

    /// All tables for `scenario`; none where the network is balanced.
    static func all(for scenario: Scenario) -> [Table] {
        guard let feeder = scenario.feeder else { return [] }
        return [voltages(feeder), unbalance(feeder)] + neutrals(feeder) + controls(feeder)
    }

    private static func voltages(_ own: ScenarioFeeder) -> Table {
        Table(
            name: "phase_voltage",
            title:
                "Voltage magnitude of every phase against the neutral or earth; between phases where there is none",
            fields: own.phases.map {
                let (bus, phase) = (own.feeder.buses[$0.bus].name, $0.pair.name)
                return .init(
                    "bus-\(bus)-\(phase)_pu", .number,
                    "|V| of phase \(phase) at bus \(bus), fraction of nominal",
                    unit: "1", decimals: 6)
            })
    }

    private static func unbalance(_ own: ScenarioFeeder) -> Table {
        Table(
            name: "unbalance", title: "Negative- over positive-sequence voltage of every bus of three phases",
            fields: own.threePhaseBuses.map {
                let bus = own.feeder.buses[$0].name
                return .init("bus-\(bus)_percent", .number, "Unbalance at bus \(bus)", unit: "%", decimals: 4)
            })
    }

    private static func neutrals(_ own: ScenarioFeeder) -> [Table] {
        guard !own.neutralLines.isEmpty else { return [] }
        return [
            Table(
                name: "neutral_current", title: "Current in the neutral of every line that has one",
                fields: own.neutralLines.map {
                    let line = own.feeder.lines[$0].name
                    return .init("\(line)_a", .number, "Neutral current of line \(line)", unit: "A")
                })
        ]
    }

    private static func controls(_ own: ScenarioFeeder) -> [Table] {
        guard !own.controlNames.isEmpty else { return [] }
        let count = own.feeder.tapControls.count
        let taps = own.controlNames.prefix(count).map {
            Table.Field("\($0)_tap", .integer, "Steps of \($0) from the middle of its range", unit: "1")
        }
        let shunts = own.controlNames.dropFirst(count).map {
            Table.Field("\($0)_closed", .integer, "Closed steps of the shunt of \($0)", unit: "1")
        }
        return [
            Table(
                name: "feeder_control", title: "Taps and switched shunts at the end of the interval",
                fields: taps + shunts)
        ]
    }

    /// What is not known, because no solution was found, stays empty.
    func write(_ record: Record) {
        guard let step = record.feeder else { return }
        let unknown = record.point.status.isSolved ? 0 : Double.nan
        for value in step.voltage { voltages.append(value + unknown) }
        for value in step.unbalance { unbalance.append(100 * value + unknown) }
        for writer in neutrals { for value in step.neutralCurrent { writer.append(value + unknown) } }
        for writer in controls { for position in step.positions { writer.append(position) } }
    }
}
