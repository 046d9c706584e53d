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

    let tables: PandapowerTables
    var mistakes: MistakeList
    var nodes: [Node] = []
    var branches: [Branch] = []
    var loads: [NetworkCase.Load] = []
    var generators: [NetworkCase.Generator] = []
    var sources: [Network.Source] = []
    /// Node of each bus that is in service, and kV of every bus, by pandapower's index.
    private(set) var nodeOfBus: [Int: Int] = [:]
    private(set) var kilovolts: [Int: Double] = [:]
    /// Ends of lines and transformers at which a switch is open.
    private(set) var openEnds: Set<OpenEnd> = []

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
        return LoadedCase(networkCase: networkCase(name), warnings: mistakes.warnings)
    }

    private func networkCase(_ name: String) -> NetworkCase {
        let buses = nodes.map {
            Bus(
                name: $0.name, nominalVoltage: Voltage($0.voltage), limits: $0.limits,
                shuntConductance: $0.conductance, shuntSusceptance: $0.susceptance)
        }
        return NetworkCase(
            name: tables.name ?? name, buses: buses, branches: branches, sources: sources, loads: loads,
            generators: generators, basePower: Power(base * 1e6))
    }

    /// MVA. pandapower's own is often 1, of which a short line of high voltage is less than the least
    /// impedance that Karst's power flow tells from a wire.
    private var base: Double {
        let isTransmission = nodes.contains { $0.voltage > 60e3 }
        return isTransmission ? max(100, tables.base) : tables.base
    }

    // Buses, and the switches that make one of two.

    mutating func readBuses() {
        let rows = tables.rows("bus")
        let names = names(rows)
        var heads = Dictionary(rows.map { ($0.index, $0.index) }, uniquingKeysWith: { first, _ in first })
        if heads.count < rows.count { mistakes.add("bus: an index is given twice") }
        let live = Set(rows.filter { $0.isTrue("in_service", or: true, &mistakes) }.map(\.index))
        for row in rows { kilovolts[row.index] = row.positive("vn_kv", &mistakes) }
        for row in tables.rows("switch") where row.text("et") == "b" && isShort(row) {
            let (a, b) = (row.reference("bus", &mistakes), row.reference("element", &mistakes))
            guard live.contains(a), live.contains(b) else { continue }
            if kilovolts[a] != kilovolts[b] {
                mistakes.add("\(row.title): it is closed, but joins buses of different vn_kv")
            }
            let ends = [head(a, heads), head(b, heads)]
            heads[ends.max()!] = ends.min()!
        }
        for (row, name) in zip(rows, names) where live.contains(row.index) {
            let head = head(row.index, heads)
            if head == row.index {
                nodeOfBus[head] = nodes.count
                let lower = row.optional("min_vm_pu", &mistakes) ?? 0
                let upper = row.optional("max_vm_pu", &mistakes) ?? 2
                if lower > upper { mistakes.add("\(row.title): min_vm_pu is above max_vm_pu") }
                nodes.append(
                    Node(
                        name: name, voltage: kilovolts[head]! * 1000,
                        limits: min(lower, upper)...max(lower, upper)))
            }
        }
        for index in live { nodeOfBus[index] = nodeOfBus[head(index, heads)] }
    }

    /// Which bus stands for a group that switches make one.
    private func head(_ bus: Int, _ heads: [Int: Int]) -> Int {
        var bus = bus
        while let next = heads[bus], next != bus { bus = next }
        return bus
    }

    private mutating func isShort(_ row: PandapowerRow) -> Bool {
        row.isTrue("closed", or: true, &mistakes) && row.number("z_ohm", or: 0, &mistakes) == 0
    }

    mutating func readSwitches() {
        for row in tables.rows("switch") {
            let kind = row.text("et") ?? ""
            let (bus, element) = (row.reference("bus", &mistakes), row.reference("element", &mistakes))
            let isClosed = row.isTrue("closed", or: true, &mistakes)
            switch kind {
            case "b":
                let impedance = row.number("z_ohm", or: 0, &mistakes)
                guard isClosed, impedance > 0, let from = nodeOfBus[bus], let to = nodeOfBus[element] else {
                    continue
                }
                // pandapower's default: r/x is 2.
                let part = impedance / 5.0.squareRoot()
                branches.append(
                    Branch(
                        name: "switch-\(row.index)", from: from, to: to, resistance: Impedance(2 * part),
                        reactance: Impedance(part)))
            case "l", "t", "t3":
                if !isClosed { openEnds.insert(OpenEnd(kind: kind, element: element, bus: bus)) }
            default: mistakes.add("\(row.title): et is '\(kind)'; allowed are b, l, t, t3")
            }
        }
    }

    /// The node at which the bus of a column is, nil where it is out of service; a bus that is not known is a
    /// mistake.
    mutating func node(_ row: PandapowerRow, _ column: String) -> Int? {
        let bus = row.reference(column, &mistakes)
        if kilovolts[bus] == nil { mistakes.add("\(row.title): \(column): there is no bus \(bus)") }
        return nodeOfBus[bus]
    }

    /// The rows' own names where all have one and no two the same, else table and index.
    func names(_ rows: [PandapowerRow]) -> [String] {
        let names = rows.compactMap { $0.text("name") }
        if names.count == rows.count, Set(names).count == names.count { return names }
        return rows.map { $0.table.name == "bus" ? "\($0.index)" : "\($0.table.name)-\($0.index)" }
    }
}
