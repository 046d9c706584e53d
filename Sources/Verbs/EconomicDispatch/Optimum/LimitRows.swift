import Grid
import Optimization
import Scheduling

// A limit in a step is a row with an activity a between the limit's bounds, and what passes them, at the
// limit's penalty:
//
//     Σ k·p + Σ c·e − a + below − above = 0,
//
// of one that accumulates Σ k·p + Σ c·e − a_t + a_t−1 + below − above = 0. Every row is divided by the power
// of two below its largest coefficient, so that activities are of the size of powers.

/// What of a limit decides the matrix' pattern.
struct LimitPart: Hashable {
    struct Factor: Hashable {
        let aggregate: Int
        let factor: LinearLimit.Term.Factor
        /// Which term of the limit.
        let term: Int
    }

    let factors: [Factor]
    let accumulates: Bool
    let hasLower: Bool
    let hasUpper: Bool

    init(_ limit: LimitLayout, _ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        let terms = limit.limit.terms
        factors = terms.indices.compactMap { t in
            guard terms[t].factor != .reactive || layout.capability(terms[t].offer) != nil else { return nil }
            // One factor a aggregate: the terms of its other offers are the same.
            guard let k = aggregates.firstIndex(where: { $0.offers[0] == terms[t].offer }) else { return nil }
            return Factor(aggregate: k, factor: terms[t].factor, term: t)
        }
        accumulates = limit.limit.accumulates
        hasLower = limit.lowerBinds
        hasUpper = limit.upperBinds
    }
}

struct LimitPlace {
    let activity: Int
    /// −1 where there is no such bound.
    let below: Int
    let above: Int

    init(_ part: LimitPart, _ take: () -> Int) {
        activity = take()
        below = part.hasLower ? take() : -1
        above = part.hasUpper ? take() : -1
    }
}

extension HorizonProgram {
    /// The row's pattern, its coefficients 1 until a problem fills it.
    func limitRow(_ k: Int, _ step: Int) -> [Entry] {
        let (part, place, at) = (shape.limits[k], limits[k], step * width)
        var row: [Entry] = [(at + place.activity, -1)]
        if part.accumulates, step > 0 { row.append((at - width + place.activity, 1)) }
        if place.below >= 0 { row.append((at + place.below, 1)) }
        if place.above >= 0 { row.append((at + place.above, -1)) }
        for factor in part.factors {
            let own = places[factor.aggregate]
            switch factor.factor {
            case .power: row += power(own, at)
            case .given: row.append((at + own.give, 1))
            case .content: row.append((at + own.content, 1))
            case .reactive: row.append((at + own.reactive, 1))
            }
        }
        return row
    }

    /// Coefficients, bounds and penalties of one limit.
    mutating func fillLimit(_ k: Int, _ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        let (part, place, limit) = (shape.limits[k], limits[k], layout.limits[shown[k]])
        let scale = limit.largest > 0 ? binade(limit.largest) : 1
        let unit = scale * base * (part.accumulates ? layout.hours : 1)
        let penalty = limit.penalty * scale / priceBase
        let fixed = 1 + (place.below >= 0 ? 1 : 0) + (place.above >= 0 ? 1 : 0)
        for step in 0..<shape.steps {
            let row = step * height + rows.limit + k
            var entry = program.matrix.pattern.start[row] + fixed + (part.accumulates && step > 0 ? 1 : 0)
            var constant = 0.0
            for factor in part.factors {
                let coefficient = limit.limit.terms[factor.term].coefficient(at: step) / scale
                let own = places[factor.aggregate]
                let aggregate = aggregates[factor.aggregate]
                let isLoad = aggregate.side == .absorbs
                switch factor.factor {
                case .power:
                    program.matrix.values[entry] = coefficient
                    if own.take >= 0 { program.matrix.values[entry + 1] = -coefficient }
                    entry += own.take < 0 ? 1 : 2
                    if isLoad { constant += coefficient * aggregate.lower[step] / base }
                case .given:
                    program.matrix.values[entry] = isLoad ? 0 : coefficient
                    entry += 1
                case .content:
                    program.matrix.values[entry] = coefficient * layout.hours
                    constant += coefficient * layout.hours * (origins[factor.aggregate]?[step] ?? 0)
                    entry += 1
                case .reactive:
                    program.matrix.values[entry] = coefficient
                    entry += 1
                }
            }
            program.rightHandSide[row] = -constant
            set(step, place.activity, limit.lower[step] / unit, limit.upper[step] / unit, cost: 0)
            for column in [place.below, place.above] where column >= 0 {
                set(step, column, 0, .infinity, cost: penalty)
            }
        }
    }
}
