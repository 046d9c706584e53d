import Grid
public import Optimization

/// The least-cost plan over the whole horizon with all it knows now: one convex program (`HorizonProgram`),
/// solved by interior point. Called again every few steps it is a rolling-horizon (model predictive)
/// controller.
///
/// Units with a minimum load are not convex; the rule for them: solve with each free to run at any power,
/// paying its hours in proportion; keep on those at or above half their minimum, switch off the others; solve
/// again within the ranges that leaves. Where that sheds load which the first solution served, the units that
/// served it are kept on too and the cheaper of the two plans is taken. `Plan.commitmentCost` says what the
/// rule cost.
public final class RollingOptimum: Dispatcher {
    private let kernel: InteriorPoint.Kernel?
    private let merging: Bool
    private var horizonProgram: HorizonProgram?
    private var solve: ((ConvexProgram) -> Solution)?

    /// `kernel` solves by the band of the whole horizon instead of stage by stage; `merging` false gives every
    /// offer its own variables: both slower, the same plan.
    public init(kernel: InteriorPoint.Kernel? = nil, merging: Bool = true) {
        self.kernel = kernel
        self.merging = merging
    }

    public func plan(_ problem: DispatchProblem) -> Plan {
        let sheet = Sheet(problem)
        let bundles = Bundle.all(sheet, merging: merging)
        prepare(HorizonProgram.Shape(sheet, bundles))
        let relaxed = solve(sheet, bundles, bundles.map { _ in nil })
        guard let relaxed else { return MeritOrder(standingInAs: .fallback).plan(problem) }
        let first = HalfMinimum(sheet, bundles, relaxed)
        guard first.isNeeded else { return relaxed.plan(sheet, iterations: relaxed.iterations) }
        guard let committed = solve(sheet, bundles, first.commitment) else {
            return MeritOrder(standingInAs: .fallback).plan(problem)
        }
        var iterations = relaxed.iterations + committed.iterations
        var best = committed
        if let wider = first.widened(sheet, bundles, relaxed, committed),
            let again = solve(sheet, bundles, wider)
        {
            iterations += again.iterations
            if again.objective < committed.objective { best = again }
        }
        return best.plan(sheet, iterations: iterations, relaxed: relaxed.programObjective)
    }

    private func prepare(_ shape: HorizonProgram.Shape) {
        guard horizonProgram?.shape != shape else { return }
        let fresh = HorizonProgram(shape)
        solve = Self.solver(fresh.program.matrix.pattern, stages: shape.steps, kernel)
        horizonProgram = fresh
    }

    private static func solver(
        _ pattern: SparseRows.Pattern, stages: Int, _ kernel: InteriorPoint.Kernel?
    ) -> (ConvexProgram) -> Solution {
        guard kernel == nil, let staging = Staging(pattern, stages: stages) else {
            return InteriorPoint(pattern: pattern, kernel: kernel ?? .loops).solve
        }
        let solver = StagedInteriorPoint(pattern: staging.pattern)
        return { solver.solve(staging.staged($0)) }
    }

    /// Nil where the solver came to nothing usable.
    private func solve(_ sheet: Sheet, _ bundles: [Bundle], _ commitment: Commitment) -> Outcome? {
        horizonProgram!.fill(sheet, bundles, commitment)
        let solution = solve!(horizonProgram!.program)
        guard solution.status == .optimal || solution.primalResidual < 1e-5 else { return nil }
        return Outcome(sheet, bundles, horizonProgram!, solution)
    }
}
