import Export
import Foundation
import Grid
import Monitoring
import Studies

/// The result of a contingency analysis as table, CSV and JSON.
struct ContingencyListing {
    private let result: ContingencyAnalysis.Result
    private let networkCase: NetworkCase

    init(_ result: ContingencyAnalysis.Result, of networkCase: NetworkCase) {
        self.result = result
        self.networkCase = networkCase
    }

    /// The network without outage, then the `count` worst outages.
    func table(of count: Int) -> String {
        let name = networkCase.name.isEmpty ? "network" : networkCase.name
        let (buses, branches) = (networkCase.namedBuses.count, networkCase.network.branches.count)
        let head = ["outage", "worst", "load", "of", "overloads", "voltage", "at", "not served", "by"]
        let rows = [head] + ([result.base] + result.contingencies.prefix(count)).map(row)
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let isNumber: Set = [2, 4, 5, 7]
        let lines = rows.map { row in
            let cells = row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return isNumber.contains(column) ? space + row[column] : row[column] + space
            }
            return "  " + cells.joined(separator: "  ")
        }
        return """
            \(name) · buses: \(buses), branches: \(branches), \
            generators: \(networkCase.generators.count)

            \(lines.joined(separator: "\n"))

            \(summary)
            """
    }

    /// One row per outage; the network without outage comes first.
    var csv: String {
        let head = fields(result.base).map(\.name).joined(separator: ",")
        let rows = ([result.base] + result.contingencies).map { contingency in
            fields(contingency).map { CSVText.cell($0.value.map { "\($0)" } ?? "") }.joined(separator: ",")
        }
        return ([head] + rows).joined(separator: "\n") + "\n"
    }

    /// The same fields, with every violation, as one object: the base case and the contingencies.
    func json() throws -> String {
        let objects = ([result.base] + result.contingencies).map { contingency -> [String: Any] in
            var object = fields(contingency).reduce(into: [String: Any]()) { $0[$1.name] = $1.value }
            object["violations"] = contingency.violations.map {
                [
                    "kind": $0.kind.rawValue,
                    "place": $0.kind == .overload ? branch($0.place) : bus($0.place),
                    "index": $0.place, "value": $0.value, "limit": $0.limit,
                ] as [String: Any]
            }
            return object
        }
        let object: [String: Any] = ["base": objects[0], "contingencies": Array(objects.dropFirst())]
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private func fields(_ contingency: Contingency) -> [(name: String, value: Any?)] {
        let voltage = contingency.worstVoltage
        let count = { (kind: Violation.Kind) in contingency.violations.count { $0.kind == kind } }
        return [
            ("kind", kind(contingency.outage)), ("index", index(contingency.outage)),
            ("name", name(contingency.outage)), ("verified", contingency.isVerified),
            ("status", contingency.status.rawValue), ("severity", "\(contingency.severity)"),
            ("loading_percent", contingency.loading.map { $0 * 100 }),
            ("most_loaded", contingency.mostLoaded.map(branch)), ("overloads", contingency.overloads),
            ("undervoltages", count(.undervoltage)), ("overvoltages", count(.overvoltage)),
            ("worst_voltage_pu", voltage?.value), ("worst_voltage_bus", voltage.map { bus($0.place) }),
            ("unserved_kw", contingency.unserved.kilowatts),
        ]
    }

    private func row(_ contingency: Contingency) -> [String] {
        let voltage = contingency.worstVoltage
        let isSolved = contingency.status.isSolved
        return [
            name(contingency.outage), worst(contingency),
            contingency.loading.map { "\(decimal($0 * 100, 1)) %" } ?? "",
            contingency.mostLoaded.map(branch) ?? "", isSolved ? "\(contingency.overloads)" : "",
            voltage.map { decimal($0.value, 4) } ?? "", voltage.map { bus($0.place) } ?? "",
            contingency.unserved > .zero ? power(contingency.unserved) : "",
            contingency.isVerified ? "AC" : "DC",
        ]
    }

    private var summary: String {
        let all = result.contingencies
        let kinds: [(Contingency.Severity, String)] = [
            (.unsolved, "without solution"), (.unserved, "with load not served"),
            (.overload, "with overloads"), (.voltage, "with voltage violations"), (.secure, "secure"),
        ]
        let counts = kinds.map { kind, text in "\(all.count { $0.severity == kind }) \(text)" }
        return "  \(all.count) outages, \(all.count(where: \.isVerified)) of them verified by AC power flow: "
            + counts.joined(separator: ", ")
    }

    private func worst(_ contingency: Contingency) -> String {
        switch contingency.severity {
        case .unsolved: contingency.status.rawValue
        case .unserved: "not served"
        case .overload: "overload"
        case .voltage: "voltage"
        case .secure: "none"
        }
    }

    private func kind(_ outage: Contingency.Outage) -> String {
        switch outage {
        case .none: "none"
        case .branch: "branch"
        case .generator: "generator"
        case .unit: "unit"
        }
    }

    private func index(_ outage: Contingency.Outage) -> Int? {
        switch outage {
        case .none: nil
        case .branch(let index), .generator(let index), .unit(let index): index
        }
    }

    private func name(_ outage: Contingency.Outage) -> String {
        switch outage {
        case .none: "no outage"
        case .branch(let index): branch(index)
        case .unit(let index): networkCase.origin?.units[index].name ?? ""
        case .generator(let index):
            networkCase.generators[index].name.isEmpty
                ? "generator at \(bus(networkCase.generators[index].bus))"
                : networkCase.generators[index].name
        }
    }

    private func branch(_ index: Int) -> String {
        let branch = networkCase.network.branches[index]
        return branch.name.isEmpty ? "\(bus(branch.from))-\(bus(branch.to))" : branch.name
    }

    private func bus(_ index: Int) -> String {
        let name = networkCase.network.buses[index].name
        return name.isEmpty ? "bus \(index)" : name
    }

    private func power(_ power: Power) -> String {
        let kilowatts = power.kilowatts
        return kilowatts < 10_000 ? "\(decimal(kilowatts, 1)) kW" : "\(decimal(kilowatts / 1000, 1)) MW"
    }

    private func decimal(_ value: Double, _ digits: Int) -> String {
        value.formatted(
            .number.precision(.fractionLength(digits)).grouping(.automatic).locale(
                Locale(identifier: "en_US")))
    }
}
