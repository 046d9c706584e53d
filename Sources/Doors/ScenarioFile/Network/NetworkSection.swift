import Grid
import TextFile
import YAMLFile

/// The section `network`. The buses are the names in its branches: the source bus first, the others in the
/// order of their first appearance. `none` is a single bus.
struct NetworkSection {
    let network: Network?
    /// Whether there is no data of a network: all devices are at one bus.
    private(set) var isNone = false
    /// Loads of a case file.
    private(set) var loads: [NetworkCase.Load] = []
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
        if let field, field.text(at: "case") != nil {
            let read = field.mapping { CaseSection($0, folder) }
            (network, buses, loads) = (read?.network, read?.buses ?? [], read?.loads ?? [])
            caseFile = read
            return
        }
        var (buses, source): ([(String, Int)], Field?) = ([], nil)
        network = field?.mapping { section in
            _ = section.optional("model")?.choice("a model of the network", [("none", 0), ("branches", 1)])
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
                charging: line.charging, ratio: line.ratio, ampacity: line.ampacity.map(Current.init))
        }
        let network = Network(buses: buses, branches: branches, source: 0, sourceVoltage: sourceVoltage)
        let lost = network.busesWithoutPath.map { buses[$0].name }
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
    /// Indices of the buses without a path to the source.
    fileprivate var busesWithoutPath: [Int] {
        var neighbours: [[Int]] = Array(repeating: [], count: buses.count)
        for branch in branches {
            neighbours[branch.from].append(branch.to)
            neighbours[branch.to].append(branch.from)
        }
        var isReached = Array(repeating: false, count: buses.count)
        isReached[source] = true
        var open = [source]
        while let bus = open.popLast() {
            for next in neighbours[bus] where !isReached[next] {
                isReached[next] = true
                open.append(next)
            }
        }
        return buses.indices.filter { !isReached[$0] }
    }
}
