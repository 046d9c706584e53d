public import Grid
import Optimization
public import Scheduling
import Timeline

extension RollingOptimum {
    /// What one Wh less and one Wh more taken from the network would save and cost, at each of `steps`: the
    /// ends of the interval in which `Plan.price` lies, wide where the plan stands at a kink. Of the plan's
    /// program, with its units on and off as planned; solves it again, and two more for each step. Nil where
    /// the solver does not reach an end.
    public func priceIntervals(
        _ problem: DispatchProblem, at steps: [Int], in area: Int = 0
    ) -> [ClosedRange<EnergyCost>?] {
        let layout = ProblemLayout(problem)
        let aggregates = AggregateOffer.all(layout, merging: merging)
        guard let best = best(layout, aggregates),
            let (_, solution) = once(layout, aggregates, best.solved.decisions)
        else { return steps.map { _ in nil } }
        let form = horizonProgram!
        return steps.map { step in
            form.program.multipliers(
                of: step * form.height + form.rows.balance + area, at: solution,
                by: { solver!.solve($0) }
            )
            .map {
                EnergyCost($0.lowerBound * form.priceBase)...EnergyCost($0.upperBound * form.priceBase)
            }
        }
    }
}
