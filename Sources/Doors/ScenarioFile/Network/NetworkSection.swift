import Grid
import TextFile
import YAMLFile

/// The section `network`. The buses are the names in its branches: the source bus first, the others in the
/// order of their first appearance. `none` is a single bus.
struct NetworkSection {
    private(set) var network: Network?
    /// Whether there is no data of a network: all devices are at one bus.
    private(set) var isNone = false
    /// Loads of a case file.
    private(set) var loads: [CaseLoad] = []
    /// Whether the network is a feeder of three phases, also if it could not be read.
    private(set) var isFeeder = false
    /// The feeder of three phases; nil where the network is balanced.
    private(set) var feeder: FeederSection?
    /// The case file that is the network.
    private(set) var caseFile: CaseSection?
    /// Losses of a network without data, as a fraction of what the loads take.
    private(set) var lossShare = 0.0
    /// Name and index of each bus, also if another part of the network is wrong.
    private(set) var buses: [(String, Int)] = []
    /// Where the source bus is named.
    private(set) var source: Field?

    /// Name of the only bus of a network without data.
    private static let site = "site"
    /// Nominal voltage of that bus, V: no result depends on it.
    private static let anyVoltage = 400.0

    init(_ root: Mapping, _ folder: InputFolder) {
        let field = root.required("network")
        if let field, field.text == "none" || field.text(at: "model") == "none" {
            isNone = true
            lossShare = Self.lossShare(field) ?? 0
            buses = [(Self.site, 0)]
            network = Network(
                buses: [Bus(name: Self.site, nominalVoltage: Voltage(Self.anyVoltage), limits: 0...2)],
                branches: [], source: 0, sourceVoltage: 1)
            return
        }
        if let field, let name = field.text(at: "case"), FeederSection.isFeeder(name, folder) {
            take(field.mapping { FeederSection($0, folder) })
            return
        }
        var phases: PhaseModel.Written?
        isFeeder = field?.text(at: "model") == "phases"
        if let field, field.text(at: "case") != nil {
            let read = field.mapping { section -> CaseSection? in
                if isFeeder { phases = PhaseModel.written(section) }
                return CaseSection(section, folder)
            }
            (network, buses) = (read?.network, read?.buses ?? [])
            loads = (read?.loads ?? []).map(CaseLoad.init)
            standOnPhases(phases, (read?.loads ?? []).compactMap { read?.network.load($0) })
            caseFile = read
            return
        }
        var (buses, source): ([(String, Int)], Field?) = ([], nil)
        network = field?.mapping { section in
            _ = section.optional("model")?.choice(
                "a model of the network", [("none", 0), ("branches", 1), ("phases", 2)])
            if isFeeder { phases = PhaseModel.written(section) }
            let nominal = section.quantity("nominal_voltage", .voltage, in: Bounds(1...1e6))
            let feed = section.required("source")?.mapping { feed -> (String, Double)? in
                source = feed.required("bus")
                let bus = source?.busName()
                let voltage = feed.quantity("voltage", .perUnitVoltage, in: Bounds(0.5...1.5))
                guard let bus, let voltage else { return nil }
                return (bus, voltage)
            }
            let branches = section.required("branches")
            let lines = branches.flatMap { WrittenBranch.read($0, folder) }
            let limits = section.required("limits")?.mapping {
                $0.required("voltage")?.range(.perUnitVoltage, in: Bounds(0...2))
            }
            guard let branches, let lines else { return nil }
            let names = Self.busNames(source: source?.text, lines)
            buses = names.enumerated().map { ($1, $0) }
            guard let nominal, let feed, let limits else { return nil }
            for line in lines { line.warnOfImplausible(nominal: nominal) }
            return Self.network(
                lines, buses: names.map { Bus(name: $0, nominalVoltage: Voltage(nominal), limits: limits) },
                sourceVoltage: feed.1, branches)
        }
        (self.buses, self.source) = (buses, source)
        standOnPhases(phases, [])
    }

    /// Takes a feeder over; nil if it could not be read.
    private mutating func take(_ read: FeederSection?) {
        (isFeeder, feeder) = (true, read)
        network = read?.equivalent.network
        buses = read?.buses ?? []
        loads = (read?.loads ?? []).map(CaseLoad.init)
    }

    /// Makes a feeder of three phases of the network where `model: phases` says so.
    private mutating func standOnPhases(_ written: PhaseModel.Written?, _ ofCase: [Feeder.Load]) {
        guard isFeeder, let network, let written, let model = PhaseModel(written, network, buses) else {
            return
        }
        let closed = network.branches.filter(\.isClosed)
        if closed.count >= network.buses.count, closed.contains(where: { $0.phaseShift != 0 }) {
            model.field.mistake(
                "phase shifts of transformers in loops are not expressed by 'model: phases'; leave it out")
            return
        }
        feeder = FeederSection(network, model, buses, loads: ofCase)
        if feeder == nil { self.network = nil } else { loads = ofCase.map(CaseLoad.init) }
    }

    /// `network: {model: none, losses: 4 %}`.
    private static func lossShare(_ field: Field) -> Double? {
        guard field.text == nil else { return 0 }
        return field.mapping { section in
            _ = section.optional("model")
            return section.quantity("losses", .fraction, in: Bounds(0...0.5), default: 0)
        }
    }

    private static func busNames(source: String?, _ lines: [WrittenBranch]) -> [String] {
        var seen: Set<String> = []
        return ([source].compactMap(\.self) + lines.flatMap { [$0.from, $0.to] }).filter {
            seen.insert($0).inserted
        }
    }

    private static func network(
        _ lines: [WrittenBranch], buses: [Bus], sourceVoltage: Double, _ field: Field
    ) -> Network? {
        let index = Dictionary(uniqueKeysWithValues: buses.enumerated().map { ($1.name, $0) })
        var names: Set<String> = []
        var isGood = true
        for line in lines {
            if let name = line.name, !names.insert(name).inserted {
                line.place.mistake("two branches are called \(quoted(name))")
                isGood = false
            }
        }
        let branches = lines.map { line in
            Branch(
                name: line.name ?? freeName("\(line.from)-\(line.to)", &names), from: index[line.from]!,
                to: index[line.to]!, resistance: Impedance(line.resistance),
                reactance: Impedance(line.reactance),
                charging: line.charging, ratio: line.ratio, ampacity: line.ampacity.map(Current.init),
                isClosed: line.isClosed)
        }
        let network = Network(buses: buses, branches: branches, source: 0, sourceVoltage: sourceVoltage)
        let lost = network.busesWithoutPath(overOpen: true).map { buses[$0].name }
        guard lost.isEmpty else {
            let shown = lost.prefix(10).map { quoted($0) }.joined(separator: ", ")
            field.mistake(
                "\(lost.count == 1 ? "bus" : "buses") \(shown)\(lost.count > 10 ? " and others" : "") "
                    + "have no path to the source bus \(quoted(buses[0].name))")
            return nil
        }
        return isGood ? network : nil
    }
}

extension Network {
    /// A load of a case file on three phases that are alike.
    fileprivate func load(_ load: NetworkCase.Load) -> Feeder.Load {
        let third = 1.0 / 3
        let constant = 1 - load.constantCurrent - load.constantImpedance
        let shares = Feeder.VoltageDependence.Shares(
            impedance: load.constantImpedance, current: load.constantCurrent, power: constant)
        let volts = buses[load.bus].nominalVoltage.value / 3.0.squareRoot()
        return Feeder.Load(
            name: load.name, bus: load.bus, pairs: Feeder.Pair.wye, voltage: Voltage(volts),
            active: (0..<3).map { _ in load.active * third },
            reactive: (0..<3).map { _ in load.reactive * third },
            dependence: constant == 1
                ? .constantPower : .polynomial(active: shares, reactive: shares))
    }

    /// Indices of the buses without a path to a source; `overOpen`: where open branches count as closed.
    func busesWithoutPath(overOpen: Bool) -> [Int] {
        var neighbours: [[Int]] = Array(repeating: [], count: buses.count)
        for branch in branches where branch.isClosed || overOpen {
            neighbours[branch.from].append(branch.to)
            neighbours[branch.to].append(branch.from)
        }
        var isReached = Array(repeating: false, count: buses.count)
        var open = sources.map(\.bus)
        for bus in open { isReached[bus] = true }
        while let bus = open.popLast() {
            for next in neighbours[bus] where !isReached[next] {
                isReached[next] = true
                open.append(next)
            }
        }
        return buses.indices.filter { !isReached[$0] }
    }
}

/// A load of a case file.
struct CaseLoad {
    let name: String
    /// Index of the bus.
    let bus: Int
    let active: Power
    let reactive: ReactivePower
    /// How it is joined to a feeder of three phases.
    let joint: FeederJoint?

    init(_ load: NetworkCase.Load) {
        (name, bus, active, reactive) = (load.name, load.bus, load.active, load.reactive)
        joint = nil
    }

    init(_ load: Feeder.Load) {
        (name, bus) = (load.name, load.bus)
        active = load.active.reduce(.zero, +)
        reactive = load.reactive.reduce(.zero, +)
        joint = FeederJoint(load)
    }
}
