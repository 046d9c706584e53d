import Grid
import TextFile

/// The section `network`. Buses are the names that occur in branches, the source first, then in order of
/// their first appearance.
struct NetworkSection {
    let network: Network?
    /// Name and index of each bus, also when something else about the network is wrong.
    private(set) var buses: [(String, Int)] = []
    /// Where the source bus is named.
    private(set) var source: Field?

    /// A branch as written: buses by name, and where to complain.
    private struct Line {
        let name: String?
        let from: String
        let to: String
        let resistance: Double
        let reactance: Double
        let ampacity: Double?
        let charging: Double
        let ratio: Double
        let mistake: (String) -> Void
    }

    init(_ root: Mapping, _ folder: Folder) {
        var (buses, source): ([(String, Int)], Field?) = ([], nil)
        network = root.required("network")?.mapping { section in
            let nominal = section.quantity("nominal_voltage", .voltage, in: Bounds(1...1e6))
            let feed = section.required("source")?.mapping { feed -> (String, Double)? in
                source = feed.required("bus")
                let bus = source?.busName()
                let voltage = feed.quantity("voltage", .perUnitVoltage, in: Bounds(0.5...1.5))
                guard let bus, let voltage else { return nil }
                return (bus, voltage)
            }
            let branches = section.required("branches")
            let lines = branches.flatMap { Self.lines($0, folder) }
            let limits = section.required("limits")?.mapping {
                $0.required("voltage")?.range(.perUnitVoltage, in: Bounds(0...2))
            }
            guard let branches, let lines else { return nil }
            let names = Self.busNames(source: source?.text, lines)
            buses = names.enumerated().map { ($1, $0) }
            guard let nominal, let feed, let limits else { return nil }
            return Self.network(
                lines, buses: names.map { Bus(name: $0, nominalVoltage: Voltage(nominal), limits: limits) },
                sourceVoltage: feed.1, branches)
        }
        (self.buses, self.source) = (buses, source)
    }

    private static func busNames(source: String?, _ lines: [Line]) -> [String] {
        var seen: Set<String> = []
        return ([source].compactMap(\.self) + lines.flatMap { [$0.from, $0.to] }).filter {
            seen.insert($0).inserted
        }
    }

    private static func network(
        _ lines: [Line], buses: [Bus], sourceVoltage: Double, _ field: Field
    ) -> Network? {
        let index = Dictionary(uniqueKeysWithValues: buses.enumerated().map { ($1.name, $0) })
        var names: Set<String> = []
        var isGood = true
        for line in lines {
            if let name = line.name, !names.insert(name).inserted {
                line.mistake("two branches are called \(quoted(name))")
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

    /// `name`, or with a number where that is taken: lines side by side.
    private static func freeName(_ name: String, _ taken: inout Set<String>) -> String {
        var (candidate, count) = (name, 1)
        while !taken.insert(candidate).inserted {
            count += 1
            candidate = "\(name)-\(count)"
        }
        return candidate
    }

    private static func lines(_ field: Field, _ folder: Folder) -> [Line]? {
        let lines: [Line?]?
        if case .text = field.node.content, !field.node.isNull {
            lines = Table(field, in: folder).flatMap(rows)
        } else {
            lines = field.list()?.map(line)
        }
        guard let lines else { return nil }
        guard !lines.isEmpty else { return field.refuse("at least one branch") }
        let good = lines.compactMap(\.self)
        return good.count == lines.count && good.map(isPhysical).allSatisfy(\.self) ? good : nil
    }

    private static func line(_ field: Field) -> Line? {
        field.mapping { branch in
            let name = branch.optional("name").map { $0.busName() }
            let from = branch.required("from")?.busName()
            let to = branch.required("to")?.busName()
            let resistance = branch.quantity("resistance", .impedance, in: .notNegative)
            let reactance = branch.quantity("reactance", .impedance, in: .any)
            let ampacity = branch.optional("ampacity").map { $0.quantity(.current, in: .positive) }
            let charging = branch.quantity("charging", .susceptance, in: .notNegative, default: 0)
            let ratio = branch.optional("ratio").map { $0.number(in: 0.5...2) } ?? 1
            guard let from, let to, let resistance, let reactance, let charging, let ratio,
                name.map({ $0 != nil }) ?? true, ampacity.map({ $0 != nil }) ?? true
            else { return nil }
            return Line(
                name: name ?? nil, from: from, to: to, resistance: resistance, reactance: reactance,
                ampacity: ampacity ?? nil, charging: charging, ratio: ratio, mistake: field.mistake)
        }
    }

    private static func rows(_ table: Table) -> [Line?]? {
        table.refuseColumns(besides: [
            "from", "to", "resistance_ohm", "reactance_ohm", "ampacity_a", "charging_us", "ratio", "name",
        ])
        let most = Dimension.impedance.greatest
        let from = table.texts("from")
        let to = table.texts("to")
        let resistance = table.numbers("resistance_ohm", in: 0...most)
        let reactance = table.numbers("reactance_ohm", in: -most...most)
        let ampacity = table.optionalNumbers("ampacity_a", in: 1e-6...most)
        let charging = table.optionalNumbers("charging_us", in: 0...most)
        let ratio = table.optionalNumbers("ratio", in: 0.5...2)
        let names = table.csv.index(of: "name") == nil ? table.rows.map { _ in "" } : table.texts("name")
        guard let from, let to, let resistance, let reactance, let ampacity, let charging, let ratio,
            let names
        else { return nil }
        return table.rows.map { row in
            for (text, column) in [(from[row], "from"), (to[row], "to"), (names[row], "name")] {
                guard !isBusName(text), column != "name" || !text.isEmpty else { continue }
                table.mistake(busNameRefusal(text), row: row, column)
                return nil
            }
            return Line(
                name: names[row].isEmpty ? nil : names[row], from: from[row], to: to[row],
                resistance: resistance[row], reactance: reactance[row], ampacity: ampacity[row],
                charging: (charging[row] ?? 0) * 1e-6, ratio: ratio[row] ?? 1,
                mistake: { table.mistake($0, row: row, "from") })
        }
    }

    private static func isPhysical(_ line: Line) -> Bool {
        if line.from == line.to {
            line.mistake("a branch must join two buses, this one begins and ends at \(quoted(line.from))")
            return false
        }
        if line.resistance * line.resistance + line.reactance * line.reactance < 1e-18 {
            line.mistake(
                "a branch without impedance; join buses \(quoted(line.from)) and \(quoted(line.to)) into one")
            return false
        }
        return true
    }
}

extension Network {
    /// Indices of the buses that no chain of branches joins to the source.
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

extension Field {
    /// The name of a bus or branch: a number or a word.
    func busName() -> String? {
        guard let text else { return refuse("the name of a bus") }
        guard isBusName(text) else {
            mistake(busNameRefusal(text))
            return nil
        }
        return text
    }
}

private func isBusName(_ text: String) -> Bool {
    let isWord = text.utf8.allSatisfy { byte in
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: (48...57).contains(byte) || "-_.".utf8.contains(byte)
        }
    }
    return isWord && (1...64).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
        && text.utf8.first != UInt8(ascii: "-")
}

private func busNameRefusal(_ text: String) -> String {
    "\(quoted(text)) is not the name of a bus; it has letters, digits, '-', '_' and '.', at most 64"
}
