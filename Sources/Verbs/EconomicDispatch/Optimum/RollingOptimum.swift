import Grid
public import Optimization
public import Scheduling
import Timeline

/// The least-cost plan over the whole horizon, and of those that cost the same the one with the smoothest
/// powers of stores (`SmoothPreference`): one convex program (`HorizonProgram`), solved by interior point.
/// Called again every few steps it is a rolling-horizon (model predictive) controller.
///
/// ```swift
/// let hours = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 2)
/// let fifty = [Power(kilowatts: 50), Power(kilowatts: 50)]
/// let minusFifty = fifty.map { -$0 }
/// let load = Offer(
///     device: DeviceID(0), horizon: hours, lower: minusFifty, upper: minusFifty, cost: .free)
/// let prices = [0.3, 0.9].map { EnergyCost(yuanPerKilowattHour: $0) }
/// let grid = Offer(
///     device: DeviceID(1), horizon: hours, lower: [.zero, .zero], upper: fifty.map { $0 * 2 },
///     cost: Cost(deliver: prices, absorb: prices))
/// let store = Reservoir(
///     stored: .zero, minimum: .zero, maximum: Energy(kilowattHours: 50), chargeEfficiency: 1,
///     dischargeEfficiency: 1, selfDischarge: 0)
/// let battery = Offer(
///     device: DeviceID(2), horizon: hours, lower: minusFifty, upper: fifty, cost: .free,
///     reservoir: store)
/// let problem = DispatchProblem(
///     horizon: hours, offers: [load, grid, battery], storedValue: .zero)
/// let plan = RollingOptimum().plan(problem)
/// print(plan.power(of: 2).map(\.kilowatts))  // −50 kW in the cheap hour, 50 kW in the dear one.
/// ```
///
/// Units with a minimum load are not convex. The rule for them: solve with each unit at any power, paying its
/// hours on in proportion and free of its ramp; keep on those at or above half their minimum and switch off
/// the others; solve again within the ranges that this leaves. Where that sheds load which the first solution
/// served, misses reserve or costs much, other commitments are planned too, those of the rules among them,
/// and the cheapest plan is taken (`CommitmentTrials`). `Plan.commitmentCost` is the cost of the commitment.
public final class RollingOptimum: Dispatcher {
    private let kernel: InteriorPoint.Kernel?
    let merging: Bool
    private let warm, smooth: Bool
    private(set) var horizonProgram: HorizonProgram?
    private(set) var solver: SequenceSolver?
    /// When the last program solved began.
    private var last: Horizon?

    /// Creates a dispatcher. The settings are for tests and benchmarks. The first three make it slower with
    /// the same plan: `kernel` solves by the band of the whole horizon instead of stage by stage, `merging`
    /// false gives every offer its own variables, and `warm` false does not start from the last plan. With
    /// `smooth` false any of the plans that cost the same may be taken.
    public init(
        kernel: InteriorPoint.Kernel? = nil, merging: Bool = true, warm: Bool = true, smooth: Bool = true
    ) {
        self.kernel = kernel
        self.merging = merging
        (self.warm, self.smooth) = (warm, smooth)
    }

    /// Returns the least-cost plan, or that of `MeritOrder` (status `.fallback`) where the solver fails.
    public func plan(_ problem: DispatchProblem) -> Plan {
        let layout = ProblemLayout(problem)
        guard let best = best(layout, AggregateOffer.all(layout, merging: merging)) else {
            return MeritOrder(standingInAs: .fallback).plan(problem)
        }
        return best.solved.outcome.plan(
            layout, iterations: best.iterations, bound: best.bound, isProved: best.solved.isProved)
    }

    /// The best plan by the rule above, the solver's iterations over all, and the bound below every plan. Nil
    /// where the solver came to nothing usable.
    func best(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) -> (
        solved: Solved, iterations: Int, bound: Double
    )? {
        guard let relaxed = solve(layout, aggregates, Decisions(layout, aggregates)) else { return nil }
        let first = HalfMinimum(layout, aggregates, relaxed.outcome)
        guard first.isNeeded else { return (relaxed, relaxed.iterations, relaxed.bound) }
        var decisions = relaxed.decisions
        decisions.commitment = first.commitment
        guard let committed = solve(layout, aggregates, decisions) else { return nil }
        var trials = CommitmentTrials(layout, aggregates, self, from: committed)
        trials.improve(on: first, relaxed)
        var best = trials.best
        best.isProved = relaxed.isProved
        return (best, relaxed.iterations + committed.iterations + trials.iterations, relaxed.bound)
    }

    struct Solved {
        var outcome: Outcome
        var decisions: Decisions
        var iterations: Int
        /// Of the last program before directions were decided.
        var bound: Double
        /// Of the last program.
        var solution: Solution
        /// Whether the directions of net flows are proved to be the best; true where there is nothing to
        /// decide.
        var isProved = true
    }

    /// Solves, and again while a limit that is no row yet is passed or a store is asked to give and take at
    /// once. Nil where the solver came to nothing usable.
    func solve(_ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ free: Decisions) -> Solved? {
        guard let (outcome, solution) = once(layout, aggregates, free) else { return nil }
        var solved = Solved(
            outcome: outcome, decisions: free, iterations: outcome.iterations,
            bound: outcome.programObjective, solution: solution)
        if layout.earnsMore, free.directions.allSatisfy({ $0 == nil }) {
            guard let decided = decideNetFlows(layout, aggregates, free, solved) else { return nil }
            solved = decided
        }
        var (decisions, last) = (solved.decisions, solved.solution)
        for _ in 0..<Self.repairs {
            let passed = layout.passed(solved.outcome.draft, besides: decisions.limits)
            decisions.limits = (decisions.limits + passed).sorted()
            let ways =
                solved.outcome.draft.cuts > 0
                ? Directions.decided(decisions.directions, aggregates, horizonProgram!, last) : nil
            guard !passed.isEmpty || ways != nil else { break }
            let isDecided = decisions.directions.contains { $0 != nil }
            if passed.isEmpty { decisions.directions = ways! }
            guard let (outcome, solution) = once(layout, aggregates, decisions) else { break }
            last = solution
            (solved.outcome, solved.decisions, solved.solution) = (outcome, decisions, solution)
            solved.iterations += outcome.iterations
            if !passed.isEmpty, !isDecided { solved.bound = outcome.programObjective }
        }
        return solved
    }

    /// How often a plan is solved again at most.
    private static let repairs = 12

    func once(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ decisions: Decisions
    ) -> (Outcome, Solution)? {
        prepare(HorizonProgram.Shape(layout, aggregates, limits: decisions.limits))
        horizonProgram!.fill(layout, aggregates, decisions)
        if smooth { horizonProgram!.preferSmooth(layout, aggregates) }
        let solution = solver!.solve(horizonProgram!.program, passed: passed(layout.problem.horizon))
        last = layout.problem.horizon
        guard solution.status == .optimal || solution.primalResidual < 1e-5 else { return nil }
        return (Outcome(layout, aggregates, horizonProgram!, solution, decisions), solution)
    }

    private func prepare(_ shape: HorizonProgram.Shape) {
        guard horizonProgram?.shape != shape else { return }
        let fresh = HorizonProgram(shape)
        solver = SequenceSolver(pattern: fresh.program.matrix.pattern, stages: shape.steps, kernel: kernel)
        horizonProgram = fresh
        last = nil
    }

    /// Steps from the begin of the last program to that of this one; nil where they have none in common.
    private func passed(_ horizon: Horizon) -> Int? {
        guard warm, let last, last.step == horizon.step else { return nil }
        let seconds = horizon.start.secondsSinceEpoch - last.start.secondsSinceEpoch
        let steps = Int(seconds) / horizon.step
        return seconds >= 0 && steps < horizon.count ? steps : nil
    }
}

extension Decisions {
    /// Nothing decided. A few limits are rows from the begin; of many, only those that are passed.
    init(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        commitment = aggregates.map { _ in nil }
        directions = commitment.map { _ in nil }
        let binding = layout.limits.indices.filter { layout.limits[$0].canBind }
        limits = binding.count <= 4 ? binding : []
    }
}
