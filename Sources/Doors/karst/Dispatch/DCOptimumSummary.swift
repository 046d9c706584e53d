import Export
import Foundation
import Grid
import OptimalPowerFlow

/// A DC optimal power flow for the terminal.
struct DCOptimumSummary: OptimumSummary {
    let optimum: DCOptimum
    let networkCase: NetworkCase
    private static let listed = 12

    init(_ networkCase: NetworkCase, _ optimum: DCOptimum) {
        self.networkCase = networkCase
        self.optimum = optimum
    }

    var ending: String { "\(optimum.status.rawValue), \(optimum.iterations) iterations" }
    var isOptimal: Bool { optimum.status == .optimal }

    /// The largest shortages and surpluses first.
    var missing: [String] {
        guard !optimum.missing.isEmpty else { return [] }
        func megawatts(_ power: Double) -> String { fixed(power.magnitude / 1e6, 3) }
        let powers = optimum.missing.map(\.active.value)
        var lines: [String] = []
        for (word, sum) in [
            ("short of at least", powers.filter { $0 > 0 }.reduce(0, +)),
            ("surplus of at least", powers.filter { $0 < 0 }.reduce(0, +)),
        ] where sum != 0 { lines.append("  \(word) \(megawatts(sum)) MW, for instance") }
        let worst = optimum.missing.sorted { $0.active.value.magnitude > $1.active.value.magnitude }
        for missing in worst.prefix(Self.listed) {
            let power = missing.active.value
            lines.append(
                "  at bus \(network.buses[missing.bus].name): \(megawatts(power)) MW "
                    + (power > 0 ? "short" : "surplus"))
        }
        if worst.count > Self.listed { lines.append("  … \(worst.count - Self.listed) more buses") }
        return lines
    }

    var totals: [String] {
        let given = optimum.powers.reduce(0, +) / 1e6
        let running = zip(networkCase.generators, optimum.powers).filter { $0.0.isConnected }
        let ends = running.map { unit, power -> Int in
            guard let limits = unit.activeLimits else { return 0 }
            let slack = 1e-6 * (limits.upperBound - limits.lowerBound).value
            return power <= limits.lowerBound.value + slack
                ? -1 : power >= limits.upperBound.value - slack ? 1 : 0
        }
        let residuals = [optimum.primalResidual, optimum.dualResidual, optimum.gap].map { scientific($0) }
        return [
            "  cost      \(aligned(fixed(optimum.cost, 4), 16)) per hour",
            "  generated \(aligned(fixed(given, 3), 16)) MW; of \(running.count) generators "
                + "\(ends.count { $0 < 0 }) at minimum, \(ends.count { $0 > 0 }) at maximum power"
                + (optimum.losses > 0 ? "; losses \(fixed(optimum.losses / 1e6, 3)) MW" : ""),
            "  certified  balance \(residuals[0]) p.u., stationarity \(residuals[1]), gap \(residuals[2])",
        ]
    }

    /// The buses with the lowest and the highest prices; all where they are few.
    var prices: [String] {
        let order = network.buses.indices.sorted { price($0).total < price($1).total }
        let half = Self.listed / 2
        let isShort = order.count <= Self.listed
        let shown = isShort ? Array(order) : Array(order.prefix(half) + order.suffix(half))
        var lines = ["  bus             price /MWh        energy    congestion          loss"]
        for (k, bus) in shown.enumerated() {
            if !isShort, k == half { lines.append("  … \(order.count - shown.count) more") }
            let name = network.buses[bus].name.padding(toLength: 12, withPad: " ", startingAt: 0)
            lines.append("  \(name)" + parts(bus).map { aligned(fixed($0, 4), 14) }.joined())
        }
        return lines
    }

    var limits: [String] {
        let binding = optimum.binding.sorted { $0.price.value.magnitude > $1.price.value.magnitude }
        guard !binding.isEmpty else { return ["", "  no branch limit binds"] }
        var lines = ["", "  binding limits          flow MW   saved per MW more"]
        for limit in binding.prefix(Self.listed) {
            let branch = network.branches[limit.branch]
            let name = "\(branch.name) \(limit.kind.rawValue)".padding(
                toLength: 20, withPad: " ", startingAt: 0)
            lines.append(
                "  \(name)\(aligned(fixed(optimum.flows[limit.branch] / 1e6, 3), 11))"
                    + aligned(fixed(limit.price.value.magnitude * 1e6, 4), 20))
        }
        if binding.count > Self.listed { lines.append("  … \(binding.count - Self.listed) more") }
        return lines
    }

    private func price(_ bus: Int) -> NodalPrice { optimum.prices[bus] }

    /// The price at a bus and its parts energy, congestion and loss, per MWh.
    private func parts(_ bus: Int) -> [Double] {
        let price = price(bus)
        return [price.total, price.energy, price.congestion, price.loss].map { $0.value * 1e6 }
    }

    var csv: String {
        let rows = network.buses.indices.map { bus in
            let numbers = parts(bus).map { String(format: "%.6f", $0) }
            return ([CSVText.cell(network.buses[bus].name)] + numbers).joined(separator: ",") + "\n"
        }
        return "bus,price_per_mwh,energy_per_mwh,congestion_per_mwh,loss_per_mwh\n" + rows.joined()
    }

    /// The solution as one JSON object; only the status and the shortage where there is none.
    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": networkCase.name, "status": optimum.status.rawValue, "iterations": optimum.iterations,
            ]
            if !optimum.missing.isEmpty {
                members["missing"] = optimum.missing.map {
                    ["bus": network.buses[$0.bus].name, "mw": $0.active.value / 1e6] as [String: Any]
                }
            }
            if optimum.status == .optimal {
                members["losses_mw"] = optimum.losses / 1e6
                members["cost_per_h"] = optimum.cost
                members["balance_residual_pu"] = optimum.primalResidual
                members["stationarity_residual"] = optimum.dualResidual
                members["gap"] = optimum.gap
                members["generators"] = zip(networkCase.generators, optimum.powers).map {
                    ["name": $0.name, "mw": $1 / 1e6] as [String: Any]
                }
                members["branches"] = zip(network.branches, optimum.flows).map {
                    ["name": $0.name, "mw": $1 / 1e6] as [String: Any]
                }
                members["prices"] = network.buses.indices.map { bus in
                    let parts = parts(bus)
                    return [
                        "bus": network.buses[bus].name, "per_mwh": parts[0], "energy_per_mwh": parts[1],
                        "congestion_per_mwh": parts[2], "loss_per_mwh": parts[3],
                    ] as [String: Any]
                }
                members["binding"] = optimum.binding.map {
                    [
                        "branch": network.branches[$0.branch].name, "kind": $0.kind.rawValue,
                        "per_mwh": $0.price.value * 1e6,
                    ] as [String: Any]
                }
            }
            let data = try JSONSerialization.data(
                withJSONObject: members, options: [.prettyPrinted, .sortedKeys])
            return String(decoding: data, as: UTF8.self)
        }
    }
}
