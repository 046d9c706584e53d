import Grid
import Scheduling

/// How far the offers of a planned step may leave their planned powers without passing a linear limit of the
/// plan: what a voltage or a branch leaves, shared equally by the sources and stores that move it.
///
/// A limit that binds lets an offer move only to where the limit is further away. Deviations that nobody
/// decides (demand, less sun than forecast) are not part of it.
struct LimitRoom {
    /// Greatest rise and fall of each offer, W; infinite where no limit knows it.
    private(set) var rise, fall: [Double]

    init(_ plan: Plan, at step: Int) {
        let problem = plan.problem
        rise = Array(repeating: .infinity, count: problem.offers.count)
        fall = rise
        for limit in problem.requirements.limits where !limit.accumulates {
            let sum = limit.terms.reduce(0) { $0 + Self.value(of: $1, plan, step) }
            let movers = limit.terms.filter {
                let role = problem.offers[$0.offer].role
                return ($0.factor == .power || $0.factor == .given) && (role == .store || role == .source)
                    && $0.coefficient(at: step) != 0
            }
            let (up, down) = (max(limit.upper(at: step) - sum, 0), max(sum - limit.lower(at: step), 0))
            for term in movers {
                let coefficient = term.coefficient(at: step) * Double(movers.count)
                let (more, less) = coefficient > 0 ? (up, down) : (down, up)
                rise[term.offer] = min(rise[term.offer], more / abs(coefficient))
                fall[term.offer] = min(fall[term.offer], less / abs(coefficient))
            }
        }
    }

    private static func value(of term: LinearLimit.Term, _ plan: Plan, _ step: Int) -> Double {
        let coefficient = term.coefficient(at: step)
        switch term.factor {
        case .power: return coefficient * plan.power(of: term.offer, at: step).value
        case .given: return coefficient * max(plan.power(of: term.offer, at: step).value, 0)
        case .content: return coefficient * plan.stored(in: term.offer, at: step).value
        case .reactive: return coefficient * plan.reactive(of: term.offer, at: step).value
        }
    }
}
