import Grid
import Optimization
import Scheduling
import Timeline

/// When the units that can be off are on, by aggregate and step; nil: relaxed, each at any power.
typealias Commitment = [[Bool]?]

/// What is settled before a program is solved.
struct Decisions {
    var commitment: Commitment
    /// By aggregate and step, where it may only give (1) or only take (−1): see `Directions`.
    var directions: [[Int]?]
    /// Limits that are rows of the program: their places in the layout.
    var limits: [Int]
    /// Prices of offers that earn more by taking than they pay by giving, in steps without a direction.
    var prices = NetFlowPrices.chord
}

/// Numbers of one problem into the program.
extension HorizonProgram {
    mutating func fill(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ decisions: Decisions,
        scale: (Double, Double)? = nil
    ) {
        shown = decisions.limits
        constant = 0
        origins = [:]
        setBases(layout)
        if let scale { (base, priceBase) = scale }
        fillAreas(layout)
        var row = 0
        for (k, aggregate) in aggregates.enumerated() {
            let offer = layout.problem.offers[aggregate.offers[0]]
            fillPowers(
                layout, aggregate, places[k], offer, decisions, k,
                balance: rows.balance + shape.areas.ofParts[k])
            if let ways = decisions.directions[k] { fixDirections(places[k], ways) }
            if places[k].change >= 0 {
                fillRamp(offer, places[k], decisions.commitment[k], row: row)
                row += 1
            }
        }
        for (k, aggregate) in aggregates.enumerated() where places[k].content >= 0 {
            fillReservoir(aggregate.offers[0], k, layout, row: row)
            row += 1
        }
        fillMarginalLosses(layout, aggregates)
        fillDemand(layout)
        fillReserve(layout, aggregates)
        for k in limits.indices { fillLimit(k, layout, aggregates) }
    }

    /// Powers of two, so that scaling is exact.
    private mutating func setBases(_ layout: ProblemLayout) {
        let largest = layout.largestPower
        base = largest > 0 ? binade(largest) : 1
        priceBase = binade(layout.slackPrice / 64)
    }

    func binade(_ value: Double) -> Double {
        Double(sign: .plus, exponent: value.exponent, significand: 1)
    }

    mutating func set(
        _ step: Int, _ column: Int, _ lower: Double, _ upper: Double, cost: Double, quadratic: Double = 0
    ) {
        let j = step * width + column
        program.lower[j] = lower
        program.upper[j] = upper
        program.cost[j] = cost
        program.quadratic[j] = quadratic
    }

    /// Bounds and costs of giving, taking or being shed.
    private mutating func fillPowers(
        _ layout: ProblemLayout, _ aggregate: AggregateOffer, _ place: Place, _ offer: Offer,
        _ decisions: Decisions, _ k: Int, balance: Int
    ) {
        let on = decisions.commitment[k]
        let curvature = 2 * offer.cost.quadratic * base / priceBase
        for step in 0..<shape.steps {
            var (lower, upper) = (aggregate.lower[step] / base, aggregate.upper[step] / base)
            let at = step + aggregate.offers[0] * shape.steps
            var give = layout.deliver[at]
            if offer.minimumWhenOn != nil {
                if let on {
                    (lower, upper) = offer.committedRange(on[step], at: step, base: base)
                } else if upper > 0 {
                    give += offer.cost.perHourOn / (upper * base)
                }
            }
            let absorb = layout.absorb[at] / priceBase
            switch aggregate.side {
            case .absorbs:
                set(
                    step, place.give, 0, upper - lower, cost: absorb + curvature * lower, quadratic: curvature
                )
                program.rightHandSide[step * height + balance] -= lower
            case .delivers:
                set(step, place.give, lower, upper, cost: give / priceBase, quadratic: curvature)
            case .both:
                var take = absorb
                if layout.earnsMore, layout.earnsMore(aggregate.offers[0], at: step) {
                    let isDecided = decisions.directions[k]?[step] ?? 0 != 0
                    switch isDecided ? .real : decisions.prices {
                    case .real: take = layout.earned[at] / priceBase
                    case .capped: break
                    case .chord:
                        give = layout.chord(aggregate.offers[0], at: step).price
                        take = give / priceBase
                    }
                }
                set(
                    step, place.give, max(lower, 0), max(upper, 0), cost: give / priceBase,
                    quadratic: curvature)
                set(step, place.take, max(-upper, 0), max(-lower, 0), cost: -take, quadratic: curvature)
            }
        }
    }

    /// A store decided to give or to take in a step.
    private mutating func fixDirections(_ place: Place, _ ways: [Int]) {
        for step in 0..<shape.steps where ways[step] != 0 {
            let closed = step * width + (ways[step] > 0 ? place.take : place.give)
            (program.lower[closed], program.upper[closed]) = (0, 0)
        }
    }

    /// Bounds of the steps from one power to the next, widened where the powers' own bounds cannot be met
    /// otherwise. A unit that can be off starts and stops freely. While it is undecided when it does, any
    /// change is possible: every change is a mean of one with a start and one without.
    private mutating func fillRamp(
        _ offer: Offer, _ place: Place, _ on: [Bool]?, row: Int
    ) {
        let limit = offer.rampPerStep / base
        var (low, high) = (offer.power.value / base, offer.power.value / base)
        program.rightHandSide[row] = low
        for step in 0..<shape.steps {
            let give = step * width + place.give
            let take = step * width + place.take
            let lower = program.lower[give] - (place.take < 0 ? 0 : program.upper[take])
            let upper = program.upper[give] - (place.take < 0 ? 0 : program.lower[take])
            var reach = limit
            if offer.minimumWhenOn != nil {
                if let on {
                    let before = step == 0 ? offer.power.value > 0 : on[step - 1]
                    if on[step] != before { reach = .infinity }
                } else {
                    reach = max(limit, high, upper)
                }
            }
            let down = min(-reach, upper - low)
            let up = max(reach, lower - high)
            set(step, place.change, down, up, cost: 0)
            low = max(lower, low + down)
            high = min(upper, high + up)
            if step > 0 { program.rightHandSide[step * height + row] = 0 }
        }
    }

    /// Content that the end wants is worth more, and what lacks of all of it is a constant.
    private mutating func price(lacking end: Double, of offer: Int, _ layout: ProblemLayout) -> Double {
        let price = layout.problem.endPrice(of: offer).value
        constant += price * end
        return price
    }

    /// Bounds and value of the content. Where they cannot be met (a store at its minimum that leaks and may
    /// not charge) they give way to what can be reached.
    ///
    /// A demand that is not connected stands at a bound for hours, one that is full can do nothing, and one
    /// that is late must take all it can. Each would leave the solver no interior: bounds that powers cannot
    /// reach are moved away, a full demand takes nothing, and a late one may lack a ten-thousandth.
    private mutating func fillReservoir(_ offer: Int, _ k: Int, _ layout: ProblemLayout, row: Int) {
        let reservoir = layout.problem.offers[offer].reservoir!
        var value = layout.storedValue(of: offer)
        let place = places[k]
        let unit = base * layout.hours
        let efficiencies = shape.parts[k].efficiencies!
        let kept = efficiencies[0]
        let most = reservoir.maximum.value / unit
        let stored = reservoir.stored.value / unit
        let isFar = max(abs(reservoir.minimum.value / unit), abs(most), stored) > Self.far
        // What is left of the content without any power; contents of a far store are counted from it.
        var idle = isFar ? stored : 0
        var (low, high) = (stored - idle, stored - idle)
        let isDemand = !reservoir.required.isEmpty
        for step in 0..<shape.steps {
            // Contents of a far store are counted from what idling leaves, which the drain is part of.
            let drained = isFar ? 0 : reservoir.idle(0, at: step, kept: kept) / unit
            program.rightHandSide[step * height + row] = (step == 0 ? kept * low : 0) + drained
            let give = step * width + place.give
            let take = step * width + place.take
            if isDemand, place.take >= 0, program.upper[give] <= 0, kept * low + drained >= most - idle - 1e-9
            {
                (program.lower[take], program.upper[take]) = (0, 0)
            }
            let charged = place.take < 0 ? (0, 0) : (program.lower[take], program.upper[take])
            low = kept * low + drained + efficiencies[1] * charged.0 - program.upper[give] / efficiencies[2]
            high = kept * high + drained + efficiencies[1] * charged.1 - program.lower[give] / efficiencies[2]
            if isFar { idle = reservoir.idle(idle * unit, at: step, kept: kept) / unit }
            let last = step == shape.steps - 1
            let least = reservoir.least(at: step) / unit
            let reach = isDemand ? high - Self.inside * (high - low) : high
            var (lower, upper) = (min(least - idle, reach), max(most - idle, low))
            if isFar { (lower, upper) = (max(lower, low), min(upper, high)) }
            if last, let end = layout.end(of: offer) {
                let wanted = end / unit - idle
                upper = min(max(wanted, max(low, lower)), min(high, upper))
                if upper > wanted { lower = upper } else { value += price(lacking: end, of: offer, layout) }
            }
            if isFar { origins[k, default: []].append(idle) }
            set(
                step, place.content, isDemand && low >= lower ? low - 1 : lower,
                isDemand && high <= upper ? high + 1 : upper, cost: last ? -value / priceBase : 0)
            low = max(low, lower)
            high = min(high, upper)
        }
        constant -= value * idle * unit
    }

    /// Contents of more than so many times the largest power over a step are far.
    private static let far = 0x1p24
    /// Part of the contents in reach that a late demand may lack.
    private static let inside = 1e-4
}

extension Offer {
    /// The range of a unit that can be off, once it is decided: nothing, or from its minimum on.
    func committedRange(_ on: Bool, at step: Int, base: Double) -> (Double, Double) {
        guard on, let minimumWhenOn else { return (0, 0) }
        let upper = max(upper[step].value, 0)
        return (min(max(minimumWhenOn.value, lower[step].value), upper) / base, upper / base)
    }
}
