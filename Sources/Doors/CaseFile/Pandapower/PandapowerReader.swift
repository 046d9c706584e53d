import Grid
import TextFile

extension CaseFile {
    /// What pandapower's `to_json` wrote, as its `runpp` would solve it with its default options: angles are
    /// calculated, transformers are T equivalents, and the losses of three-winding ones sit at their hv side.
    static func loadPandapower(_ bytes: [UInt8], name: String) throws(FileMistakes) -> LoadedCase {
        var mistakes = MistakeList(file: name)
        let tables = PandapowerTables(bytes, &mistakes)
        try mistakes.check()
        var reader = PandapowerReader(tables, mistakes)
        return try reader.loaded(name: stem(name))
    }
}

/// Gathers a network from the tables of pandapower. What is out of service at an end of life (a bus, and all
/// that stands at it) is left out; what is merely switched off stays, switched off.
struct PandapowerReader {
    /// A bus of the network that grows.
    struct Node {
        let name: String
        /// V line-to-line.
        let voltage: Double
        var limits: ClosedRange<Double>
        var conductance = 0.0
        var susceptance = 0.0
    }

    /// Where something stands: the bus of the network, and its name as an index in `origin.buses`.
    struct Place {
        let node: Int
        let named: Int
    }

    let tables: PandapowerTables
    var mistakes: MistakeList
    var nodes: [Node] = []
    var branches: [Branch] = []
    var loads: [NetworkCase.Load] = []
    var generators: [NetworkCase.Generator] = []
    var sources: [Network.Source] = []
    var origin = NetworkCase.Origin()
    /// Where each bus that is in service is, and kV of every bus, by pandapower's index.
    private(set) var places: [Int: Place] = [:]
    private(set) var kilovolts: [Int: Double] = [:]
    private var known: Set<Int> = []
    /// Ends of lines and transformers at which a switch is open.
    private(set) var openEnds: Set<OpenEnd> = []
    /// The voltage that is held at a node, and by whom.
    var held: [Int: (voltage: Double, by: String)] = [:]
    private var bounds = PandapowerBounds()
    /// Branches whose ends closed switches join.
    var besideSwitches: [String] = []
    /// Lines and transformers whose voltages are not those of their buses.
    var oddVoltages: [String] = []
    /// Tap changers that stand off neutral, and of which the file does not say enough.
    var incompleteTaps: [String] = []
    /// Read when the first generator asks.
    var capabilities: PandapowerCapability?
    /// Generators whose reactive limits are of their capability curves.
    var curved: [String] = []

    struct OpenEnd: Hashable {
        let kind: String
        let element: Int
        let bus: Int
    }

    init(_ tables: PandapowerTables, _ mistakes: MistakeList) {
        self.tables = tables
        self.mistakes = mistakes
    }

    mutating func loaded(name: String) throws(FileMistakes) -> LoadedCase {
        readBuses()
        try mistakes.check()
        readSwitches()
        readDevices()
        readLines()
        readTransformers()
        readSources()
        try mistakes.check()
        mistakes.warnOfAssumed()
        bounds.warn(&mistakes)
        tell(
            besideSwitches,
            "closed switches or the row make one bus of both ends; a line carries no more than its charging then"
        )
        tell(
            incompleteTaps,
            "its side, neutral position or kind (tap_changer_type) is missing; it is ignored, as in pandapower"
        )
        tell(
            oddVoltages, "its nominal voltages and vn_kv of its buses do not fit; they are used as they stand"
        )
        tell(curved, "its reactive limits are those of its capability curve at its p_mw, at other powers too")
        return LoadedCase(networkCase: networkCase(name), warnings: mistakes.warnings)
    }

    /// One warning for all, with the first.
    private mutating func tell(_ found: [String], _ message: String) {
        guard let first = found.first else { return }
        mistakes.warn(
            "\(first): \(message)" + (found.count == 1 ? "" : " (and \(found.count - 1) more)"))
    }

    private func networkCase(_ name: String) -> NetworkCase {
        let buses = nodes.map {
            Bus(
                name: $0.name, nominalVoltage: Voltage($0.voltage), limits: $0.limits,
                shuntConductance: $0.conductance, shuntSusceptance: $0.susceptance)
        }
        return NetworkCase(
            name: tables.name ?? name, buses: buses, branches: branches, sources: sources, loads: loads,
            generators: generators, basePower: Power(base * 1e6), hasWeights: true, origin: origin)
    }

    /// MVA. pandapower's own is often 1, of which a short line of high voltage is less than the least
    /// impedance that Karst's power flow tells from a wire.
    private var base: Double {
        let isTransmission = nodes.contains { $0.voltage > 60e3 }
        return isTransmission ? max(100, tables.base) : tables.base
    }

    /// Reads every row of a table with its name. What is wrong in a row out of service, by itself or by its
    /// `buses`, does not matter: the row is left out then. `isAgain`: the table was read before, so that what
    /// is odd in it is told.
    mutating func forEach(
        _ table: String, at buses: [String] = ["bus"], needsAll: Bool = true, isAgain: Bool = false,
        _ read: (inout PandapowerReader, PandapowerRow, String) -> Void
    ) {
        let rows = tables.rows(table)
        for (row, name) in zip(rows, names(rows)) {
            let before = mistakes
            let isOn = isInService(row, buses, needsAll)
            if isAgain { mistakes = before }
            if mistakes.count > before.count { continue }
            let (told, counts) = (mistakes, (loads.count, generators.count, branches.count))
            let notes = (incompleteTaps.count, curved.count, oddVoltages.count)
            read(&self, row, name)
            if isOn {
                if !isAgain { bounds.check(row) }
                continue
            }
            if mistakes.count > told.count {
                loads.removeLast(loads.count - counts.0)
                origin.loads.removeLast(origin.loads.count - counts.0)
                generators.removeLast(generators.count - counts.1)
                origin.generators.removeLast(origin.generators.count - counts.1)
                branches.removeLast(branches.count - counts.2)
                origin.branches.removeLast(origin.branches.count - counts.2)
            }
            mistakes = told
            incompleteTaps.removeLast(incompleteTaps.count - notes.0)
            curved.removeLast(curved.count - notes.1)
            oddVoltages.removeLast(oddVoltages.count - notes.2)
        }
    }

    private mutating func isInService(_ row: PandapowerRow, _ buses: [String], _ needsAll: Bool) -> Bool {
        guard row.isTrue("in_service", or: true, &mistakes) else { return false }
        var ignored = MistakeList(file: "")
        let dead = buses.count {
            let bus = row.reference($0, &ignored)
            return known.contains(bus) && places[bus] == nil
        }
        return needsAll ? dead == 0 : dead < buses.count
    }

    // Buses, and the switches that make one of two.

    mutating func readBuses() {
        let rows = tables.rows("bus")
        let names = names(rows)
        var heads = Dictionary(rows.map { ($0.index, $0.index) }, uniquingKeysWith: { first, _ in first })
        if heads.count < rows.count { mistakes.add("bus: an index is given twice") }
        let live = Set(rows.filter { $0.isTrue("in_service", or: true, &mistakes) }.map(\.index))
        for row in rows {
            known.insert(row.index)
            if live.contains(row.index) {
                kilovolts[row.index] = row.positive("vn_kv", &mistakes)
                bounds.check(row)
            } else {
                var ignored = MistakeList(file: "")
                let voltage = row.positive("vn_kv", &ignored)
                if ignored.count == 0 { kilovolts[row.index] = voltage }
            }
        }
        for row in tables.rows("switch") where row.text("et") == "b" {
            let (a, b) = (row.reference("bus", &mistakes), row.reference("element", &mistakes))
            guard live.contains(a), live.contains(b), isShort(row) else { continue }
            if kilovolts[a] != kilovolts[b] {
                mistakes.add("\(row.title): it is closed, but joins buses of different vn_kv")
            }
            let ends = [head(a, heads), head(b, heads)]
            heads[ends.max()!] = ends.min()!
        }
        var nodeOfHead: [Int: Int] = [:]
        for (row, name) in zip(rows, names) where live.contains(row.index) {
            let head = head(row.index, heads)
            addBus(row, name, with: nodeOfHead[head])
            nodeOfHead[head] = places[row.index]?.node
        }
    }

    /// A bus of the file: a node, or another name of `node`.
    private mutating func addBus(_ row: PandapowerRow, _ name: String, with node: Int?) {
        let lower = row.optional("min_vm_pu", &mistakes) ?? 0
        let upper = row.optional("max_vm_pu", &mistakes) ?? 2
        if lower > upper { mistakes.add("\(row.title): min_vm_pu is above max_vm_pu") }
        let limits = min(lower, upper)...max(lower, upper)
        places[row.index] = Place(node: node ?? nodes.count, named: origin.buses.count)
        origin.buses.append(.init(name: name, bus: node ?? nodes.count))
        guard let node else {
            nodes.append(Node(name: name, voltage: kilovolts[row.index]! * 1000, limits: limits))
            return
        }
        if limits.overlaps(nodes[node].limits) {
            nodes[node].limits = limits.clamped(to: nodes[node].limits)
        } else {
            mistakes.warn(
                "\(row.title): its voltage limits exclude those of '\(nodes[node].name)', which closed switches join to it; the latter hold for both"
            )
        }
    }

    /// A bus that the file does not have.
    mutating func addInner(_ name: String, voltage: Double) -> Place {
        let place = Place(node: nodes.count, named: origin.buses.count)
        origin.buses.append(.init(name: name, bus: nodes.count))
        nodes.append(Node(name: name, voltage: voltage, limits: 0...2))
        return place
    }

    /// Which bus stands for a group that switches make one.
    private func head(_ bus: Int, _ heads: [Int: Int]) -> Int {
        var bus = bus
        while let next = heads[bus], next != bus { bus = next }
        return bus
    }

    private mutating func isShort(_ row: PandapowerRow) -> Bool {
        row.isTrue("closed", or: true, &mistakes) && row.notNegative("z_ohm", or: 0, &mistakes) == 0
    }

    mutating func readSwitches() {
        for row in tables.rows("switch") {
            let kind = row.text("et") ?? ""
            let (bus, element) = (row.reference("bus", &mistakes), row.reference("element", &mistakes))
            let isClosed = row.isTrue("closed", or: true, &mistakes)
            switch kind {
            case "b":
                guard isClosed, let from = places[bus], let to = places[element] else { continue }
                let impedance = row.notNegative("z_ohm", or: 0, &mistakes)
                guard impedance > 0 else { continue }
                // pandapower's default: r/x is 2.
                let part = impedance / 5.0.squareRoot()
                append(
                    Branch(
                        name: "switch-\(row.index)", from: from.node, to: to.node,
                        resistance: Impedance(2 * part), reactance: Impedance(part)), from: from, to: to)
            case "l", "t", "t3":
                if !isClosed { openEnds.insert(OpenEnd(kind: kind, element: element, bus: bus)) }
            default: mistakes.add("\(row.title): et is '\(kind)'; allowed are b, l, t, t3")
            }
        }
    }

    mutating func append(_ branch: Branch, from: Place, to: Place, isInner: Bool = false) {
        if isInner { origin.innerBranches.insert(branches.count) }
        branches.append(branch)
        origin.branches.append(.init(from: from.named, to: to.named))
    }

    /// Where the bus of a column is, nil where it is out of service; a bus that is not known is a mistake.
    mutating func place(_ row: PandapowerRow, _ column: String) -> Place? {
        let bus = row.reference(column, &mistakes)
        if !known.contains(bus) { mistakes.add("\(row.title): \(column): there is no bus \(bus)") }
        return places[bus]
    }

    /// The rows' own names where all have one and no two the same, else table and index.
    func names(_ rows: [PandapowerRow]) -> [String] {
        let names = rows.compactMap { $0.text("name") }
        if names.count == rows.count, Set(names).count == names.count { return names }
        return rows.map { $0.table.name == "bus" ? "\($0.index)" : "\($0.table.name)-\($0.index)" }
    }
}
