import Grid
import Scheduling
import Studies

// The parts of the price in sentences, and the requirements that bind.

extension ExplanationText {
    /// The parts of the price, rounded so that they sum to it as it is shown.
    var parts: [String] {
        let makers = explanation.makers.map { ($0.cost, maker($0)) }
        let shares = explanation.shares.map { ($0.cost, share($0.source)) }
        let all = makers + shares
        let rounded = Self.thousandths(all.map(\.0), of: explanation.price)
        return zip(all, rounded).enumerated().compactMap { k, part in
            guard k < makers.count || part.1 != 0 else { return nil }
            return "  \(Markup.number(Double(part.1) / 1000, 3)) yuan of it: \(part.0.1)"
        }
    }

    /// Whole thousandths of a yuan per kWh, each next to its part, which sum to those of `whole`.
    static func thousandths(_ parts: [EnergyCost], of whole: EnergyCost) -> [Int] {
        rounded(parts.map { $0.yuanPerKilowattHour * 1000 }, of: whole.yuanPerKilowattHour * 1000)
    }

    /// Whole numbers, each next to its part, which sum to that of `whole`: the largest remainders are rounded
    /// up.
    static func rounded(_ parts: [Double], of whole: Double) -> [Int] {
        let exact = parts.map { min(max($0, -1e15), 1e15) }
        var rounded = exact.map { Int($0.rounded(.down)) }
        let total = min(max(whole, -1e15), 1e15).rounded()
        var left = Int(total) - rounded.reduce(0, +)
        let order = exact.indices.sorted {
            let a = exact[$0] - exact[$0].rounded(.down)
            let b = exact[$1] - exact[$1].rounded(.down)
            return a != b ? a > b : $0 < $1
        }
        for k in order where left > 0 { (rounded[k], left) = (rounded[k] + 1, left - 1) }
        return rounded
    }

    private func share(_ source: Explanation.Share.Source) -> String {
        switch source {
        case .peak: "the month's peak rises, and with it the demand charge"
        case .emissions: "the price of the emissions"
        case .reserve: "less spinning reserve is held"
        case .unmet: "power that no device can give or take"
        case .other: "limits of the network, losses and small moves"
        }
    }

    /// Why loads are shed that the least-cost plan sheds, or does not shed.
    var reasons: [String] {
        guard !explanation.shed.isEmpty else { return [] }
        guard explanation.isShedAtLeastCost else {
            return ["  the plan does not reach the least cost, which would serve these loads"]
        }
        let price = "  one more kWh served would cost \(yuan(explanation.price)) yuan"
        let values = explanation.shed.map {
            "\(name($0.offer)) values it at \(yuan(plan.problem.offers[$0.offer].cost.absorb(at: step)))"
        }
        return ["\(price); \(values.joined(separator: ", "))"]
            + explanation.pressures.map { "  " + pressure($0) }
    }

    /// A requirement that binds.
    func pressure(_ pressure: Explanation.Pressure) -> String {
        switch pressure {
        case .peak(let peak, let price, let isNow):
            "the month's peak\(isNow ? "" : ", in other steps that this one moves"): one kW more import than "
                + "\(kilowatts(peak)) would cost \(Markup.number(price * 1000, 2)) yuan of demand charge"
        case .emissionPrice(let offer, let cost):
            "the emission price adds \(yuan(cost)) yuan to each kWh of \(name(offer))"
        case .emissionCap: "the emission cap: the plan emits all that it may"
        case .spinningReserve(let worth):
            "the spinning reserve: one kW less to hold would save \(Markup.number(worth * 1000, 3)) yuan"
        case .islandReserve(let cost):
            "the reserve for an islanding, which costs \(Markup.number(cost, 2)) yuan over this plan"
        }
    }
}
