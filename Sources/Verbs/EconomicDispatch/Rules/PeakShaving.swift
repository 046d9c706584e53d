public import Grid
public import Scheduling

/// Peak shaving: stores hold what is bought from the connections at or below a threshold. Per step, after
/// loads are served and what is free gives all:
///
/// 1. Left over: as in `MeritOrder`.
/// 2. Lacking: connections up to the threshold together; then stores; then connections and units by rising
///    price; then loads are shed.
/// 3. Stores charge with what the connections give below the threshold.
///
/// A threshold that is not given is the lowest that the stores, full or not as they are, can hold over the
/// horizon with the offers as they are believed; but not below the peak that the month's demand charge counts
/// already, for that is paid.
public final class PeakShaving: Dispatcher {
    private let threshold: Power?

    /// Creates a dispatcher; `threshold` is the greatest import of all connections together.
    public init(threshold: Power? = nil) { self.threshold = threshold }

    /// Returns a plan by the rule above.
    public func plan(_ problem: DispatchProblem) -> Plan {
        let layout = ProblemLayout(problem)
        let rules = Rules(layout)
        let most = threshold?.value ?? Self.lowestThreshold(layout, rules)
        return rules.plan { Self.shave(&$0, below: most) }
    }

    /// Returns the rule's answer to one step, below the threshold that the plan keeps to.
    public func react(to now: DispatchProblem, within plan: Plan) -> Plan? {
        let layout = ProblemLayout(now)
        let paid = now.requirements.demandCharges.reduce(0) { $0 + ($1.months.map(\.soFar.value).max() ?? 0) }
        let most = threshold?.value ?? max(Self.highestImport(plan), paid)
        return Rules(layout).plan { Self.shave(&$0, below: most) }
    }

    /// The highest planned import of all connections together, W.
    private static func highestImport(_ plan: Plan) -> Double {
        let connections = plan.problem.offers.indices.filter { plan.problem.offers[$0].role == .connection }
        return plan.horizon.indices.reduce(0) { highest, step in
            max(highest, connections.reduce(0) { $0 + max(plan.power(of: $1, at: step).value, 0) })
        }
    }

    private static func shave(_ step: inout RuleStep, below most: Double) {
        let connections = step.ordered(step.roles.imports, by: step.deliver)
        for i in connections { step.raise(i, upTo: max(most - step.imported, 0)) }
        step.discharge()
        step.raise(cheapestOf: step.roles.sources)
        step.shed()
        step.absorbSurplus()
        for i in connections { step.charge(from: i, upTo: step.power[i] + max(most - step.imported, 0)) }
    }

    /// Halves the range from the peak already paid to the peak that is not shaved at all, to a thousandth of
    /// it.
    private static func lowestThreshold(_ layout: ProblemLayout, _ rules: Rules) -> Double {
        func peak(below most: Double) -> Double {
            var peak = 0.0
            _ = rules.draft(
                by: { shave(&$0, below: most) }, ended: { step, _ in peak = max(peak, step.imported) })
            return peak
        }
        let paid = layout.problem.requirements.demandCharges.reduce(0) {
            $0 + ($1.months.map(\.soFar.value).min() ?? 0)
        }
        var low = max(paid, 0)
        if peak(below: low) <= low { return low }
        var high = max(peak(below: layout.largestPower * Double(layout.offers.count)), low)
        let grain = max(high, 1) * 1e-3
        while high - low > grain {
            let middle = (low + high) / 2
            if peak(below: middle) <= middle + 1e-9 * high { high = middle } else { low = middle }
        }
        return high
    }
}
