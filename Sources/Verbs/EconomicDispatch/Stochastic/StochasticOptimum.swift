import Grid
import Optimization
public import Scheduling

/// A plan that hedges: it knows several worlds, the problem's own forecast and its `alternatives`, all as
/// likely, and decides what stores do in the first `sharedSteps` once for all of them, whatever they do after
/// (two-stage stochastic programming). The stores' decision is then held in the plan that `RollingOptimum`
/// makes of the problem's own forecast.
public final class StochasticOptimum: Dispatcher {
    private let rolling = RollingOptimum()
    /// Of each world; all of one shape once they are solved.
    private var forms: [HorizonProgram] = []
    private var joint: StochasticProgram?
    private var solver: SequenceSolver?

    /// Creates a dispatcher.
    public init() {}

    /// True.
    public var hedges: Bool { true }

    /// Returns the least-cost plan with the stores' first powers decided for all forecasts.
    public func plan(_ problem: DispatchProblem) -> Plan {
        guard let decided = decide(problem) else { return rolling.plan(problem) }
        return rolling.plan(decided)
    }

    /// The problem with the stores' first powers fixed; nil where there is nothing to share, or the worlds do
    /// not come to one program.
    private func decide(_ problem: DispatchProblem) -> DispatchProblem? {
        let stores = problem.offers.indices.filter { problem.offers[$0].reservoir != nil }
        let shared = min(problem.sharedSteps, problem.horizon.count)
        guard !problem.alternatives.isEmpty, !stores.isEmpty, shared > 0 else { return nil }
        guard let aggregates = fill(problem), let first = forms.first else { return nil }
        let storing = aggregates.indices.filter { first.places[$0].content >= 0 }
        let columns = storing.flatMap { [first.places[$0].give, first.places[$0].take].filter { $0 >= 0 } }
        prepare(columns, steps: shared)
        joint!.fill(forms)
        let solution = solver!.solve(joint!.program)
        guard solution.status == .optimal else { return nil }
        var decided = problem
        decided.alternatives = []
        for k in storing {
            let place = first.places[k]
            decided.fix(
                aggregates[k].offers[0],
                (0..<shared).map { step in
                    let give = joint!.value(solution, step, place.give)
                    let take = place.take < 0 ? 0 : joint!.value(solution, step, place.take)
                    return (give - take) * first.base
                })
        }
        return decided
    }

    /// Fills the program of every world, in the scale of the first, and gives the first's aggregates. Nil
    /// where the worlds differ in shape.
    private func fill(_ problem: DispatchProblem) -> [AggregateOffer]? {
        let worlds = [problem.offers] + problem.alternatives
        forms.removeSubrange(min(worlds.count, forms.count)...)
        var aggregates: [AggregateOffer] = []
        for (w, offers) in worlds.enumerated() {
            var world = problem
            (world.offers, world.alternatives) = (offers, [])
            let layout = ProblemLayout(world)
            let own = AggregateOffer.all(layout, merging: true)
            let decisions = Decisions(layout, own)
            let shape = HorizonProgram.Shape(layout, own, limits: decisions.limits)
            if w == 0 { aggregates = own } else if shape != forms[0].shape { return nil }
            if w == forms.count { forms.append(HorizonProgram(shape)) }
            if forms[w].shape != shape { forms[w] = HorizonProgram(shape) }
            forms[w].fill(layout, own, decisions, scale: w == 0 ? nil : (forms[0].base, forms[0].priceBase))
            forms[w].preferSmooth(layout, own)
        }
        return aggregates
    }

    private func prepare(_ shared: [Int], steps: Int) {
        let first = forms[0]
        let fits = joint?.fits(first, worlds: forms.count, shared: shared, steps: steps) ?? false
        guard !fits else { return }
        joint = StochasticProgram(first, worlds: forms.count, shared: shared, steps: steps)
        solver = SequenceSolver(pattern: joint!.program.matrix.pattern, stages: first.shape.steps)
    }
}

extension DispatchProblem {
    /// The offer may only do `powers` (W) in its first steps.
    fileprivate mutating func fix(_ offer: Int, _ powers: [Double]) {
        for (step, power) in powers.enumerated() {
            let fixed = min(max(Power(power), offers[offer].lower[step]), offers[offer].upper[step])
            (offers[offer].lower[step], offers[offer].upper[step]) = (fixed, fixed)
        }
    }
}
