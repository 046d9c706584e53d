import Grid
import Scheduling

// What the rounding of a commitment costs shows only in the plan. Where the plan sheds load, misses reserve
// or costs much more than the relaxed one, other commitments are planned too, and the cheapest plan is kept:
//
//     on wherever load is shed or reserve is missing;
//     the energy of the relaxed plan in few steps at greatest power, or in steps at least power;
//     what each rule (`MeritOrder`, …) commits, where its plan is cheaper;
//     then, a few times, each unit's best answer to the prices of the plan.
//
// With V(p) the least cost of all else when the unit gives p, convex, V falls by at most price·p where the
// unit starts, and rises by at least price·p where it stops. So a unit's profit at the prices of the plan
// bounds what any other schedule of it saves, and no schedule without such a profit is tried.

/// The search for a cheaper commitment than that of the half-minimum rule.
struct CommitmentTrials {
    let layout: ProblemLayout
    let aggregates: [AggregateOffer]
    let solver: RollingOptimum
    private(set) var best: RollingOptimum.Solved
    private(set) var iterations = 0

    init(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ solver: RollingOptimum,
        from best: RollingOptimum.Solved
    ) {
        (self.layout, self.aggregates, self.solver, self.best) = (layout, aggregates, solver, best)
    }

    /// Plans with `commitment`, and keeps the plan if it is cheaper.
    @discardableResult
    private mutating func attempt(_ commitment: Commitment?) -> Bool {
        guard let commitment, commitment != best.decisions.commitment else { return false }
        var decisions = best.decisions
        decisions.commitment = commitment
        decisions.directions = commitment.map { _ in nil }
        guard let solved = solver.solve(layout, aggregates, decisions) else { return false }
        iterations += solved.iterations
        let (old, new) = (best.outcome.objective, solved.outcome.objective)
        guard new < old - 1e-7 * (1 + abs(old)) else { return false }
        best = solved
        return true
    }

    /// Fraction of the cost that the rounding may cost before other commitments are tried.
    private static let dear = 0.05

    /// Tries other commitments than that of the half-minimum rule, where they may be cheaper.
    mutating func improve(on rule: HalfMinimum, _ relaxed: RollingOptimum.Solved) {
        let committed = best.outcome
        let rounding = committed.objective - relaxed.bound
        guard lacks(relaxed.outcome) || rounding > Self.dear * abs(relaxed.bound) else { return }
        attempt(rule.widened(layout, aggregates, relaxed.outcome, committed))
        for atMost in [true, false] {
            attempt(rule.gathered(layout, aggregates, relaxed.outcome, atMost: atMost))
        }
        let rules: [any Dispatcher] = [
            MeritOrder(), LoadFollowing(), CycleCharging(), SelfConsumption(), PeakShaving(),
        ]
        for rule in rules {
            let plan = rule.plan(layout.problem)
            if plan.objective < best.outcome.objective { attempt(commitment(of: plan)) }
        }
        descend()
    }

    /// Whether the plan sheds more than `relaxed`, or misses reserve.
    private func lacks(_ relaxed: Outcome) -> Bool {
        let tolerance = relaxed.tolerance
        func more(_ now: [Double], _ before: [Double]) -> Bool {
            zip(now, before).contains { $0 - $1 > tolerance }
        }
        return more(best.outcome.draft.unserved(layout), relaxed.draft.unserved(layout))
            || best.outcome.draft.reserveMissing(layout).contains { $0 > tolerance }
    }

    /// The commitment of a plan made by a rule.
    private func commitment(of plan: Plan) -> Commitment {
        zip(aggregates, best.decisions.commitment).map { aggregate, own in
            own.map { on in
                let i = aggregate.offers[0]
                return on.indices.map { step in
                    layout.lower[step + i * layout.steps] > 0
                        || plan.power(of: i, at: step).value > best.outcome.tolerance
                }
            }
        }
    }

    /// Most rounds of answers to prices.
    private static let rounds = 4

    /// Replaces the schedule of one unit after the other by its best answer to the prices.
    private mutating func descend() {
        for _ in 0..<Self.rounds {
            var found = false
            for k in aggregates.indices {
                guard let old = best.decisions.commitment[k] else { continue }
                let answer = answer(k, old)
                let parts = [answer, zip(answer, old).map { $0 && $1 }, zip(answer, old).map { $0 || $1 }]
                for schedule in parts {
                    var commitment = best.decisions.commitment
                    commitment[k] = schedule
                    guard attempt(commitment) else { continue }
                    found = true
                    break
                }
            }
            guard found else { return }
        }
    }

    /// The schedule of greatest profit of a unit at the prices of the plan, with the costs of starts: by
    /// dynamic programming over on and off.
    private func answer(_ k: Int, _ old: [Bool]) -> [Bool] {
        let i = aggregates[k].offers[0]
        let offer = layout.problem.offers[i]
        let start = offer.cycling?.hotStart ?? 0
        let wasOn = offer.cycling?.isOn ?? (offer.power.value > 0)
        var (off, on) = (0.0, wasOn ? 0 : -Double.infinity)
        var (cameOn, wentOff) = ([Bool](), [Bool]())
        for step in 0..<layout.steps {
            let profit = profit(i, step, isOn: old[step])
            let mustRun = layout.lower[step + i * layout.steps] > 0
            cameOn.append(off - start > on)
            wentOff.append(on > off)
            let (before, after) = (max(on, off - start) + profit, max(on, off))
            (on, off) = (before, mustRun ? -.infinity : after)
        }
        var (isOn, schedule) = (on > off, old)
        for step in (0..<layout.steps).reversed() {
            schedule[step] = isOn
            isOn = isOn ? !cameOn[step] : wentOff[step]
        }
        return schedule
    }

    /// Yuan that a unit earns in a step: at the power that it has, or where it is off at its best power.
    private func profit(_ i: Int, _ step: Int, isOn: Bool) -> Double {
        let offer = layout.problem.offers[i]
        let at = step + i * layout.steps
        let area = layout.problem.areas.area(of: i)
        let weight = 1 - (layout.response(i)?.active[step] ?? 0)
        let price = best.outcome.price[step + area * layout.steps].value * weight
        let (least, most) = offer.committedRange(true, at: step, base: 1)
        let power =
            isOn ? best.outcome.draft.power(i, step) : price > layout.deliver[at] ? most : least
        guard power > 0 else { return 0 }
        let cost = layout.costRate(i, at: step, power: power, tolerance: 0)
        return layout.hours * (price * power - cost)
    }
}

extension HalfMinimum {
    /// The energy of the relaxed plan, given from the begin of each of its runs in as few steps at greatest
    /// power as hold it (`atMost`), or in steps at least power, each as soon as the one before is used up.
    func gathered(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ relaxed: Outcome, atMost: Bool
    ) -> Commitment {
        zip(aggregates, commitment).map { aggregate, own in
            guard let own else { return nil }
            let i = aggregate.offers[0]
            var ahead = 0.0
            return own.indices.map { step in
                let power = relaxed.draft.power(i, step)
                let at = step + i * layout.steps
                let (least, most) = layout.problem.offers[i].committedRange(true, at: step, base: 1)
                ahead -= power
                guard layout.lower[at] > 0 || power > relaxed.tolerance && ahead < -relaxed.tolerance else {
                    return false
                }
                ahead = max(ahead, -most) + (atMost ? most : max(least, power))
                return true
            }
        }
    }
}
