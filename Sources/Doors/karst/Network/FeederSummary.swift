import Export
import Foundation
import Grid
import LinearAlgebra

/// The power flow of a feeder of wires and windings for the terminal.
struct FeederSummary {
    /// Of more buses, only the extremes are shown.
    private static let mostBuses = 150

    let name: String
    let feeder: Feeder
    let point: FeederPoint
    private let nodes: [Feeder.Node]

    init(name: String, feeder: Feeder, point: FeederPoint) {
        self.name = name
        self.feeder = feeder
        self.point = point
        nodes = feeder.nodes
    }

    var text: String {
        let heading =
            "\(name) · \(feeder.buses.count) buses, \(nodes.count) nodes, \(feeder.lines.count) lines, "
            + "\(feeder.transformers.count) transformers · \(point.status.rawValue), \(point.iterations) iterations"
        guard point.status.isSolved else { return heading }
        return ([heading, ""] + powers + controls + extremes + dead + voltages).joined(separator: "\n")
    }

    /// The summary as one JSON object.
    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": name, "buses": feeder.buses.count, "nodes": nodes.count,
                "lines": feeder.lines.count, "transformers": feeder.transformers.count,
                "status": point.status.rawValue, "iterations": point.iterations,
            ]
            if point.status.isSolved {
                members["losses_kw"] = losses.kilowatts
                members["shunts_kw"] = point.shuntLoss.kilowatts
                members["source_kw"] = source.real / 1000
                members["source_kvar"] = source.imaginary / 1000
                members["unserved_kw"] = point.unserved.kilowatts
                members["nodes_without_voltage"] = nodes.indices.count { point.voltage[$0] == .zero }
                members["mismatch_pu"] = point.mismatch
                members["taps"] = Dictionary(
                    zip(feeder.tapControls.map(\.name), point.positions)
                ) { first, _ in first }
                members["closed_steps"] = Dictionary(
                    zip(feeder.shuntControls.map(\.name), point.closed)
                ) { first, _ in first }
                for (name, node) in [("lowest", ordered.first), ("highest", ordered.last)] {
                    guard let node else { continue }
                    members["\(name)_voltage_pu"] = magnitude(node)
                    members["\(name)_voltage_node"] = title(node)
                }
            }
            return String(
                decoding: try JSONSerialization.data(
                    withJSONObject: members, options: [.prettyPrinted, .sortedKeys]),
                as: UTF8.self)
        }
    }

    /// One row a node.
    var csv: String {
        let rows = nodes.indices.map { node in
            let voltage = point.voltage[node]
            let angle = atan2(voltage.imaginary, voltage.real) * 180 / .pi
            return [
                CSVText.cell(feeder.buses[nodes[node].bus].name), "\(nodes[node].conductor)",
                plain(magnitude(node), 8), plain(angle, 6), plain(voltage.magnitude, 5),
            ].joined(separator: ",")
        }
        return (["bus,conductor,voltage_pu,angle_degree,voltage_v"] + rows).joined(separator: "\n") + "\n"
    }

    private func plain(_ value: Double, _ decimals: Int) -> String {
        String(format: "%.\(decimals)f", value)
    }

    private func title(_ node: Int) -> String {
        "\(feeder.buses[nodes[node].bus].name).\(nodes[node].conductor)"
    }

    private func magnitude(_ node: Int) -> Double {
        point.voltage[node].magnitude / feeder.buses[nodes[node].bus].nominalPhaseVoltage
    }

    /// Of lines and transformers; what shunts take is told apart.
    private var losses: Power { (point.lineLoss + point.transformerLoss).reduce(.zero, +) }

    private var source: Complex { point.sourcePower.reduce(.zero, +) }

    /// Nodes of phases under voltage, the lowest voltage first; neutrals are not among them.
    private var ordered: [Int] {
        nodes.indices.filter { point.voltage[$0] != .zero && nodes[$0].conductor <= 3 }
            .sorted { magnitude($0) < magnitude($1) }
    }

    private var powers: [String] {
        let lines = point.lineLoss.reduce(Power.zero, +).kilowatts
        let transformers = point.transformerLoss.reduce(Power.zero, +).kilowatts
        var rows = feeder.sources.indices.map { index in
            let power = point.sourcePower[index]
            return "  source    \(aligned(fixed(power.real / 1000, 3), 14)) kW "
                + "\(aligned(fixed(power.imaginary / 1000, 3), 14)) kvar"
                + (feeder.sources.count > 1 ? "  \(feeder.sources[index].name)" : "")
        }
        rows.append(
            "  losses    \(aligned(fixed(losses.kilowatts, 3), 14)) kW: lines \(fixed(lines, 3)), "
                + "transformers \(fixed(transformers, 3))")
        if point.shuntLoss > .zero {
            rows.append("  shunts    \(aligned(fixed(point.shuntLoss.kilowatts, 3), 14)) kW")
        }
        if !feeder.inverters.isEmpty {
            let given = point.inverterPower.reduce(Complex.zero, +)
            rows.append(
                "  inverters \(aligned(fixed(given.real / 1000, 3), 14)) kW "
                    + "\(aligned(fixed(given.imaginary / 1000, 3), 14)) kvar")
        }
        return rows
    }

    private var controls: [String] {
        let taps = zip(feeder.tapControls, point.positions).map { "\($0.name) \($1)" }
        let steps = zip(feeder.shuntControls, point.closed).map { control, closed in
            "\(control.name) \(closed) of \(feeder.shunts[control.shunt].steps)"
        }
        return ["  taps      " + (taps.isEmpty ? "none" : taps.joined(separator: ", "))]
            + (steps.isEmpty ? [] : ["  closed    " + steps.joined(separator: ", ")])
    }

    private var extremes: [String] {
        guard let low = ordered.first, let high = ordered.last else { return [] }
        return [
            "  voltage   \(fixed(magnitude(low), 6)) p.u. at \(title(low)) to "
                + "\(fixed(magnitude(high), 6)) p.u. at \(title(high))"
        ]
    }

    private var dead: [String] {
        let count = nodes.indices.count { point.voltage[$0] == .zero }
        guard count > 0 else { return [] }
        return [
            "  islands   \(count) nodes without voltage, \(fixed(point.unserved.kilowatts, 3)) kW not served"
        ]
    }

    private var voltages: [String] {
        guard feeder.buses.count <= Self.mostBuses else {
            return ["", "  \(feeder.buses.count) buses: their voltages are written with --output FILE.csv"]
        }
        let width = feeder.buses.reduce(9) { max($0, $1.name.count) }
        func wide(_ name: String) -> String {
            name + String(repeating: " ", count: max(0, width - name.count))
        }
        let byBus = Dictionary(grouping: nodes.indices) { nodes[$0].bus }
        let last = max(3, nodes.map(\.conductor).max() ?? 3)
        let rows = feeder.buses.indices.map { bus in
            let cells = (1...last).map { conductor in
                let node = byBus[bus]?.first { nodes[$0].conductor == conductor }
                return aligned(node.map { fixed(magnitude($0), 4) } ?? "–", 10)
            }
            return "  \(wide(feeder.buses[bus].name))" + cells.joined()
        }
        return ["", "  \(wide("bus"))    |V| of conductors 1 to \(last), p.u."] + rows
    }
}
