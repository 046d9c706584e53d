public import Grid
public import Scheduling
import Timeline

extension DispatchProblem {
    /// Returns the costs of `powers`, one array an offer and one value a step, that leave `contents` in the
    /// stores. They are those of a plan's objective, with starts. None can be below the bound of the
    /// problem's optimum as long as the powers sum to no less than the losses.
    ///
    /// For what it gives beyond its bounds an offer pays `beyondPrice`, as for demand not served; for what it
    /// takes beyond them it earns nothing.
    public func costs(of powers: [[Power]], contents: [Energy], beyondPrice: EnergyCost) -> Costs {
        let layout = ProblemLayout(self)
        let tolerance = 1e-6 * max(layout.largestPower, 1)
        var (beyond, own) = (0.0, Array(repeating: 0.0, count: layout.offers.count))
        for i in layout.offers {
            let isOn = powers[i].map { $0.value > tolerance }
            own[i] += GroupCommitment.startCost(of: offers[i], isOn, hours: layout.hours)
            for step in 0..<layout.steps {
                let power = powers[i][step].value
                let within = min(max(power, offers[i].lower[step].value), offers[i].upper[step].value)
                own[i] += layout.hours * layout.costRate(i, at: step, power: within, tolerance: tolerance)
                beyond += layout.hours * beyondPrice.value * max(power - within, 0)
            }
        }
        let stored = layout.offers.reduce(0) { $0 + layout.storedValue(of: $1) * contents[$1].value }
        let peaks = requirements.demandCharges.flatMap { charge in
            charge.peaks(of: { powers[charge.offer][$0].value }, steps: layout.steps)
        }
        return Costs(
            offers: own, beyond: beyond, demandCharge: requirements.demandCost(peaks), storedValue: stored)
    }

    /// Returns what the powers of `plan` cost by this problem's offers, as `Plan.objective` counts it, yuan.
    public func objective(of plan: Plan) -> Double {
        let layout = ProblemLayout(self)
        var draft = TentativeSchedule(layout, tolerance: 1e-6 * max(layout.largestPower, 1))
        for i in layout.offers {
            for step in 0..<layout.steps {
                draft.set(i, step, plan.power(of: i, at: step).value)
                draft.setContent(i, step, plan.stored(in: i, at: step).value)
            }
        }
        for tie in areas.ties.indices {
            for step in 0..<layout.steps { draft.setFlow(tie, step, plan.flow(over: tie, at: step).value) }
        }
        return draft.objective(layout)
    }

    /// Returns what each offer of `plan` costs in each step, yuan/h: one array an offer, one value a step.
    /// Starts and stored energy do not count; a load costs what is not served.
    public func costRates(of plan: Plan) -> [[Double]] {
        let layout = ProblemLayout(self)
        return layout.offers.map { i in
            (0..<layout.steps).map { step in
                layout.costRate(
                    i, at: step, power: plan.power(of: i, at: step).value,
                    tolerance: 1e-6 * layout.largestPower)
            }
        }
    }
}
