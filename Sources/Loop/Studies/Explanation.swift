// Explains one step of a plan by solving its problem again with one thing changed. With V the least cost of
// the problem, units on and off as planned, and d a thousandth of the largest power:
//
//     one more Wh costs        (V(losses_t + d) − V) / (d·h)
//     one less Wh saves        (V − V(losses_t − d)) / (d·h)       equal but at a kink
//     one more W is worth      (V − V(capacity of the device + d)) / d     over the horizon
//
// The offers that move between the first two solutions make the price: the costs of their moves sum to it.
// The differences are exact but for rounding, because V is piecewise linear or quadratic and d is small.

import EconomicDispatch
public import Grid
public import Scheduling
import Timeline

/// Why one step of a plan is as it is: its marginal price, who makes it, and the binding limits.
public struct Explanation: Sendable {
    /// An offer that moves when one more Wh is taken.
    public struct Maker: Hashable, Sendable {
        /// Place of the offer.
        public let offer: Int
        /// Steps in which it moves most, from the first to the last.
        public let steps: ClosedRange<Int>
        /// Energy that it gives more over the horizon for one more Wh, Wh; negative where it takes.
        public let energy: Double
        /// Its part of the price.
        public let cost: EnergyCost
    }

    /// A binding limit of an offer.
    public struct Binding: Hashable, Sendable {
        /// Kinds of limits.
        public enum Limit: String, Hashable, Sendable {
            /// It gives all that it may.
            case greatest
            /// It takes all that it may.
            case least
            /// Its store is full.
            case full
            /// Its store is empty.
            case empty
            /// It cannot change faster.
            case ramp
        }

        /// Place of the offer.
        public let offer: Int
        /// The limit.
        public let limit: Limit
        /// For a store the first later step at whose end the limit no longer binds; nil: it binds to the end
        /// of the horizon.
        public let until: Int?

        /// Creates a binding limit.
        public init(offer: Int, limit: Limit, until: Int?) {
            (self.offer, self.limit, self.until) = (offer, limit, until)
        }
    }

    /// Value of a larger device.
    public struct Worth: Hashable, Sendable {
        /// Place of the offer.
        public let offer: Int
        /// Value of one more W that can be given (by a store: also taken), over the horizon, yuan/W.
        public let power: Double
        /// Value of one more Wh that a store can hold, yuan/Wh; nil without a store.
        public let content: Double?
        /// Value of one more W in this step alone, at the price of this step, yuan/W.
        public let now: Double
    }

    /// The plan.
    public let plan: Plan
    /// The step.
    public let step: Int
    /// Area whose price it is.
    public let area: Int
    /// Saving of one Wh less in the step. It differs from `price` only where the marginal cost jumps.
    public let saving: EnergyCost
    /// Cost of one more Wh in the step.
    public let price: EnergyCost
    /// Offers that make the price, the greatest part first.
    public let makers: [Maker]
    /// What else the price is made of; with `makers` it sums to the price.
    public let shares: [Share]
    /// Binding limits of the offers in the step.
    public let bindings: [Binding]
    /// Requirements that bind in the step.
    public let pressures: [Pressure]
    /// Ties that carry all that they may, and the area that they carry it to.
    public let full: [(tie: Int, to: Int)]
    /// Values of larger devices, one for each offer that is no load.
    public let worths: [Worth]
    /// Loads that the plan does not serve in full in the step, and the power not served.
    public let shed: [(offer: Int, power: Power)]
    /// Cost of the plan above the least cost with its units on and off as planned, yuan.
    public let excess: Double

    /// Whether the least-cost plan of the same units sheds the loads of `shed` too.
    public let isShedAtLeastCost: Bool

    /// Explains a step of a plan; nil where the solver did not solve the problem.
    public init?(_ plan: Plan, at step: Int, in area: Int = 0) {
        precondition(plan.horizon.indices.contains(step))
        precondition((0..<plan.problem.areas.count).contains(area))
        let problem = plan.problem.withinReach.committed(as: plan)
        let solver = RollingOptimum()
        func solved(_ problem: DispatchProblem) -> Plan? {
            let plan = solver.plan(problem)
            return plan.status == .fallback ? nil : plan
        }
        let largestPower = problem.largestPower.value
        let hours = problem.horizon.stepHours
        let change = 1e-3 * max(largestPower, 1)
        guard let base = solved(problem), let more = solved(problem.adding(change, at: step, in: area)),
            let less = solved(problem.adding(-change, at: step, in: area))
        else { return nil }
        self.plan = plan
        self.step = step
        self.area = area
        let energy = change * hours
        price = EnergyCost((more.objective - base.objective) / energy)
        saving = EnergyCost((base.objective - less.objective) / energy)
        (makers, shares) = Self.parts(of: price, problem, from: base, to: more, change)
        pressures = problem.pressures(on: plan, at: step, change, base, more) { solved($0)?.objective }
        bindings = plan.bindings(at: step)
        full = problem.areas.ties.indices.flatMap { tie in
            [problem.areas.ties[tie].from, problem.areas.ties[tie].to]
                .filter { plan.isFull(tie, toward: $0, at: step) }.map { (tie, $0) }
        }
        var worths: [Worth] = []
        for i in problem.offers.indices where !problem.offers[i].isLoad {
            guard let wider = solved(problem.widened(i, by: change)) else { return nil }
            var content: Double?
            if let larger = problem.enlarged(i, by: energy) {
                guard let plan = solved(larger) else { return nil }
                content = max(base.objective - plan.objective, 0) / energy
            }
            let own = problem.deliverPrice(of: i, at: step).value
            let most = plan.problem.offers[i].upper[step].value
            let isUsedUp =
                problem.offers[i].reservoir == nil && most > 0
                && plan.power(of: i, at: step).value >= most * (1 - 1e-6)
            let home = problem.areas.area(of: i)
            let worth = home == area ? price : base.price(in: home, at: step)
            worths.append(
                Worth(
                    offer: i, power: max(base.objective - wider.objective, 0) / change, content: content,
                    now: isUsedUp ? max(worth.value - own, 0) * hours : 0))
        }
        self.worths = worths
        shed = problem.offers.indices.compactMap { i in
            let lacking = plan.power(of: i, at: step) - plan.problem.offers[i].lower[step]
            return problem.offers[i].isLoad && lacking.value > 1e-6 * largestPower ? (i, lacking) : nil
        }
        isShedAtLeastCost = base.unservedPower(at: step).value > 1e-6 * largestPower
        excess = max(problem.objective(of: plan) - base.objective, 0)
    }
}

extension Plan {
    /// Largest magnitude of its powers, the demands and the losses, W.
    fileprivate var largestPower: Double {
        let demands = problem.offers.lazy.filter(\.isLoad).map(\.largestPower.value)
        let largest = problem.losses.reduce(demands.max() ?? 0) { max($0, abs($1.value)) }
        return schedule.powers.reduce(largest) { max($0, abs($1.value)) }
    }

    fileprivate func bindings(at step: Int) -> [Explanation.Binding] {
        var found: [Explanation.Binding] = []
        let largest = largestPower
        for (i, offer) in problem.offers.enumerated() {
            let power = power(of: i, at: step).value
            let tolerance = 1e-4 * min(offer.largestPower.value, largest) + 1e-6
            let (lower, upper) = (offer.lower[step].value, offer.upper[step].value)
            if let store = offer.reservoir {
                let slack = 1e-4 * store.maximum.value
                func isFull(_ t: Int) -> Bool {
                    stored(in: i, at: t).value >= store.maximum.value - slack
                }
                func isEmpty(_ t: Int) -> Bool {
                    stored(in: i, at: t).value <= store.least(at: t) + slack
                }
                for (limit, holds) in [(Explanation.Binding.Limit.full, isFull), (.empty, isEmpty)]
                where holds(step) {
                    found.append(
                        .init(offer: i, limit: limit, until: (step..<horizon.count).first { !holds($0) }))
                }
            }
            let before = step == 0 ? offer.power.value : self.power(of: i, at: step - 1).value
            if offer.ramp != nil, abs(abs(power - before) - offer.rampPerStep) < tolerance {
                found.append(.init(offer: i, limit: .ramp, until: nil))
            }
            guard upper - lower > 2 * tolerance else { continue }
            if power >= upper - tolerance, upper > 0 {
                found.append(.init(offer: i, limit: .greatest, until: nil))
            } else if power <= lower + tolerance, lower < 0, !offer.isLoad {
                found.append(.init(offer: i, limit: .least, until: nil))
            }
        }
        return found
    }
}
