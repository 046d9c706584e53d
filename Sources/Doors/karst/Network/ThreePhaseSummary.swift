import Export
import Foundation
import Grid

/// The power flow of a three-phase feeder for the terminal.
struct ThreePhaseSummary {
    let name: String
    let network: UnbalancedNetwork
    let point: UnbalancedPoint

    var text: String {
        let heading =
            "\(name) · \(network.buses.count) buses, \(network.branches.count) branches, three phases · "
            + "\(point.status.rawValue), \(point.iterations) sweeps"
        guard point.status.isSolved else { return heading }
        let sum = { (values: [Power]) in values.reduce(Power.zero, +).kilowatts }
        let totals = [
            "  source  \(aligned(fixed(sum(point.sourcePower), 3), 14)) kW, by phase "
                + point.sourcePower.map { fixed($0.kilowatts, 3) }.joined(separator: ", "),
            "  losses  \(aligned(fixed(point.losses.kilowatts, 3), 14)) kW",
            "  taps    " + (taps.isEmpty ? "none" : taps.joined(separator: ", ")),
        ]
        let count = network.buses.indices.count { phases(of: $0).isEmpty }
        let dead =
            count > 0
            ? [
                "  islands \(count) buses without voltage, \(fixed(point.unserved.kilowatts, 3)) kW not served"
            ]
            : []
        let title = "  \(wide("bus"))    |V| of a, b, c, p.u."
        return ([heading, ""] + totals + dead + ["", title] + voltages)
            .joined(separator: "\n")
    }

    /// One row per bus and phase.
    var csv: String {
        let rows = network.buses.indices.flatMap { bus in
            phases(of: bus).map { phase in
                [
                    CSVText.cell(network.buses[bus].name), ["a", "b", "c"][phase],
                    fixed(magnitude(bus, phase), 8),
                    fixed(point.angle[3 * bus + phase] * 180 / .pi, 6),
                ].joined(separator: ",")
            }
        }
        return (["bus,phase,voltage_pu,angle_degree"] + rows).joined(separator: "\n") + "\n"
    }

    private var taps: [String] {
        let names = network.branches.flatMap { branch -> [String] in
            guard case .regulator(let regulator) = branch.element else { return [] }
            return regulator.controls.map { _ in branch.name }
        }
        return zip(names, point.taps).map { "\($0) \($1)" }
    }

    private var voltages: [String] {
        network.buses.indices.map { bus in
            let live = phases(of: bus)
            let cells = (0..<3).map { live.contains($0) ? fixed(magnitude(bus, $0), 4) : "–" }
            return "  \(wide(network.buses[bus].name))" + cells.map { aligned($0, 10) }.joined()
        }
    }

    /// In a column that is as wide as the longest name.
    private func wide(_ name: String) -> String {
        let width = network.buses.reduce(9) { max($0, $1.name.count) }
        return name + String(repeating: " ", count: width - name.count)
    }

    private func phases(of bus: Int) -> [Int] {
        (0..<3).filter { point.voltage[3 * bus + $0] > .zero }
    }

    private func magnitude(_ bus: Int, _ phase: Int) -> Double {
        point.voltage[3 * bus + phase].value / network.buses[bus].nominalPhaseVoltage
    }
}
