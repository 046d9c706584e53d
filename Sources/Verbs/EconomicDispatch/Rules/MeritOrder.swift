import Grid
public import Scheduling

/// A plan by rules, one step after another, with no look ahead and no program to solve. Per step:
///
/// 1. Every load is served; what costs nothing (sun, wind, water) gives all it can.
/// 2. Left over: stores charge, connections export while that is worth something, then what is free
///    gives less.
/// 3. Lacking: where the price that stores replace (`DispatchProblem.replacedPrices`) is no lower than its
///    mean over the horizon, what is cheaper than that price gives, then stores discharge; then connections
///    and units by rising price; then stores after all; then loads are shed, the cheapest first.
///
/// A unit with a minimum load that is asked for at least half of it runs at its minimum or above; for less it
/// stays off. What it then gives too much is treated as left over.
public final class MeritOrder: Dispatcher {
    private let status: Plan.Status

    /// `status`: `.fallback` where it stands in for a dispatcher that had to give up.
    public init(standingInAs status: Plan.Status = .ruleBased) { self.status = status }

    /// Returns a plan by the rule above.
    public func plan(_ problem: DispatchProblem) -> Plan {
        let layout = ProblemLayout(problem)
        return plan(layout, mean: layout.replacedPrice)
    }

    /// Returns the rule's answer to one step, with the mean price of the plan's horizon.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? {
        self.plan(ProblemLayout(now), mean: plan.problem.meanReplacedPrice.value)
    }

    private func plan(_ layout: ProblemLayout, mean: Double) -> Plan {
        Rules(layout).plan(status: status) { step in
            let replaced = layout.replaced[step.step]
            if replaced >= mean - 1e-9 * abs(mean) {
                step.raise(cheapestOf: step.roles.sources, below: replaced - 1e-9 * abs(replaced))
                step.discharge()
            }
            step.raise(cheapestOf: step.roles.sources)
            step.discharge()
            step.shed()
            step.absorbSurplus()
        }
    }
}
