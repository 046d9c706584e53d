import Grid
import Scheduling

/// A limit over one problem, as numbers.
struct LimitLayout {
    let limit: LinearLimit
    /// Bounds, one a step; where the limit has none, or none within reach, what the offers can reach.
    private(set) var lower: [Double]
    private(set) var upper: [Double]
    /// Some step could pass the lower, the upper bound.
    private(set) var lowerBinds = false
    private(set) var upperBinds = false
    /// The largest coefficient of a watt.
    private(set) var largest = 0.0
    let penalty: Double

    var canBind: Bool { lowerBinds || upperBinds }

    init(_ limit: LinearLimit, _ layout: ProblemLayout) {
        self.limit = limit
        var (least, most) = (0.0, 0.0)
        (lower, upper) = (Array(repeating: 0, count: layout.steps), Array(repeating: 0, count: layout.steps))
        for step in 0..<layout.steps {
            if !limit.accumulates { (least, most) = (0, 0) }
            for term in limit.terms {
                let (coefficient, range) = (term.coefficient(at: step), layout.range(term, at: step))
                let hours = limit.accumulates ? layout.hours : 1
                let ends = (
                    coefficient * range.lowerBound * hours, coefficient * range.upperBound * hours
                )
                least += min(ends.0, ends.1)
                most += max(ends.0, ends.1)
                let perWatt = term.factor == .content ? abs(coefficient) * layout.hours : abs(coefficient)
                largest = max(largest, perWatt)
            }
            let margin = 1e-9 * (abs(least) + abs(most))
            if limit.lower(at: step) > least + margin { lowerBinds = true }
            if limit.upper(at: step) < most - margin { upperBinds = true }
            let room = most - least + 1e-3 * largest * layout.largestPower
            lower[step] = limit.lower(at: step) > least ? limit.lower(at: step) : least - room
            upper[step] = limit.upper(at: step) < most ? limit.upper(at: step) : most + room
            lower[step] = min(lower[step], upper[step])
        }
        penalty = limit.weight * (limit.penalty ?? (largest > 0 ? layout.slackPrice / largest : 0))
    }

    /// How far each step of a draft lies beyond the bounds; of one that accumulates only what is new.
    func violations(_ draft: TentativeSchedule, hours: Double) -> [Double] {
        var (sum, beyond) = (0.0, 0.0)
        return (0..<draft.steps).map { step in
            if !limit.accumulates { (sum, beyond) = (0, 0) }
            for term in limit.terms {
                let amount =
                    switch term.factor {
                    case .power: draft.power(term.offer, step)
                    case .given: max(draft.power(term.offer, step), 0)
                    case .content: draft.content(term.offer, step)
                    case .reactive: draft.reactive(term.offer, step)
                    }
                sum += term.coefficient(at: step) * amount * (limit.accumulates ? hours : 1)
            }
            let (low, high) = (limit.lower(at: step), limit.upper(at: step))
            let before = beyond
            beyond = max(beyond, low - sum, sum - high, 0)
            return beyond - before
        }
    }
}
