import Grid
import Optimization

/// A plan that hedges: it knows several worlds, the problem's own forecast and its `alternatives`, all as
/// likely, and decides what stores do in the first `sharedSteps` once for all of them, whatever they do after
/// (two-stage stochastic programming). The stores' decision is then held in the plan that `RollingOptimum`
/// makes of the problem's own forecast.
public final class StochasticOptimum: Dispatcher {
    private let rolling = RollingOptimum()
    private var solver: SequenceSolver?
    private var pattern: SparseRows.Pattern?

    public init() {}

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
        let worlds = forms(problem)
        guard let first = worlds.first, worlds.allSatisfy({ $0.form.shape == first.form.shape }) else {
            return nil
        }
        let bundles = first.bundles.indices.filter { first.form.places[$0].content >= 0 }
        let columns = bundles.flatMap {
            [first.form.places[$0].give, first.form.places[$0].take].filter { $0 >= 0 }
        }
        let joint = StochasticProgram(worlds.map(\.form), shared: columns, steps: shared)
        if joint.program.matrix.pattern != pattern {
            pattern = joint.program.matrix.pattern
            solver = SequenceSolver(pattern: pattern!, stages: problem.horizon.count)
        }
        let solution = solver!.solve(joint.program)
        guard solution.status == .optimal else { return nil }
        var decided = problem
        decided.alternatives = []
        for k in bundles {
            let place = first.form.places[k]
            decided.fix(
                first.bundles[k].offers[0],
                (0..<shared).map { step in
                    let give = joint.value(solution, step, place.give)
                    let take = place.take < 0 ? 0 : joint.value(solution, step, place.take)
                    return (give - take) * first.form.base
                })
        }
        return decided
    }

    /// The program of every world, in the scale of the first.
    private func forms(_ problem: DispatchProblem) -> [(form: HorizonProgram, bundles: [Bundle])] {
        var scale: (Double, Double)?
        return ([problem.offers] + problem.alternatives).map { offers in
            var world = DispatchProblem(
                horizon: problem.horizon, offers: offers, losses: problem.losses,
                storedValue: problem.storedValue, requirements: problem.requirements,
                areas: problem.areas)
            world.marginalLosses = problem.marginalLosses
            let sheet = Sheet(world)
            let bundles = Bundle.all(sheet, merging: true)
            let decisions = Decisions(sheet, bundles)
            var form = HorizonProgram(HorizonProgram.Shape(sheet, bundles, limits: decisions.limits))
            form.fill(sheet, bundles, decisions, scale: scale)
            scale = scale ?? (form.base, form.priceBase)
            return (form, bundles)
        }
    }
}

extension DispatchProblem {
    /// The offer may only do `powers` (W) in its first steps.
    fileprivate mutating func fix(_ offer: Int, _ powers: [Double]) {
        let old = offers[offer]
        var (lower, upper) = (old.lower, old.upper)
        for (step, power) in powers.enumerated() {
            let fixed = min(max(Power(power), lower[step]), upper[step])
            (lower[step], upper[step]) = (fixed, fixed)
        }
        offers[offer] = Offer(
            device: old.device, horizon: old.horizon, lower: lower, upper: upper, cost: old.cost,
            rating: old.rating, reservoir: old.reservoir, ramp: old.ramp, power: old.power,
            minimumWhenOn: old.minimumWhenOn, cycling: old.cycling, capability: old.capability)
    }
}
