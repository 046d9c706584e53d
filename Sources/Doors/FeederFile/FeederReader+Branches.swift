import Grid
import TextFile

// What joins two buses, table by table.
extension FeederReader {
    mutating func readRegulators() {
        guard var table = table("regulator") else { return }
        let (names, ends) = (table.names("name"), ends(&table))
        let phases = table.phases("phases")
        let monitored = table.values("monitored", "one of the letters a, b, c", default: 0) {
            ["a": 0, "b": 1, "c": 2][$0]
        }
        let level = table.numbers("level_v", in: 1e-3...1e6)
        let bandwidth = table.numbers("bandwidth_v", in: 0...1e6)
        let ratio = table.numbers("pt_ratio", in: 1e-6...1e6)
        let rating = table.numbers("ct_primary_a", in: 1e-6...1e6)
        let (r, x) = (table.numbers("r_v", in: -1e6...1e6), table.numbers("x_v", in: -1e6...1e6))
        let taps = table.values("tap", "a whole number from -16 to 16", default: 0, isOptional: true) {
            Int($0).flatMap { (-16...16).contains($0) ? $0 : nil }
        }
        let delay = table.numbers("delay_s", in: 0...1e9, default: 0)
        var rows: [String: [Int]] = [:]
        for row in table.rows { rows[names[row], default: []].append(row) }
        for (name, rows) in rows {
            for row in rows where ends[row] != ends[rows[0]] {
                table.refuse("'\(name.prefix(40))' joins other buses in an earlier row", row, "from")
            }
        }
        for row in table.rows {
            guard let rows = rows.removeValue(forKey: names[row]) else { continue }
            let controls = rows.map {
                UnbalancedNetwork.StepRegulator.Control(
                    phases: phases[$0], monitored: monitored[$0], level: level[$0], bandwidth: bandwidth[$0],
                    potentialRatio: ratio[$0], currentRating: rating[$0], resistance: r[$0],
                    reactance: x[$0], delay: delay[$0], tap: taps[$0])
            }
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to,
                    phases: controls.reduce([]) { $0.union($1.phases) },
                    element: .regulator(UnbalancedNetwork.StepRegulator(controls: controls))))
            register(names[row], row, "regulator", &table)
        }
        table.close(&mistakes)
    }

    mutating func readTransformers() {
        guard var table = table("transformer") else { return }
        let (names, ends) = (table.distinctNames("name"), ends(&table))
        let groups = UnbalancedNetwork.Transformer.Connection.allCases.map(\.rawValue)
        let connections = table.values(
            "connection", "one of \(groups.joined(separator: ", "))", default: .YNyn0
        ) { UnbalancedNetwork.Transformer.Connection(rawValue: $0) }
        let (kilovolts, rating) = (
            table.numbers("to_kv", in: 1e-6...1e6), table.numbers("kva", in: 1e-6...1e9)
        )
        let (r, x) = (table.numbers("r_percent", in: 0...100), table.numbers("x_percent", in: 0...100))
        for row in table.rows {
            let known = secondary.updateValue(kilovolts[row] * 1000, forKey: ends[row].to)
            if let known, known != kilovolts[row] * 1000 {
                table.refuse("an earlier row gives this bus \(known / 1000) kV", row, "to_kv")
            }
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to,
                    element: .transformer(
                        UnbalancedNetwork.Transformer(
                            connection: connections[row],
                            rating: ApparentPower(max(rating[row], 1e-6) * 1000),
                            resistance: r[row] / 100, reactance: x[row] / 100))))
            register(names[row], row, "transformer", &table)
        }
        table.close(&mistakes)
    }

    mutating func readLines() {
        let configurations = readConfigurations()
        guard var table = table("line", isNeeded: true) else { return }
        let (names, ends) = (table.distinctNames("name"), ends(&table))
        let kinds = table.values("configuration", "the name of a configuration", default: Configuration?.none)
        {
            // Where that table cannot be read, its own mistakes are the cause.
            guard let configurations else { return .some(nil) }
            return configurations[$0].map { .some($0) }
        }
        let units = [("ft", 5280), ("m", Self.metresPerMile), ("km", Self.metresPerMile / 1000)]
        let (miles, closed) = (
            table.numbers("length_", in: units, within: 0...1e9), table.flags("closed")
        )
        for row in table.rows {
            register(names[row], row, "line", &table)
            guard let kind = kinds[row] else { continue }
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to, phases: kind.phases,
                    element: .line(
                        impedance: kind.impedance * miles[row],
                        susceptance: kind.susceptance * miles[row]),
                    isClosed: closed[row]))
        }
        table.close(&mistakes)
    }

    mutating func readSwitches() {
        guard var table = table("switch") else { return }
        let (names, ends) = (table.distinctNames("name"), ends(&table))
        let (phases, closed) = (table.phases("phases"), table.flags("closed"))
        for row in table.rows {
            register(names[row], row, "switch", &table)
            branches.append(
                Branch(
                    name: names[row], from: ends[row].from, to: ends[row].to, phases: phases[row],
                    element: .line(impedance: .zero, susceptance: .zero), isClosed: closed[row]))
        }
        table.close(&mistakes)
    }

    private mutating func ends(_ table: inout FeederTable) -> [Ends] {
        let (from, to) = (table.names("from"), table.names("to"))
        return table.rows.map { row in
            if from[row] == to[row], !from[row].isEmpty {
                table.refuse("'\(to[row].prefix(40))' is at both ends", row, "to")
            }
            return Ends(from: bus(from[row]), to: bus(to[row]))
        }
    }

    private static let metresPerMile = 1609.344

    private struct Ends: Hashable {
        let from: Int
        let to: Int
    }

    /// Notes the name of a branch; a mistake where another table has it.
    private mutating func register(_ name: String, _ row: Int, _ kind: String, _ table: inout FeederTable) {
        guard let other = branchTables.updateValue(kind, forKey: name), other != kind else { return }
        table.refuse("'\(name.prefix(40))' has a row in \(other).csv already", row, "name")
    }

    private struct Configuration {
        let phases: Phases
        let impedance: PhaseMatrix
        let susceptance: PhaseMatrix
    }

    /// Nil where there is no such table.
    private mutating func readConfigurations() -> [String: Configuration]? {
        guard var table = table("configuration", isNeeded: true) else { return nil }
        let (names, phases) = (table.distinctNames("config"), table.phases("phases"))
        let pairs = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]
        func numbers(_ quantity: String, _ unit: String, below: Double) -> [[Double]] {
            pairs.map { i, j in
                let prefix = "\(quantity)_\("abc"[i])\("abc"[j])_\(unit)_per_"
                let numbers = table.numbers(
                    prefix, in: [("mile", 1), ("km", 1000 / Self.metresPerMile)],
                    within: (i == j ? below : -1e9)...1e9)
                let column = table.has(prefix + "km") ? prefix + "km" : prefix + "mile"
                for row in table.rows where numbers[row] != 0 {
                    let missing = [i, j].first { !phases[row].indices.contains($0) }
                    guard let missing else { continue }
                    table.refuse("must be 0: phase \("abc"[missing]) is not among the phases", row, column)
                }
                return numbers
            }
        }
        let r = numbers("r", "ohm", below: 0)
        let x = numbers("x", "ohm", below: -1e9)
        let b = numbers("b", "us", below: 0)
        table.close(&mistakes)
        var all: [String: Configuration] = [:]
        for row in table.rows {
            all[names[row]] = Configuration(
                phases: phases[row],
                impedance: PhaseMatrix(real: r.map { $0[row] }, imaginary: x.map { $0[row] }),
                susceptance: PhaseMatrix(real: b.map { $0[row] * 1e-6 }))
        }
        return all
    }
}

extension String {
    fileprivate subscript(index: Int) -> Character { self[self.index(startIndex, offsetBy: index)] }
}
