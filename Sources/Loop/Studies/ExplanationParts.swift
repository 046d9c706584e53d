import EconomicDispatch
public import Grid
import Scheduling
import Timeline

// The price of one more Wh is the cost of what moves between two solutions: offers, and what the problem
// requires of all of them together.

extension Explanation {
    /// A part of the price that is not the cost of an offer.
    public struct Share: Hashable, Sendable {
        /// Kinds of parts.
        public enum Source: String, Hashable, Sendable {
            /// The demand charge of a higher peak of a month.
            case peak
            /// The price of emissions.
            case emissions
            /// Missing spinning reserve.
            case reserve
            /// Demand that no offer can meet, or power that none can take.
            case unmet
            /// Limits of the network, losses, and moves too small to be named.
            case other
        }

        /// Kind of the part.
        public let source: Source
        /// Its part of the price.
        public let cost: EnergyCost
    }

    /// A requirement that binds.
    public enum Pressure: Hashable, Sendable {
        /// More import raises the peak of the month from `peak` at `price`, yuan per W: in the step itself,
        /// or in others that one more Wh in the step moves.
        case peak(Power, price: Double, isNow: Bool)
        /// The price of emissions adds `cost` to what the offer gives.
        case emissionPrice(offer: Int, cost: EnergyCost)
        /// The plan emits all that the cap allows.
        case emissionCap
        /// One W less of spinning reserve in the step saves `worth`, yuan per W.
        case spinningReserve(worth: Double)
        /// Without the reserve for an islanding the plan costs `cost` less, yuan.
        case islandReserve(cost: Double)
    }

    /// Returns the offers that move between two plans of a problem that differ by `change`, W, in one step,
    /// and the other parts of `price`.
    static func parts(
        of price: EnergyCost, _ problem: DispatchProblem, from base: Plan, to more: Plan, _ change: Double
    ) -> (makers: [Maker], shares: [Share]) {
        let (before, after) = (problem.costRates(of: base), problem.costRates(of: more))
        let (steps, hours) = (problem.horizon.count, problem.horizon.stepHours)
        var makers: [Maker] = []
        var emitted = 0.0
        for i in problem.offers.indices {
            var (energy, cost, most, own) = (0.0, 0.0, 0.0, 0.0)
            let moved = (0..<steps).map { step in
                let (a, b) = (base.power(of: i, at: step).value, more.power(of: i, at: step).value)
                energy += b - a
                cost += after[i][step] - before[i][step]
                if let emissions = problem.requirements.emissions {
                    own += emissions.price * emissions.factor(i, at: step) * (max(b, 0) - max(a, 0))
                }
                most = max(most, abs(b - a))
                return abs(b - a)
            }
            guard most > 0.02 * change, steps > 0 else { continue }
            if problem.offers[i].reservoir != nil {
                let kept = more.stored(in: i, at: steps - 1) - base.stored(in: i, at: steps - 1)
                cost -= problem.storedValue(of: i).value * kept.value / hours
            }
            emitted += own
            let first = moved.firstIndex { $0 > most / 10 }!
            let last = moved.lastIndex { $0 > most / 10 }!
            makers.append(
                .init(
                    offer: i, steps: first...last, energy: energy / change,
                    cost: EnergyCost((cost - own) / change)))
        }
        makers.sort { (abs($0.cost.value), $1.offer) > (abs($1.cost.value), $0.offer) }
        let required = problem.requirements
        func sum(_ powers: [Power]) -> Double { powers.reduce(0) { $0 + $1.value } }
        let peak =
            (required.demandCost(more.peaks.map(\.value)) - required.demandCost(base.peaks.map(\.value)))
            / hours
        let reserve = required.spinning.map {
            ($0.penalty?.value ?? problem.slackPrice.value / 8)
                * (sum(more.reserveMissing) - sum(base.reserveMissing))
        }
        let unmet =
            problem.slackPrice.value
            * (sum(more.shortage) + sum(more.surplus) - sum(base.shortage) - sum(base.surplus))
        var shares: [Share] = [
            (.peak, peak), (.emissions, emitted), (.reserve, reserve ?? 0), (.unmet, unmet),
        ].map { Share(source: $0, cost: EnergyCost($1 / change)) }
        let known = makers.reduce(0) { $0 + $1.cost.value } + shares.reduce(0) { $0 + $1.cost.value }
        shares.append(Share(source: .other, cost: EnergyCost(price.value - known)))
        return (makers, shares)
    }
}

extension DispatchProblem {
    /// Returns the requirements that bind in a step of `plan`. `base` is the least-cost plan, `more` that
    /// with `change` more to cover in the step, a small power, W; `cost` the least cost of a changed problem.
    func pressures(
        on plan: Plan, at step: Int, _ change: Double, _ base: Plan, _ more: Plan,
        cost: (DispatchProblem) -> Double?
    ) -> [Explanation.Pressure] {
        var found: [Explanation.Pressure] = []
        var firstPeak = 0
        for charge in requirements.demandCharges {
            defer { firstPeak += charge.months.count }
            func peaks(_ more: Double) -> [Double] {
                charge.peaks(
                    of: { plan.power(of: charge.offer, at: $0).value + ($0 == step ? more : 0) },
                    steps: horizon.count)
            }
            let month = charge.months.lastIndex { $0.first <= step } ?? 0
            let (now, raised) = (peaks(0)[month], peaks(change)[month])
            let isNow = raised > now + 1e-6 * change
            let isMoved =
                more.peaks[firstPeak + month] > base.peaks[firstPeak + month] + Power(1e-3 * change)
            if charge.months[month].price > 0, isNow || isMoved {
                found.append(.peak(Power(now), price: charge.months[month].price, isNow: isNow))
            }
        }
        if let emissions = requirements.emissions {
            found += offers.indices.compactMap { i in
                let cost = emissions.price * emissions.factor(i, at: step)
                return cost > 0 && plan.power(of: i, at: step).value > 1e-6 * change
                    ? .emissionPrice(offer: i, cost: EnergyCost(cost)) : nil
            }
            if let cap = emissions.cap {
                let emitted = offers.indices.reduce(0) { sum, i in
                    horizon.indices.reduce(sum) {
                        $0 + emissions.factor(i, at: $1) * max(plan.power(of: i, at: $1).value, 0)
                            * horizon.stepHours
                    }
                }
                if emitted >= cap * (1 - 1e-4) { found.append(.emissionCap) }
            }
        }
        if let reserve = requirements.spinning, reserve.required[step].value > 0 {
            var less = self
            var required = reserve.required
            let cut = min(change, required[step].value)
            required[step] -= Power(cut)
            less.requirements.spinning = SpinningReserve(
                required: required, providers: reserve.providers, hours: reserve.hours,
                penalty: reserve.penalty)
            let worth = cost(less).map { (base.objective - $0) / cut } ?? 0
            if worth > 1e-9 { found.append(.spinningReserve(worth: worth)) }
        }
        if requirements.island != nil {
            var free = self
            free.requirements.island = nil
            let saved = cost(free).map { base.objective - $0 } ?? 0
            if saved > 1e-3 { found.append(.islandReserve(cost: saved)) }
        }
        return found
    }
}

extension Plan {
    /// Demand that the plan does not serve in a step.
    func unservedPower(at step: Int) -> Power { problem.sum(shortage, at: step) + shed(at: step) }
}
