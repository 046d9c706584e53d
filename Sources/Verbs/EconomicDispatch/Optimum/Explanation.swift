// One step of a plan, explained by solving its problem again with one thing changed. With V the least cost of
// the problem, units on and off as planned, and d a thousandth of the largest power:
//
//     one more Wh costs        (V(losses_t + d) − V) / (d·h)
//     one less Wh saves        (V − V(losses_t − d)) / (d·h)       equal but at a kink
//     one more W is worth      (V − V(capacity of the device + d)) / d     over the horizon
//
// What makes the price is who moves between the first two solutions, when, and at what cost: those costs sum
// to the price. The differences are exact but for rounding, since V is piecewise linear or quadratic and d
// small.

public import Grid
public import Scheduling
import Timeline

/// Why a step of a plan is as it is.
public struct Explanation: Sendable {
    /// Who moves for one more Wh.
    public struct Maker: Hashable, Sendable {
        public let offer: Int
        /// When most of it is, from the first step to the last.
        public let steps: ClosedRange<Int>
        /// Wh that it gives more, over the horizon, for one Wh more; negative where it takes.
        public let energy: Double
        /// Its part of the price, yuan/Wh.
        public let cost: EnergyCost
    }

    public struct Binding: Hashable, Sendable {
        public enum Limit: String, Hashable, Sendable {
            /// Gives all it may; takes all it may; its store is full; its store is empty; it cannot change
            /// faster.
            case greatest, least, full, empty, ramp
        }

        public let offer: Int
        public let limit: Limit
        /// Of a store: the first later step at whose end it is no more so; nil to the end of the horizon.
        public let until: Int?

        public init(offer: Int, limit: Limit, until: Int?) {
            (self.offer, self.limit, self.until) = (offer, limit, until)
        }
    }

    /// Of one more W of a device.
    public struct Worth: Hashable, Sendable {
        public let offer: Int
        /// Yuan per W over the horizon, of power that can be given (of a store: and taken).
        public let power: Double
        /// Yuan per Wh that a store can hold more; nil without a store.
        public let content: Double?
        /// Yuan per W in this step alone, at the price of this step.
        public let now: Double
    }

    public let plan: Plan
    public let step: Int
    /// Whose price it is; the problem's first unless asked otherwise.
    public let area: Int
    /// What one Wh less would save and one more would cost in the step; the same but at a kink.
    public let saving: EnergyCost
    public let price: EnergyCost
    /// The greatest part of the price first.
    public let makers: [Maker]
    public let bindings: [Binding]
    /// Ties that carry all they may, and the area they carry it to.
    public let full: [(tie: Int, to: Int)]
    /// One an offer that is no load.
    public let worths: [Worth]
    /// Loads that the plan does not serve in full in the step, and how much they lack.
    public let shed: [(offer: Int, power: Power)]
    /// Yuan the plan costs above the least, units as planned.
    public let excess: Double

    /// Nil where the problem could not be solved.
    public init?(_ plan: Plan, at step: Int, in area: Int = 0) {
        precondition(plan.horizon.indices.contains(step))
        precondition((0..<plan.problem.areas.count).contains(area))
        let problem = plan.problem.committed(as: plan)
        let solver = RollingOptimum()
        func solved(_ problem: DispatchProblem) -> Plan? {
            let plan = solver.plan(problem)
            return plan.status == .fallback ? nil : plan
        }
        let sheet = Sheet(problem)
        let change = 1e-3 * max(sheet.largestPower, 1)
        guard let base = solved(problem), let more = solved(problem.adding(change, at: step, in: area)),
            let less = solved(problem.adding(-change, at: step, in: area))
        else { return nil }
        self.plan = plan
        self.step = step
        self.area = area
        let energy = change * sheet.hours
        price = EnergyCost((more.objective - base.objective) / energy)
        saving = EnergyCost((base.objective - less.objective) / energy)
        makers = sheet.makers(from: base, to: more, change)
        bindings = Sheet(plan.problem).bindings(plan, at: step)
        full = problem.areas.ties.indices.flatMap { tie in
            [problem.areas.ties[tie].from, problem.areas.ties[tie].to]
                .filter { plan.isFull(tie, toward: $0, at: step) }.map { (tie, $0) }
        }
        var worths: [Worth] = []
        for i in sheet.offers where !sheet.isLoad(i) {
            guard let wider = solved(problem.widened(i, by: change)) else { return nil }
            var content: Double?
            if let larger = problem.enlarged(i, by: energy) {
                guard let plan = solved(larger) else { return nil }
                content = max(base.objective - plan.objective, 0) / energy
            }
            let own = sheet.deliver[step + i * sheet.steps]
            let canGive = problem.offers[i].reservoir == nil
            let home = problem.areas.area(of: i)
            let worth = home == area ? price : base.price(in: home, at: step)
            worths.append(
                Worth(
                    offer: i, power: max(base.objective - wider.objective, 0) / change, content: content,
                    now: canGive ? max(worth.value - own, 0) * sheet.hours : 0))
        }
        self.worths = worths
        shed = sheet.offers.compactMap { i in
            let lacking = plan.power(of: i, at: step) - plan.problem.offers[i].lower[step]
            return sheet.isLoad(i) && lacking.value > 1e-6 * sheet.largestPower ? (i, lacking) : nil
        }
        excess = max(plan.problem.committed(as: plan).objective(of: plan) - base.objective, 0)
    }
}

extension Sheet {
    fileprivate func makers(from base: Plan, to more: Plan, _ change: Double) -> [Explanation.Maker] {
        let tolerance = 1e-6 * largestPower
        var makers: [Explanation.Maker] = []
        for i in offers {
            var (energy, cost, most) = (0.0, 0.0, 0.0)
            let moved = (0..<steps).map { step in
                let (a, b) = (base.power(of: i, at: step).value, more.power(of: i, at: step).value)
                energy += b - a
                cost +=
                    costRate(i, at: step, power: b, tolerance: tolerance)
                    - costRate(i, at: step, power: a, tolerance: tolerance)
                most = max(most, abs(b - a))
                return abs(b - a)
            }
            guard most > 0.02 * change, steps > 0 else { continue }
            if problem.offers[i].reservoir != nil {
                let kept = more.stored(in: i, at: steps - 1) - base.stored(in: i, at: steps - 1)
                cost -= storedValue(of: i) * kept.value / hours
            }
            let first = moved.firstIndex { $0 > most / 10 }!
            let last = moved.lastIndex { $0 > most / 10 }!
            makers.append(
                .init(
                    offer: i, steps: first...last, energy: energy / change,
                    cost: EnergyCost(cost / change)))
        }
        return makers.sorted { (abs($0.cost.value), $1.offer) > (abs($1.cost.value), $0.offer) }
    }

    fileprivate func bindings(_ plan: Plan, at step: Int) -> [Explanation.Binding] {
        var found: [Explanation.Binding] = []
        for i in offers {
            let offer = problem.offers[i]
            let power = plan.power(of: i, at: step).value
            let tolerance = 1e-4 * largest[i] + 1e-6
            let at = step + i * steps
            if let store = offer.reservoir {
                let slack = 1e-4 * store.maximum.value
                func isFull(_ t: Int) -> Bool {
                    plan.stored(in: i, at: t).value >= store.maximum.value - slack
                }
                func isEmpty(_ t: Int) -> Bool {
                    plan.stored(in: i, at: t).value <= store.minimum.value + slack
                }
                for (limit, holds) in [(Explanation.Binding.Limit.full, isFull), (.empty, isEmpty)]
                where holds(step) {
                    found.append(
                        .init(offer: i, limit: limit, until: (step..<steps).first { !holds($0) }))
                }
            }
            let before = step == 0 ? offer.power.value : plan.power(of: i, at: step - 1).value
            if offer.ramp != nil, abs(abs(power - before) - offer.rampPerStep) < tolerance {
                found.append(.init(offer: i, limit: .ramp, until: nil))
            }
            guard upper[at] - lower[at] > 2 * tolerance else { continue }
            if power >= upper[at] - tolerance, upper[at] > 0 {
                found.append(.init(offer: i, limit: .greatest, until: nil))
            } else if power <= lower[at] + tolerance, lower[at] < 0, !isLoad(i) {
                found.append(.init(offer: i, limit: .least, until: nil))
            }
        }
        return found
    }
}

extension DispatchProblem {
    fileprivate func changed(_ offers: [Offer]? = nil, _ losses: [Power]? = nil) -> DispatchProblem {
        // What is stored keeps its worth, whatever is changed.
        var changed = DispatchProblem(
            horizon: horizon, offers: offers ?? self.offers, losses: losses ?? self.losses,
            storedValue: storedValue, requirements: requirements, areas: areas)
        changed.marginalLosses = marginalLosses
        return changed
    }

    fileprivate func adding(_ power: Double, at step: Int, in area: Int) -> DispatchProblem {
        var losses = losses
        losses[step + area * horizon.count] += Power(power)
        return changed(nil, losses)
    }

    /// Units are as in `plan`: off, or on between their minimum and their greatest power.
    fileprivate func committed(as plan: Plan) -> DispatchProblem {
        let tolerance = 1e-6 * Sheet(self).largestPower
        return changed(
            offers.indices.map { i in
                guard let minimum = offers[i].minimumWhenOn else { return offers[i] }
                let isOn = horizon.indices.map { plan.power(of: i, at: $0).value > tolerance }
                let upper = zip(isOn, offers[i].upper).map { $0 ? $1 : .zero }
                let lower = zip(isOn, upper).map { $0 ? min(minimum, $1) : .zero }
                return offers[i].with(lower: lower, upper: upper, isUnit: false)
            })
    }

    /// Offer `i` with that much more power: in proportion to its rating where it has one.
    fileprivate func widened(_ i: Int, by power: Double) -> DispatchProblem {
        var offers = offers
        let offer = offers[i]
        let factor = offer.rating.map { $0.value > 0 ? power / $0.value : 0 }
        let upper = offer.upper.map { most in
            most + (factor.map { most * $0 } ?? Power(most.value > 0 ? power : 0))
        }
        let lower = offer.reservoir == nil ? offer.lower : offer.lower.map { $0 - Power(power) }
        offers[i] = offer.with(lower: lower, upper: upper)
        return changed(offers)
    }

    /// Offer `i` with a store that holds that much more; nil without a store.
    fileprivate func enlarged(_ i: Int, by energy: Double) -> DispatchProblem? {
        guard let store = offers[i].reservoir else { return nil }
        var offers = offers
        offers[i].reservoir?.maximum = store.maximum + Energy(energy)
        return changed(offers)
    }

    /// What the powers of a plan cost by this problem's offers.
    fileprivate func objective(of plan: Plan) -> Double {
        let sheet = Sheet(self)
        var draft = Draft(sheet, tolerance: 1e-6 * max(sheet.largestPower, 1))
        for i in sheet.offers {
            for step in 0..<sheet.steps {
                draft.set(i, step, plan.power(of: i, at: step).value)
                draft.setContent(i, step, plan.stored(in: i, at: step).value)
            }
        }
        for tie in areas.ties.indices {
            for step in 0..<sheet.steps { draft.setFlow(tie, step, plan.flow(over: tie, at: step).value) }
        }
        return draft.objective(sheet)
    }
}

extension Offer {
    fileprivate func with(
        lower: [Power]? = nil, upper: [Power]? = nil, reservoir: Reservoir? = nil, isUnit: Bool = true
    ) -> Offer {
        var offer = self
        offer.lower = lower ?? self.lower
        offer.upper = upper ?? self.upper
        offer.reservoir = reservoir ?? self.reservoir
        if !isUnit { (offer.ramp, offer.minimumWhenOn, offer.cycling) = (nil, nil, nil) }
        return offer
    }
}
