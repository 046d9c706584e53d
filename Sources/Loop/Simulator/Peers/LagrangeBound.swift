import DistributedDispatch
import Grid
import Scheduling
import Timeline

/// Cost that no plan of a problem can be below, from prices alone: Lagrange's bound for the balance. With f
/// the cost of an offer, λ a price a step and h hours a step, any plan costs at least
///
///     h·Σ_t λ_t·losses_t + Σ_i min_p (f_i(p) − h·Σ_t λ_t·p_t),
///
/// so that each agent can find its own part of it. Units run at any power and pay their hours on in
/// proportion. Any prices give a bound, and those of the optimum give the cost of the optimum.
struct LagrangeBound {
    /// One offer an agent, with the prices of giving and taking, yuan/Wh.
    struct Part {
        let offer: Offer
        let deliver, absorb: [Double]
        let end: StoreResponse.End
        let storedValue: Double
    }

    private let problem: DispatchProblem
    private var parts: [Part] = []
    private let connection: Int
    private let highest: Double

    /// Takes the offers of the agents, of which one is the connection, and what their stores want at the end.
    init(_ problem: DispatchProblem, _ offers: [(offer: Offer, first: Int, end: StoreResponse.End)]) {
        self.problem = problem
        highest = problem.slackPrice.value
        connection = offers.firstIndex { $0.offer.role == .connection }!
        parts = offers.map { offer, first, end in
            let isUnit = offer.minimumWhenOn != nil
            return Part(
                offer: offer,
                deliver: problem.horizon.indices.map { step in
                    let own = problem.deliverPrice(of: first, at: step).value
                    let upper = offer.upper[step].value
                    return isUnit && upper > 0 ? own + offer.cost.perHourOn / upper : own
                },
                absorb: problem.horizon.indices.map { offer.cost.absorb(at: $0).value }, end: end,
                storedValue: problem.storedValue(of: first).value)
        }
    }

    /// The best bound at prices near those agreed on, yuan. Where these are near a price of the connection,
    /// within a share of its mean, they are taken to be equal to it, for else the bound has the connection
    /// carry all it can for a difference that is an error of the agreement.
    func best(near agreed: [EnergyCost]) -> Double {
        let mean = DispatchProblem.mean(parts[connection].deliver.map { EnergyCost($0) }).value
        return [0, 0.02, 0.1, 0.3].map { value(at: snapped(agreed.map(\.value), within: $0 * mean)) }.max()!
    }

    /// Prices between zero and that of shortage. Above the tariff, they add up to no more than the demand
    /// charge in any month: beyond it the bound would fall without end.
    private func snapped(_ agreed: [Double], within width: Double) -> [Double] {
        let (buying, selling) = (parts[connection].deliver, parts[connection].absorb)
        var prices = agreed.indices.map { step in
            let price = min(max(agreed[step], 0), highest)
            if abs(price - buying[step]) <= width { return max(buying[step], 0) }
            return abs(price - selling[step]) <= width ? max(selling[step], 0) : price
        }
        guard let charge = problem.requirements.demandCharge else { return prices }
        for (k, month) in charge.months.enumerated() {
            let next = k + 1 < charge.months.count ? charge.months[k + 1].first : prices.count
            let steps = month.first..<next
            let above = steps.reduce(0) { $0 + max(prices[$1] - buying[$1], 0) } * problem.horizon.stepHours
            // Where the meter's interval is longer than a step, a step alone is not charged.
            let most = charge.parts.isEmpty ? month.price : 0
            guard above > most else { continue }
            for step in steps where prices[step] > buying[step] {
                prices[step] = max(buying[step], 0) + max(prices[step] - buying[step], 0) * most / above
            }
        }
        return prices
    }

    private func value(at prices: [Double]) -> Double {
        let hours = problem.horizon.stepHours
        let losses = problem.losses.indices.reduce(0) {
            $0 + prices[$1 % prices.count] * problem.losses[$1].value
        }
        return parts.indices.reduce(hours * losses) { $0 + least($1, prices, hours) }
    }

    /// Least cost of an offer less what its powers earn at the prices, yuan.
    private func least(_ index: Int, _ prices: [Double], _ hours: Double) -> Double {
        let part = parts[index]
        if part.offer.reservoir != nil {
            var store = StoreResponse(part.offer, end: part.end)
            store.respond(to: prices.map { EnergyCost($0) })
            let earned = prices.indices.reduce(0) {
                $0 + part.value(of: store.powers[$1].value, at: $1, price: prices[$1])
            }
            return hours * earned - part.storedValue * (store.contents.last?.value ?? 0)
        }
        let ceilings = index == connection ? ceilings() : []
        return hours
            * prices.indices.reduce(0) { sum, step in
                var upper = part.offer.upper[step].value
                if !ceilings.isEmpty { upper = max(min(upper, ceilings[step]), part.offer.lower[step].value) }
                return sum + part.least(at: step, price: prices[step], upper: upper)
            }
    }

    /// Imports that are not charged, W: at prices within the charge nothing is gained above them.
    private func ceilings() -> [Double] {
        guard let charge = problem.requirements.demandCharge, charge.parts.isEmpty else { return [] }
        var ceilings = problem.horizon.indices.map { _ in Double.infinity }
        for (k, month) in charge.months.enumerated() {
            let next = k + 1 < charge.months.count ? charge.months[k + 1].first : ceilings.count
            for step in month.first..<next { ceilings[step] = max(month.soFar.value, 0) }
        }
        return ceilings
    }
}

extension LagrangeBound.Part {
    /// Cost of a power less what it earns, yuan/h; of a load, what is not served.
    fileprivate func value(of power: Double, at step: Int, price: Double) -> Double {
        let curved = offer.cost.quadratic * power * power
        guard !offer.isLoad else {
            let wanted = offer.lower[step].value
            return absorb[step] * (power - wanted) + curved - offer.cost.quadratic * wanted * wanted
                - price * power
        }
        return (power > 0 ? deliver[step] : absorb[step]) * power + curved - price * power
    }

    /// The least value between the bounds: at one of them, at zero, or where the slope is zero.
    fileprivate func least(at step: Int, price: Double, upper: Double) -> Double {
        let own = offer.lower[step].value
        let lower = offer.minimumWhenOn == nil ? own : min(own, 0)
        var least = min(value(of: lower, at: step, price: price), value(of: upper, at: step, price: price))
        if lower < 0, upper > 0 { least = min(least, 0) }
        guard offer.cost.quadratic > 0 else { return least }
        for cost in [deliver[step], absorb[step]] {
            let flat = min(max((price - cost) / (2 * offer.cost.quadratic), lower), upper)
            least = min(least, value(of: flat, at: step, price: price))
        }
        return least
    }
}
