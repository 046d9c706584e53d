public import Grid
public import TextFile

/// A balanced network as the sections and tables of a scenario: `network.yaml` with the sections `network`
/// and `loads`, `branches.csv` and `loads.csv`.
public struct NetworkTables: Hashable, Sendable {
    /// A file.
    public struct File: Hashable, Sendable {
        /// Such as `branches.csv`.
        public let name: String
        /// Its text.
        public let text: String
    }

    /// The files.
    public let files: [File]
    /// What they do not hold although they can be used.
    public let warnings: [FileMistake]

    /// Writes the closed branches and the loads of a case with one source and one nominal voltage. Loads that
    /// depend on voltage are written as constant power, and generators not at all; warnings say so.
    /// - Parameter shape: name of the shape of all loads, which the scenario's table of shapes must have.
    /// - Throws: everything that these tables cannot hold, at once.
    public init(_ networkCase: NetworkCase, shape: String) throws(FileMistakes) {
        var writer = NetworkTableWriter(networkCase)
        writer.check()
        guard writer.mistakes.isEmpty else { throw FileMistakes(writer.mistakes) }
        files = [
            File(name: "network.yaml", text: writer.sections),
            File(name: "branches.csv", text: writer.branches),
            File(name: "loads.csv", text: writer.loads(shape)),
        ]
        warnings = writer.warnings
    }
}

private struct NetworkTableWriter {
    private let networkCase: NetworkCase
    private let network: Network
    private(set) var mistakes: [FileMistake] = []
    private(set) var warnings: [FileMistake] = []

    init(_ networkCase: NetworkCase) {
        self.networkCase = networkCase
        network = networkCase.network
    }

    private mutating func refuse(_ message: String) {
        mistakes.append(FileMistake(file: networkCase.name, message: message))
    }

    private mutating func warn(_ message: String) {
        warnings.append(FileMistake(severity: .warning, file: networkCase.name, message: message))
    }

    private static let advice = "; name the file itself, 'network: {case: FILE}'"

    mutating func check() {
        if network.sources.count != 1 {
            refuse("the case has \(network.sources.count) sources, a scenario one")
        }
        let voltages = Set(network.buses.map(\.nominalVoltage.value))
        if voltages.count > 1 {
            refuse(
                "the case has \(voltages.count) nominal voltages, the tables of a scenario one\(Self.advice)")
        }
        for bus in network.buses where !isBusName(bus.name) {
            refuse(
                "bus '\(bus.name.prefix(60))': a name has letters, digits, '-', '_' and '.', at most 64\(Self.advice)"
            )
        }
        if network.buses.contains(where: { $0.shuntConductance != 0 || $0.shuntSusceptance != 0 }) {
            refuse("the case has shunts at buses, the tables of a scenario none\(Self.advice)")
        }
        for branch in network.branches where branch.isClosed {
            let isPlain =
                branch.shuntConductance == 0 && branch.phaseShift == 0 && branch.charging >= 0
                && branch.resistance >= .zero && (0.5...2).contains(branch.ratio)
            if !isPlain {
                refuse(
                    "branch \(branch.name): the tables of a scenario hold no shift of phase, no conductance to earth "
                        + "and no negative values\(Self.advice)")
            }
        }
        let generators = networkCase.generators.count {
            $0.isConnected && $0.bus != network.sources.first?.bus
        }
        if generators > 0 { warn("\(generators) generators are not written; devices stand in their place") }
        if networkCase.loads.contains(where: { $0.constantCurrent != 0 || $0.constantImpedance != 0 }) {
            warn("loads that depend on the voltage are written as constant power")
        }
        let open = network.branches.count { !$0.isClosed }
        if open > 0 { warn("\(open) open branches are left out") }
    }

    var sections: String {
        // Those that all buses have in common; of the source many cases fix the voltage.
        let limits = network.buses.indices.filter { $0 != network.source }.map { network.buses[$0].limits }
        var lower = limits.map(\.lowerBound).max() ?? 0.9
        var upper = limits.map(\.upperBound).min() ?? 1.1
        if lower >= upper { (lower, upper) = (0.9, 1.1) }
        return """
            network:
              nominal_voltage: \(network.buses[0].nominalVoltage.value) V
              source: {bus: \(network.buses[network.source].name), voltage: \(network.sourceVoltage) pu}
              branches: branches.csv
              limits: {voltage: \(lower)..\(upper) pu}
            loads:
              table: loads.csv

            """
    }

    var branches: String {
        var names: Set<String> = []
        let rows = network.branches.filter(\.isClosed).map { branch in
            let ends = [network.buses[branch.from].name, network.buses[branch.to].name]
            let usual = ends.joined(separator: "-")
            let name = freeName(isBusName(branch.name) ? branch.name : usual, &names)
            // Of a branch with a rating in VA alone, the current at nominal voltage.
            let nominal = network.buses[branch.from].nominalVoltage.value * 3.0.squareRoot()
            let ampacity = branch.ampacity?.value ?? branch.rating.map { $0.value / nominal }
            return ends + [
                name, "\(branch.resistance.value)", "\(branch.reactance.value)",
                ampacity.map { "\($0)" } ?? "",
                "\(branch.charging * 1e6)", "\(branch.ratio)",
            ]
        }
        let head = [
            "from", "to", "name", "resistance_ohm", "reactance_ohm", "ampacity_a", "charging_us", "ratio",
        ]
        return ([head] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    }

    func loads(_ shape: String) -> String {
        var names: Set<String> = []
        let rows = networkCase.loads.filter { $0.isConnected && $0.active > .zero }.map { load in
            let bus = network.buses[load.bus].name
            let name = freeName(Self.kebab(load.name) ?? Self.kebab("load-\(bus)") ?? "load", &names)
            return "\(name),\(bus),\(load.active.kilowatts),\(load.reactive.kilovars),\(shape)\n"
        }
        return "name,bus,active_kw,reactive_kvar,shape\n" + rows.joined()
    }

    /// The text with hyphens for what a name may not have; nil where it does not begin with a letter.
    private static func kebab(_ text: String) -> String? {
        let words = text.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let name = words.joined(separator: "-").prefix(60)
        return name.first.map { $0.isLetter } ?? false ? String(name) : nil
    }
}
