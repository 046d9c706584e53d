import Grid
import Scheduling

/// The powers of a plan in the making, what they do to the stores, and what they cost.
struct TentativeSchedule {
    let steps: Int
    /// Less than this of shortage or surplus is rounding, W.
    let tolerance: Double
    /// Power of offer i at step t, W, at t + i·steps; content at the end of it, Wh.
    private(set) var powers: [Double]
    private(set) var contents: [Double]
    /// Flow over tie l at step t, W, at t + l·steps.
    private(set) var flows: [Double]
    /// Reactive power of offer i at step t, var, at t + i·steps; empty where none is planned.
    private(set) var reactives: [Double]
    /// How often `settle` found that a store could not follow.
    private(set) var cuts = 0

    init(_ layout: ProblemLayout, tolerance: Double) {
        steps = layout.steps
        self.tolerance = tolerance
        powers = Array(repeating: 0, count: steps * layout.offers.count)
        contents = powers
        flows = Array(repeating: 0, count: steps * layout.problem.areas.ties.count)
        reactives = layout.problem.marginalLosses == nil ? [] : contents
    }

    func power(_ offer: Int, _ step: Int) -> Double { powers[step + offer * steps] }

    func content(_ offer: Int, _ step: Int) -> Double { contents[step + offer * steps] }

    func reactive(_ offer: Int, _ step: Int) -> Double {
        reactives.isEmpty ? 0 : reactives[step + offer * steps]
    }

    mutating func setReactive(_ offer: Int, _ step: Int, _ reactive: Double) {
        reactives[step + offer * steps] = reactive
    }

    mutating func set(_ offer: Int, _ step: Int, _ power: Double) { powers[step + offer * steps] = power }

    mutating func setFlow(_ tie: Int, _ step: Int, _ flow: Double) { flows[step + tie * steps] = flow }

    mutating func setContent(_ offer: Int, _ step: Int, _ content: Double) {
        contents[step + offer * steps] = content
    }

    /// Splits a aggregate's power: each offer gets the same fraction of its range. Within `snap` of a bound
    /// is at it.
    mutating func share(
        among aggregate: AggregateOffer, _ layout: ProblemLayout, snap: Double,
        wanted: (_ step: Int) -> Double
    ) {
        let hasMinimum = layout.problem.offers[aggregate.offers[0]].minimumWhenOn != nil
        for step in 0..<steps {
            let (lower, upper, wanted) = (aggregate.lower[step], aggregate.upper[step], wanted(step))
            if hasMinimum {
                // Off lies outside the range from the minimum up.
                set(aggregate.offers[0], step, wanted > tolerance ? min(wanted, upper) : 0)
                continue
            }
            var fraction = upper > lower ? min(max((wanted - lower) / (upper - lower), 0), 1) : 0
            if wanted >= upper - snap { fraction = 1 }
            if wanted <= lower + snap { fraction = 0 }
            for i in aggregate.offers {
                let at = step + i * steps
                let (low, high) = (layout.lower[at], layout.upper[at])
                powers[at] = fraction == 1 ? high : low + fraction * (high - low)
            }
        }
    }

    /// Follows every store through the netted powers. Charging and discharging at once wastes energy, so that
    /// net power may find a store full (or, by rounding, empty): then it is cut, and what that unbalances
    /// goes to offers with room.
    mutating func settle(_ layout: ProblemLayout) {
        cuts = 0
        for i in layout.offers {
            guard let reservoir = layout.problem.offers[i].reservoir else { continue }
            var content = reservoir.stored.value
            let kept = reservoir.kept(hours: layout.hours)
            for step in 0..<steps {
                let planned = power(i, step)
                let idle = reservoir.idle(content, at: step, kept: kept)
                let range = reservoir.powers(
                    from: idle, at: step, hours: layout.hours, taking: -layout.lower[step + i * steps])
                let possible = min(max(planned, range.lowerBound), range.upperBound)
                set(i, step, possible)
                content = reservoir.after(possible, from: idle, hours: layout.hours)
                setContent(i, step, content)
                if abs(possible - planned) > tolerance {
                    cuts += 1
                    rebalance(layout, layout.problem.areas.area(of: i), step)
                }
            }
        }
    }

    /// Moves an area's offers without store, ramp or minimum so that its powers sum to the losses again,
    /// flows as they are: connections first.
    private mutating func rebalance(_ layout: ProblemLayout, _ area: Int, _ step: Int) {
        let areas = layout.problem.areas
        let own = layout.offers.filter { areas.area(of: $0) == area }
        var missing = layout.problem.losses[step + area * steps].value + outflow(areas, area, step)
        for i in own { missing -= power(i, step) }
        missing += marginalLosses(layout, among: own, step)
        for connections in [true, false] {
            for i in own where abs(missing) > tolerance && layout.isConnection(i) == connections {
                let offer = layout.problem.offers[i]
                guard offer.reservoir == nil, offer.ramp == nil, offer.minimumWhenOn == nil else { continue }
                let at = step + i * steps
                let weight = 1 - (layout.response(i)?.active[step] ?? 0)
                let moved = min(max(powers[at] + missing / weight, layout.lower[at]), layout.upper[at])
                missing -= (moved - powers[at]) * weight
                powers[at] = moved
            }
        }
    }

    /// What leaves an area over ties, less what enters it, W.
    private func outflow(_ areas: Areas, _ area: Int, _ step: Int) -> Double {
        var sum = 0.0
        for (l, tie) in areas.ties.enumerated() {
            if tie.from == area { sum += flows[step + l * steps] }
            if tie.to == area { sum -= flows[step + l * steps] }
        }
        return sum
    }

    /// Losses and what flows out, less the sum of powers: positive where power is short. Of area a at step t
    /// at t + a·steps.
    func imbalances(_ layout: ProblemLayout) -> [Double] {
        let areas = layout.problem.areas
        var missing = layout.problem.losses.map(\.value)
        for i in layout.offers {
            let first = areas.area(of: i) * steps
            for step in 0..<steps { missing[first + step] -= powers[step + i * steps] }
        }
        for (l, tie) in areas.ties.enumerated() {
            for step in 0..<steps {
                missing[step + tie.from * steps] += flows[step + l * steps]
                missing[step + tie.to * steps] -= flows[step + l * steps]
            }
        }
        addMarginalLosses(layout, to: &missing)
        return missing
    }

    /// Load shed and shortage at each step, W.
    func unserved(_ layout: ProblemLayout) -> [Double] {
        let missing = imbalances(layout)
        var sum = missing[..<steps].map { max($0, 0) }
        for at in missing.indices.dropFirst(steps) { sum[at % steps] += max(missing[at], 0) }
        for i in layout.offers where layout.isLoad(i) {
            for step in 0..<steps { sum[step] += powers[step + i * steps] - layout.lower[step + i * steps] }
        }
        return sum
    }

    /// Spinning reserve that is missing at each step, W; empty where none is asked for.
    func reserveMissing(_ layout: ProblemLayout) -> [Double] {
        guard let reserve = layout.problem.requirements.spinning else { return [] }
        return (0..<steps).map { step in
            let ready = reserve.providers.reduce(0) { sum, i in
                let at = step + i * steps
                let offer = layout.problem.offers[i]
                if layout.isLoad(i) || offer.minimumWhenOn != nil && powers[at] <= tolerance { return sum }
                let headroom = max(layout.upper[at] - powers[at], 0)
                guard let reservoir = offer.reservoir else { return sum + headroom }
                let held = max(contents[at] - reservoir.least(at: step), 0) * reservoir.dischargeEfficiency
                return sum + min(headroom, held / reserve.hours)
            }
            return max(reserve.required[step].value - ready, 0)
        }
    }

    /// Yuan for what passes limits, is missing of reserves, and raises the peaks of the months.
    private func requirementCost(_ layout: ProblemLayout) -> Double {
        var sum = layout.reservePrice * layout.hours * reserveMissing(layout).reduce(0, +)
        for limit in layout.limits {
            let hours = limit.limit.accumulates ? 1 : layout.hours
            sum += limit.penalty * hours * limit.violations(self, hours: layout.hours).reduce(0, +)
        }
        return sum + layout.problem.requirements.demandCost(peaks(layout))
    }

    /// What the reservoir of an offer lacks of the content that the end wants, Wh.
    private func endLacking(_ i: Int, _ layout: ProblemLayout) -> Double {
        steps > 0 ? max((layout.end(of: i) ?? 0) - content(i, steps - 1), 0) : 0
    }

    /// What all reservoirs lack at the end, as the outcome of a limit; nil where the end wants nothing.
    private func endOutcome(_ layout: ProblemLayout) -> Plan.LimitOutcome? {
        guard layout.problem.requirements.end != .valued, steps > 0 else { return nil }
        let lacking = layout.offers.reduce(0) { $0 + endLacking($1, layout) }
        return Plan.LimitOutcome(
            name: "stored energy at the end",
            beyond: Array(repeating: 0, count: steps - 1) + [lacking > tolerance * layout.hours ? lacking : 0]
        )
    }

    /// The peaks of the demand charges' months, W.
    func peaks(_ layout: ProblemLayout) -> [Double] {
        layout.problem.requirements.demandCharges.flatMap { charge in
            charge.peaks(of: { power(charge.offer, $0) }, steps: steps)
        }
    }

    /// Yuan: see `Plan.objective`.
    func objective(_ layout: ProblemLayout) -> Double {
        var sum = 0.0
        for i in layout.offers {
            for step in 0..<steps {
                sum +=
                    layout.hours * layout.costRate(i, at: step, power: power(i, step), tolerance: tolerance)
            }
            if layout.problem.offers[i].cycling != nil {
                let isOn = (0..<steps).map { power(i, $0) > tolerance }
                sum += GroupCommitment.startCost(of: layout.problem.offers[i], isOn, hours: layout.hours)
            }
            if layout.problem.offers[i].reservoir != nil, steps > 0 {
                sum -= layout.storedValue(of: i) * content(i, steps - 1)
                let lacking = endLacking(i, layout)
                if lacking > 0 { sum += layout.problem.endPrice(of: i).value * lacking }
            }
        }
        for missing in imbalances(layout) where abs(missing) > tolerance {
            sum += layout.hours * layout.slackPrice * abs(missing)
        }
        return sum + requirementCost(layout) + curvedLosses(layout)
    }

    func plan(
        _ layout: ProblemLayout, status: Plan.Status, iterations: Int, price: [EnergyCost], objective: Double
    ) -> Plan {
        let missing = imbalances(layout)
        let schedule = Schedule(
            powers: powers.map { Power($0) }, reactives: clippedReactives(layout),
            flows: flows.map { Power($0) }, contents: contents.map { Energy($0) })
        var plan = Plan(layout.problem, schedule, status: status, price: price, objective: objective)
        plan.iterations = iterations
        plan.shortage = missing.map { Power($0 > tolerance ? $0 : 0) }
        plan.surplus = missing.map { Power(-$0 > tolerance ? -$0 : 0) }
        plan.outcomes =
            layout.limits.map {
                Plan.LimitOutcome(name: $0.limit.name, beyond: $0.violations(self, hours: layout.hours))
            } + (endOutcome(layout).map { [$0] } ?? [])
        plan.reserveMissing = reserveMissing(layout).map { Power($0) }
        plan.peaks = peaks(layout).map { Power($0) }
        return plan
    }

    /// What the devices can really do of the reactive powers, which a solver keeps to its tolerance.
    private func clippedReactives(_ layout: ProblemLayout) -> [ReactivePower] {
        reactives.indices.map { at in
            let i = at / steps
            guard let capability = layout.capability(i) else { return .zero }
            return capability.clipped(ReactivePower(reactives[at]), beside: Power(powers[at]))
        }
    }
}
