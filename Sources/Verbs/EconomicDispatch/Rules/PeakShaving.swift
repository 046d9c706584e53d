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

    public init(threshold: Power? = nil) { self.threshold = threshold }

    public func plan(_ problem: DispatchProblem) -> Plan {
        let sheet = Sheet(problem)
        let rules = Rules(sheet)
        let most = threshold?.value ?? Self.lowestThreshold(sheet, rules)
        return rules.plan { Self.shave(&$0, below: most) }
    }

    private static func shave(_ hour: inout RuleStep, below most: Double) {
        let connections = hour.ordered(hour.roster.imports, by: hour.deliver)
        for i in connections { hour.raise(i, upTo: max(most - hour.imported, 0)) }
        hour.discharge()
        hour.raise(cheapestOf: hour.roster.sources)
        hour.shed()
        hour.soak()
        for i in connections { hour.charge(from: i, upTo: hour.power[i] + max(most - hour.imported, 0)) }
    }

    /// Halves the range from the peak already paid to the peak that is not shaved at all, to a thousandth of
    /// it.
    private static func lowestThreshold(_ sheet: Sheet, _ rules: Rules) -> Double {
        func peak(below most: Double) -> Double {
            var peak = 0.0
            _ = rules.draft(by: { shave(&$0, below: most) }, ended: { peak = max(peak, $0.imported) })
            return peak
        }
        let paid = sheet.problem.requirements.demandCharge?.months.map(\.soFar.value).min() ?? 0
        var low = max(paid, 0)
        if peak(below: low) <= low { return low }
        var high = max(peak(below: sheet.largestPower * Double(sheet.offers.count)), low)
        let grain = max(high, 1) * 1e-3
        while high - low > grain {
            let middle = (low + high) / 2
            if peak(below: middle) <= middle + 1e-9 * high { high = middle } else { low = middle }
        }
        return high
    }
}
