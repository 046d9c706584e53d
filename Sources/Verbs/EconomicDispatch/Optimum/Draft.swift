import Grid
import Scheduling

/// The powers of a plan in the making, what they do to the stores, and what they cost.
struct Draft {
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

    init(_ sheet: Sheet, tolerance: Double) {
        steps = sheet.steps
        self.tolerance = tolerance
        powers = Array(repeating: 0, count: steps * sheet.offers.count)
        contents = powers
        flows = Array(repeating: 0, count: steps * sheet.problem.areas.ties.count)
        reactives = sheet.problem.marginalLosses == nil ? [] : contents
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

    /// Splits a bundle's power: each offer gets the same fraction of its range. Within `snap` of a bound is
    /// at it.
    mutating func share(
        among bundle: Bundle, _ sheet: Sheet, snap: Double, wanted: (_ step: Int) -> Double
    ) {
        let hasMinimum = sheet.problem.offers[bundle.offers[0]].minimumWhenOn != nil
        for step in 0..<steps {
            let (lower, upper, wanted) = (bundle.lower[step], bundle.upper[step], wanted(step))
            if hasMinimum {
                // Off lies outside the range from the minimum up.
                set(bundle.offers[0], step, wanted > tolerance ? min(wanted, upper) : 0)
                continue
            }
            var fraction = upper > lower ? min(max((wanted - lower) / (upper - lower), 0), 1) : 0
            if wanted >= upper - snap { fraction = 1 }
            if wanted <= lower + snap { fraction = 0 }
            for i in bundle.offers {
                let at = step + i * steps
                let (low, high) = (sheet.lower[at], sheet.upper[at])
                powers[at] = fraction == 1 ? high : low + fraction * (high - low)
            }
        }
    }

    /// Follows every store through the netted powers. Charging and discharging at once wastes energy, so that
    /// net power may find a store full (or, by rounding, empty): then it is cut, and what that unbalances
    /// goes to offers with room.
    mutating func settle(_ sheet: Sheet) {
        cuts = 0
        for i in sheet.offers {
            guard let reservoir = sheet.problem.offers[i].reservoir else { continue }
            var content = reservoir.stored.value
            let kept = reservoir.kept(hours: sheet.hours)
            for step in 0..<steps {
                let planned = power(i, step)
                let range = reservoir.powers(from: content * kept, hours: sheet.hours)
                let possible = min(max(planned, range.lowerBound), range.upperBound)
                set(i, step, possible)
                content = reservoir.after(possible, from: content * kept, hours: sheet.hours)
                setContent(i, step, content)
                if abs(possible - planned) > tolerance {
                    cuts += 1
                    rebalance(sheet, sheet.problem.areas.area(of: i), step)
                }
            }
        }
    }

    /// Moves an area's offers without store, ramp or minimum so that its powers sum to the losses again,
    /// flows as they are: connections first.
    private mutating func rebalance(_ sheet: Sheet, _ area: Int, _ step: Int) {
        let areas = sheet.problem.areas
        let own = sheet.offers.filter { areas.area(of: $0) == area }
        var missing = sheet.problem.losses[step + area * steps].value + outflow(areas, area, step)
        for i in own { missing -= power(i, step) }
        missing += marginalLosses(sheet, among: own, step)
        for connections in [true, false] {
            for i in own where abs(missing) > tolerance && sheet.isConnection(i) == connections {
                let offer = sheet.problem.offers[i]
                guard offer.reservoir == nil, offer.ramp == nil, offer.minimumWhenOn == nil else { continue }
                let at = step + i * steps
                let weight = 1 - (sheet.response(i)?.active[step] ?? 0)
                let moved = min(max(powers[at] + missing / weight, sheet.lower[at]), sheet.upper[at])
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
    func imbalances(_ sheet: Sheet) -> [Double] {
        let areas = sheet.problem.areas
        var missing = sheet.problem.losses.map(\.value)
        for i in sheet.offers {
            let first = areas.area(of: i) * steps
            for step in 0..<steps { missing[first + step] -= powers[step + i * steps] }
        }
        for (l, tie) in areas.ties.enumerated() {
            for step in 0..<steps {
                missing[step + tie.from * steps] += flows[step + l * steps]
                missing[step + tie.to * steps] -= flows[step + l * steps]
            }
        }
        addMarginalLosses(sheet, to: &missing)
        return missing
    }

    /// Load shed and shortage at each step, W.
    func unserved(_ sheet: Sheet) -> [Double] {
        let missing = imbalances(sheet)
        var sum = missing[..<steps].map { max($0, 0) }
        for at in missing.indices.dropFirst(steps) { sum[at % steps] += max(missing[at], 0) }
        for i in sheet.offers where sheet.isLoad(i) {
            for step in 0..<steps { sum[step] += powers[step + i * steps] - sheet.lower[step + i * steps] }
        }
        return sum
    }

    /// Spinning reserve that is missing at each step, W; empty where none is asked for.
    func reserveMissing(_ sheet: Sheet) -> [Double] {
        guard let reserve = sheet.problem.requirements.spinning else { return [] }
        return (0..<steps).map { step in
            let ready = reserve.providers.reduce(0) { sum, i in
                let at = step + i * steps
                let offer = sheet.problem.offers[i]
                if sheet.isLoad(i) || offer.minimumWhenOn != nil && powers[at] <= tolerance { return sum }
                let headroom = max(sheet.upper[at] - powers[at], 0)
                guard let reservoir = offer.reservoir else { return sum + headroom }
                let held = max(contents[at] - reservoir.minimum.value, 0) * reservoir.dischargeEfficiency
                return sum + min(headroom, held / reserve.hours)
            }
            return max(reserve.required[step].value - ready, 0)
        }
    }

    /// Yuan for what passes limits, is missing of reserves, and raises the peaks of the months.
    private func requirementCost(_ sheet: Sheet) -> Double {
        var sum = sheet.reservePrice * sheet.hours * reserveMissing(sheet).reduce(0, +)
        for limit in sheet.limits {
            let hours = limit.limit.accumulates ? 1 : sheet.hours
            sum += limit.penalty * hours * limit.violations(self, hours: sheet.hours).reduce(0, +)
        }
        if let charge = sheet.problem.requirements.demandCharge { sum += charge.cost(peaks(sheet)) }
        return sum
    }

    /// The peaks of the demand charge's months, W.
    func peaks(_ sheet: Sheet) -> [Double] {
        guard let charge = sheet.problem.requirements.demandCharge else { return [] }
        return charge.peaks(of: { power(charge.offer, $0) }, steps: steps)
    }

    /// Yuan: see `Plan.objective`.
    func objective(_ sheet: Sheet) -> Double {
        var sum = 0.0
        for i in sheet.offers {
            for step in 0..<steps {
                sum += sheet.hours * sheet.costRate(i, at: step, power: power(i, step), tolerance: tolerance)
            }
            if sheet.problem.offers[i].reservoir != nil, steps > 0 {
                sum -= sheet.storedValue(of: i) * content(i, steps - 1)
            }
        }
        for missing in imbalances(sheet) where abs(missing) > tolerance {
            sum += sheet.hours * sheet.slackPrice * abs(missing)
        }
        return sum + requirementCost(sheet) + curvedLosses(sheet)
    }

    func plan(
        _ sheet: Sheet, status: Plan.Status, iterations: Int, price: [EnergyCost], objective: Double
    ) -> Plan {
        let missing = imbalances(sheet)
        let schedule = Schedule(
            powers: powers.map { Power($0) }, reactives: clippedReactives(sheet),
            flows: flows.map { Power($0) }, contents: contents.map { Energy($0) })
        var plan = Plan(sheet.problem, schedule, status: status, price: price, objective: objective)
        plan.iterations = iterations
        plan.shortage = missing.map { Power($0 > tolerance ? $0 : 0) }
        plan.surplus = missing.map { Power(-$0 > tolerance ? -$0 : 0) }
        plan.outcomes = sheet.limits.map {
            Plan.LimitOutcome(name: $0.limit.name, beyond: $0.violations(self, hours: sheet.hours))
        }
        plan.reserveMissing = reserveMissing(sheet).map { Power($0) }
        plan.peaks = peaks(sheet).map { Power($0) }
        return plan
    }

    /// What the devices can really do of the reactive powers, which a solver keeps to its tolerance.
    private func clippedReactives(_ sheet: Sheet) -> [ReactivePower] {
        reactives.indices.map { at in
            let i = at / steps
            guard let capability = sheet.capability(i) else { return .zero }
            return capability.clipped(ReactivePower(reactives[at]), beside: Power(powers[at]))
        }
    }
}
