import Devices
import FeederFile
import Grid
import LinearAlgebra
import Simulator
import TextFile
import UnbalancedPowerFlow
import YAMLFile

/// `network: {case: FEEDER, limits: {…}}`, a feeder of three phases: an OpenDSS script or a folder of
/// three-phase tables. Its loads may be taken (`loads.from_case`), and its solar plants (`solar: {tilt: …,
/// azimuth: …}`, how their modules stand); its generators and storages are not: devices stand in their place.
struct FeederSection {
    /// The wires, windings and controls, without loads and inverters.
    let wires: Feeder
    let loads: [Feeder.Load]
    /// Solar plants that are taken, each with its device.
    private(set) var solar: [(kind: Solar, inverter: Feeder.Inverter)] = []
    let unbalanceLimit: Double
    let equivalent: FeederEquivalent
    /// Where the case is named.
    let field: Field
    let terminals: FeederTerminals
    /// Name and index of each bus.
    let buses: [(String, Int)]

    /// Whether `case` names a feeder and not a balanced network.
    static func isFeeder(_ name: String, _ folder: InputFolder) -> Bool {
        OpenDSSFile.isScript(name) || FeederFolder.isFeeder(at: folder.prefix + name)
    }

    init?(_ section: Mapping, _ folder: InputFolder) {
        let limits = section.required("limits")?.mapping { limits -> (ClosedRange<Double>, Double)? in
            let voltage = limits.required("voltage")?.range(.perUnitVoltage, in: Bounds(0...2))
            let unbalance = limits.quantity(
                "unbalance", .fraction, in: Bounds(0...1), default: ScenarioFeeder.usualUnbalanceLimit)
            guard let voltage, let unbalance else { return nil }
            return (voltage, unbalance)
        }
        let modules = section.optional("solar").map { $0.mapping(Self.modules) }
        guard let field = section.required("case"), let (whole, storages) = Self.load(field, folder),
            Self.isUsable(whole, field), let limits, modules.map({ $0 != nil }) ?? true,
            let point = Self.solve(whole, field)
        else { return nil }
        unbalanceLimit = limits.1
        self.field = field
        equivalent = Self.equivalent(of: whole, limits: limits.0, taps: point.taps)
        terminals = FeederTerminals(whole, point)
        buses = Self.names(whole)
        loads = whole.loads.filter { !$0.isGenerator }
        var wires = whole
        (wires.loads, wires.inverters) = ([], [])
        self.wires = wires
        if let (tilt, azimuth) = modules ?? nil {
            for (index, inverter) in whole.inverters.enumerated()
            where !storages.contains(index) && inverter.ratedActive > .zero {
                let kind = Solar(
                    capacity: inverter.ratedActive, inverterCapacity: Power(inverter.rating.value),
                    tilt: tilt, azimuth: azimuth)
                solar.append((kind, inverter))
            }
        }
        let left = whole.inverters.count - solar.count + whole.loads.count { $0.isGenerator }
        guard left > 0 else { return }
        let hint = modules == nil ? ", or 'solar: {tilt: …, azimuth: …}' to take solar plants" : ""
        field.warning(
            "\(left) generators, solar plants or storages of the feeder are not taken; write devices in their "
                + "place\(hint)")
    }

    /// A balanced network as three phases that are alike; `taps` and `capacitors` act in it.
    init?(_ network: Network, _ model: PhaseModel, _ buses: [(String, Int)], loads: [Feeder.Load]) {
        self.buses = buses
        let (whole, equivalent) = network.feeder(
            zeroSequence: model.zeroSequence, tapped: Set(model.taps.map(\.branch)))
        self.equivalent = equivalent
        wires = model.controlling(whole, equivalent)
        field = model.field
        unbalanceLimit = model.unbalanceLimit
        guard let point = Self.solve(wires, field) else { return nil }
        terminals = FeederTerminals(wires, point)
        self.loads = loads
    }

    /// The feeder with its own loads; nil, with the reason reported, where it has no solution.
    private static func solve(_ feeder: Feeder, _ field: Field) -> FeederPoint? {
        guard let solver = solver(feeder, field) else { return nil }
        let point = solver.solve()
        guard point.status.isSolved else {
            field.mistake("the feeder has no power flow solution with its own loads")
            return nil
        }
        return point
    }

    private static func solver(_ feeder: Feeder, _ field: Field) -> FeederPowerFlow? {
        do throws(FeederMistakes) {
            return try FeederPowerFlow(feeder: feeder)
        } catch {
            for mistake in error.all { field.mistake("\(mistake.name) \(mistake.kind.rawValue)") }
            return nil
        }
    }

    /// The feeder with one load or inverter for each device but the grid connection; nil, with the reason
    /// reported, where it cannot be solved.
    func scenarioFeeder(_ entries: [DeviceSection.Entry]) -> ScenarioFeeder? {
        let own = ScenarioFeeder(self, entries)
        return Self.solver(own.feeder, field) == nil ? nil : own
    }

    private static func equivalent(
        of feeder: Feeder, limits: ClosedRange<Double>, taps: [Double]
    ) -> FeederEquivalent {
        var equivalent = feeder.equivalent(limits: limits, taps: taps)
        var names: Set<String> = []
        for index in equivalent.network.branches.indices {
            let branch = equivalent.network.branches[index]
            let (from, to) = (feeder.buses[branch.from].name, feeder.buses[branch.to].name)
            equivalent.network.branches[index].name = freeName(
                branch.name.isEmpty ? "\(from)-\(to)" : branch.name, &names)
        }
        return equivalent
    }

    /// How the modules of the solar plants stand, degrees.
    private static func modules(_ section: Mapping) -> (tilt: Double, azimuth: Double)? {
        let tilt = section.quantity("tilt", .angle, in: Bounds(0...90))
        let azimuth = section.quantity("azimuth", .angle, in: Bounds(0...360))
        guard let tilt, let azimuth else { return nil }
        return (tilt, azimuth)
    }

    /// The names of the buses, as written and in small letters.
    private static func names(_ feeder: Feeder) -> [(String, Int)] {
        let names = feeder.buses.enumerated().map { ($1.name, $0) }
        let written = Set(names.map(\.0))
        return names + names.map { ($0.0.lowercased(), $0.1) }.filter { !written.contains($0.0) }
    }

    private static func load(_ field: Field, _ folder: InputFolder) -> (Feeder, storages: Set<Int>)? {
        guard let name = field.text else { return field.refuse("the name of a case file") }
        do throws(FileMistakes) {
            if OpenDSSFile.isScript(name) {
                guard field.fileBytes(in: folder) != nil else { return nil }
                let script = try OpenDSSFile.load(
                    path: folder.prefix + name, root: folder.prefix.isEmpty ? "." : folder.prefix)
                for file in script.files where file.hasPrefix(folder.prefix) {
                    _ = try? folder.read(String(file.dropFirst(folder.prefix.count)))
                }
                for warning in script.warnings.prefix(mostTold) { field.warning("\(warning)") }
                return (script.feeder, script.storages)
            }
            guard CaseSection.readTables(name, field, folder) else { return nil }
            let loaded = try FeederFolder.load(path: folder.prefix + name)
            for warning in loaded.warnings.prefix(mostTold) { field.warning("\(warning)") }
            return (loaded.network.feeder, [])
        } catch {
            field.collector.add(error.all)
            return nil
        }
    }

    /// Warnings of the feeder's files that are shown.
    private static let mostTold = 20

    private static func isUsable(_ feeder: Feeder, _ field: Field) -> Bool {
        guard feeder.sources.count == 1 else {
            field.mistake(
                "the feeder has \(feeder.sources.count) sources; a scenario has one source bus, that of the grid "
                    + "connection")
            return false
        }
        if let bus = feeder.buses.first(where: { !($0.nominalVoltage > .zero) }) {
            field.mistake("bus \(quoted(bus.name)) has no nominal voltage: nothing joins it to the source")
            return false
        }
        return true
    }
}

extension Feeder.Load {
    /// Whether it gives power.
    fileprivate var isGenerator: Bool { active.reduce(.zero, +) < .zero }
}

/// What devices can be joined to at each bus of a feeder.
struct FeederTerminals {
    /// Conductors with voltage.
    let conductors: [Set<Int>]
    /// Whether the bus is joined to earth or a neutral, so that a phase has a voltage of its own.
    let isEarthed: [Bool]
    /// The conductor to which the phases refer; 0 is earth.
    let neutrals: [Int]
    /// Whether the phases a and b are the two legs of a centre-tapped winding.
    let isSplitPhase: [Bool]

    init(_ feeder: Feeder, _ point: FeederPoint) {
        var live = feeder.buses.map { _ in Set<Int>() }
        var voltages: [Feeder.Node: Complex] = [:]
        for (node, voltage) in zip(feeder.nodes, point.voltage) where voltage != .zero {
            live[node.bus].insert(node.conductor)
            voltages[node] = voltage
        }
        conductors = live
        isSplitPhase = feeder.buses.indices.map { bus in
            guard let a = voltages[Feeder.Node(bus: bus, conductor: 1)],
                let b = voltages[Feeder.Node(bus: bus, conductor: 2)]
            else { return false }
            return live[bus].isDisjoint(with: [3]) && (a - b).magnitude > 0.94 * (a.magnitude + b.magnitude)
        }
        isEarthed = feeder.earthedBuses
        neutrals = ScenarioFeeder.neutrals(of: feeder)
    }
}
