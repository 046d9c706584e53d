import Export
import Foundation
import Grid
import OptimalPowerFlow

/// An AC optimal power flow for the terminal.
struct ACOptimumSummary: OptimumSummary {
    let optimum: ACOptimum
    let networkCase: NetworkCase
    private static let listed = 12

    init(_ networkCase: NetworkCase, _ optimum: ACOptimum) {
        self.networkCase = networkCase
        self.optimum = optimum
    }

    var ending: String { "\(optimum.status.rawValue), \(optimum.iterations) iterations" }
    var isOptimal: Bool { optimum.status == .optimal }

    var missing: [String] {
        guard let missing = optimum.missing else { return [] }
        let (p, q) = (fixed(missing.active.value / 1e6, 3), fixed(missing.reactive.value / 1e6, 3))
        return ["  largest shortage at bus \(network.buses[missing.bus].name): \(p) MW and \(q) Mvar"]
    }

    var totals: [String] {
        let given = optimum.active.reduce(0) { $0 + $1.value } / 1e6
        let lost = zip(optimum.powerFrom, optimum.powerTo).reduce(0) { $0 + ($1.0 + $1.1).value } / 1e6
        let residuals = [
            optimum.residuals.primal, optimum.residuals.dual, optimum.residuals.complementarity,
        ].map { scientific($0) }
        return [
            "  cost      \(aligned(fixed(optimum.cost, 4), 16)) per hour",
            "  generated \(aligned(fixed(given, 3), 16)) MW, of which losses \(fixed(lost, 3))",
            "  certified  balances and limits \(residuals[0]) p.u., stationarity \(residuals[1]), "
                + "complementarity \(residuals[2])",
        ]
    }

    /// The buses with the lowest and the highest prices; all where they are few.
    var prices: [String] {
        let order = network.buses.indices.sorted { optimum.prices[$0].total < optimum.prices[$1].total }
        let half = Self.listed / 2
        let isShort = order.count <= Self.listed
        let shown = isShort ? Array(order) : Array(order.prefix(half) + order.suffix(half))
        var lines = ["  bus             price /MWh        energy    congestion          loss           |V|"]
        for (k, bus) in shown.enumerated() {
            if !isShort, k == half { lines.append("  … \(order.count - shown.count) more") }
            let name = network.buses[bus].name.padding(toLength: 12, withPad: " ", startingAt: 0)
            let numbers = parts(bus) + [optimum.voltages[bus]]
            lines.append("  \(name)" + numbers.map { aligned(fixed($0, 4), 14) }.joined())
        }
        return lines
    }

    var limits: [String] {
        let binding = optimum.binding.map(words)
        guard !binding.isEmpty else { return ["", "  no voltage or branch limit binds"] }
        let lines = binding.prefix(Self.listed).map { "  \($0.name): \($0.saving)" }
        let rest = binding.count > Self.listed ? ["  … \(binding.count - Self.listed) more"] : []
        return ["", "  binding limits, and what relaxing each saves per hour"] + lines + rest
    }

    private func words(_ limit: ACOptimum.BindingLimit) -> (name: String, saving: String) {
        func bus(_ index: Int) -> String { "bus \(network.buses[index].name)" }
        func branch(_ index: Int) -> String { "branch \(network.branches[index].name)" }
        let (megavolt, percent) = (limit.price * 1e6, limit.price / 100)
        let perDegree = limit.price * .pi / 180
        return switch limit.kind {
        case .largestVoltage(let index):
            ("\(bus(index)), upper voltage limit", "\(fixed(percent, 4)) for 0.01 p.u.")
        case .leastVoltage(let index):
            ("\(bus(index)), lower voltage limit", "\(fixed(percent, 4)) for 0.01 p.u.")
        case .ratingFrom(let index), .ratingTo(let index):
            ("\(branch(index)), rating", "\(fixed(megavolt, 4)) for 1 MVA")
        case .largestAngle(let index), .leastAngle(let index):
            ("\(branch(index)), angle limit", "\(fixed(perDegree, 4)) for 1 degree")
        }
    }

    /// The price at a bus and its parts energy, congestion and loss, per MWh.
    private func parts(_ bus: Int) -> [Double] {
        let price = optimum.prices[bus]
        return [price.total, price.energy, price.congestion, price.loss].map { $0.value * 1e6 }
    }

    var csv: String {
        let rows = network.buses.indices.map { bus in
            let numbers = parts(bus) + [optimum.reactivePrices[bus] * 1e6, optimum.voltages[bus]]
            let cells = [CSVText.cell(network.buses[bus].name)] + numbers.map { String(format: "%.6f", $0) }
            return cells.joined(separator: ",") + "\n"
        }
        return "bus,price_per_mwh,energy_per_mwh,congestion_per_mwh,loss_per_mwh,price_per_mvarh,voltage_pu\n"
            + rows.joined()
    }

    /// The solution as one JSON object; only the status and the shortage where there is none.
    var json: String {
        get throws {
            var members: [String: Any] = [
                "case": networkCase.name, "status": optimum.status.rawValue, "iterations": optimum.iterations,
            ]
            if let missing = optimum.missing {
                members["missing"] =
                    [
                        "bus": network.buses[missing.bus].name, "mw": missing.active.value / 1e6,
                        "mvar": missing.reactive.value / 1e6,
                    ] as [String: Any]
            }
            if optimum.status == .optimal {
                members.merge(solution) { $1 }
            }
            let data = try JSONSerialization.data(
                withJSONObject: members, options: [.prettyPrinted, .sortedKeys])
            return String(decoding: data, as: UTF8.self)
        }
    }

    private var solution: [String: Any] {
        let generators = networkCase.generators.indices.map { index in
            [
                "name": networkCase.generators[index].name, "mw": optimum.active[index].value / 1e6,
                "mvar": optimum.reactive[index].value / 1e6,
            ] as [String: Any]
        }
        let branches = network.branches.indices.map { index in
            [
                "name": network.branches[index].name, "from_mw": optimum.powerFrom[index].value / 1e6,
                "to_mw": optimum.powerTo[index].value / 1e6,
                "from_mvar": optimum.reactiveFrom[index].value / 1e6,
                "to_mvar": optimum.reactiveTo[index].value / 1e6,
            ] as [String: Any]
        }
        let buses = network.buses.indices.map { bus in
            let parts = parts(bus)
            return [
                "bus": network.buses[bus].name, "per_mwh": parts[0], "energy_per_mwh": parts[1],
                "congestion_per_mwh": parts[2], "loss_per_mwh": parts[3],
                "per_mvarh": optimum.reactivePrices[bus] * 1e6, "voltage_pu": optimum.voltages[bus],
                "angle_deg": optimum.angles[bus] * 180 / .pi,
            ] as [String: Any]
        }
        return [
            "cost_per_h": optimum.cost, "balance_residual_pu": optimum.residuals.primal,
            "stationarity_residual": optimum.residuals.dual,
            "complementarity": optimum.residuals.complementarity, "generators": generators,
            "branches": branches, "prices": buses,
            "binding": optimum.binding.map { words($0).name },
        ]
    }
}
