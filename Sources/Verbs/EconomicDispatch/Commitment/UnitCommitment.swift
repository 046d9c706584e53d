import Grid
public import Optimization
public import Scheduling

/// The least-cost plan in which every unit that can be off is off or between its minimum and its greatest
/// power, stays on and off as long as it must (`Offer.cycling`), pays its starts, and leaves the spinning
/// reserve: `CommitmentProgram`, searched by HiGHS until the gap or the time limit. Then the convex program
/// is solved with the units as found, so that powers, prices and cost are exact for that commitment.
///
/// The search is first for a plan with neither shortage, surplus nor (unless its penalty is stated) missing
/// reserve: the certificate's bound is below every such plan. Only where there is none may they be.
///
/// Without units it is `RollingOptimum`; so it is (status `.approximate`, by the half-minimum rule) where no
/// commitment was found in time or HiGHS is not on this machine: ask `missing` first.
public final class UnitCommitment: Dispatcher {
    /// Settings of the search.
    public struct Options: Hashable, Sendable {
        /// The search ends when (cost − bound)/|cost| is no more than this.
        public var gap: Double
        /// Wall time of one plan's search, s. A search that it ends need not give the same plan again.
        public var timeLimit: Double
        /// Number of secants that replace a quadratic cost.
        public var segments: Int

        /// Creates settings; the defaults suit plans of a day.
        public init(gap: Double = 1e-3, timeLimit: Double = 60, segments: Int = 10) {
            precondition(gap >= 0 && timeLimit > 0 && segments > 0)
            (self.gap, self.timeLimit, self.segments) = (gap, timeLimit, segments)
        }
    }

    private let options: Options
    private let convex = RollingOptimum()
    private let solver: MixedIntegerSolver?
    private let goesOn: ((MixedIntegerProgress) -> Bool)?

    /// Creates a dispatcher. `goesOn` receives the progress of a search, in the program's own unit of cost,
    /// and ends the search by returning false.
    public init(options: Options = Options(), goesOn: ((MixedIntegerProgress) -> Bool)? = nil) {
        self.options = options
        self.goesOn = goesOn
        solver = try? MixedIntegerSolver(relativeGap: options.gap, timeLimit: options.timeLimit)
    }

    /// Returns a dispatcher with the same settings whose searches call `goesOn`.
    public func telling(_ goesOn: @escaping (MixedIntegerProgress) -> Bool) -> UnitCommitment {
        UnitCommitment(options: options, goesOn: goesOn)
    }

    /// Why HiGHS cannot be used on this machine, in one line; nil where it can.
    public static var missing: String? {
        do throws(HiGHSLibrary.Missing) {
            _ = try HiGHSLibrary.open()
            return nil
        } catch {
            return error.description
        }
    }

    /// Returns the least-cost plan found within the gap or the time limit.
    public func plan(_ problem: DispatchProblem) -> Plan {
        guard problem.offers.contains(where: { $0.minimumWhenOn != nil }) else { return convex.plan(problem) }
        guard let solver else { return byRule(problem) }
        let layout = ProblemLayout(problem)
        let aggregates = AggregateOffer.all(layout, merging: true)
        var decisions = Decisions(layout, aggregates)
        guard let relaxed = convex.solve(layout, aggregates, decisions) else { return byRule(problem) }
        decisions.limits = relaxed.decisions.limits
        // The search decides units only; net flows stay as they were decided with units at any power.
        if layout.earnsMore { decisions.directions = relaxed.decisions.directions }
        var iterations = relaxed.iterations
        while true {
            let found = search(layout, aggregates, decisions, solver)
            decisions.commitment = found.commitment
            guard found.isComplete, let committed = convex.solve(layout, aggregates, decisions) else {
                return byRule(problem)
            }
            iterations += committed.iterations
            // Limits that the search did not know: search again with them.
            if committed.decisions.limits != decisions.limits {
                decisions.limits = committed.decisions.limits
                continue
            }
            let outcome = committed.outcome
            var plan = outcome.plan(
                layout, iterations: iterations, bound: relaxed.bound, isProved: !layout.earnsMore)
            if !layout.earnsMore, var proof = plan.certificate, found.bound > proof.bound {
                proof.bound = found.bound
                plan.certify(proof, rounding: outcome.roundingCost(layout) + options.gap * abs(found.bound))
            }
            plan.search = found.wasStopped ? .stopped : .finished
            if found.wasStopped { plan.status = .approximate }
            return plan
        }
    }

    /// The half-minimum rule in place of a search.
    private func byRule(_ problem: DispatchProblem) -> Plan {
        var plan = convex.plan(problem)
        if plan.status == .optimal { plan.status = .approximate }
        return plan
    }

    private struct Found {
        var commitment: Commitment
        var isComplete = false
        /// Yuan.
        var bound = -Double.infinity
        var wasStopped = false
    }

    private func search(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ decisions: Decisions,
        _ solver: MixedIntegerSolver
    ) -> Found {
        var free = decisions
        free.commitment = aggregates.map { _ in nil }
        var form = HorizonProgram(HorizonProgram.Shape(layout, aggregates, limits: free.limits))
        form.fill(layout, aggregates, free)
        let program = CommitmentProgram(layout, aggregates, form, segments: options.segments)
        var solution = solver.solve(program.strict(form, layout), goesOn: goesOn)
        if solution.status == .infeasible || solution.status == .unbounded {
            solution = solver.solve(program.program, goesOn: goesOn)
        }
        var found = Found(commitment: free.commitment)
        guard !solution.x.isEmpty else { return found }
        found.isComplete = true
        found.commitment = program.commitment(solution.x, layout, aggregates: aggregates.count)
        let unit = form.base * form.priceBase * layout.hours
        found.bound = (solution.bound - program.excess) * unit - layout.paidSoFar + form.constant
        found.wasStopped = solution.status == .stopped
        return found
    }
}

extension CommitmentProgram {
    /// Which units are on when, by aggregate and step.
    func commitment(_ x: [Double], _ layout: ProblemLayout, aggregates: Int) -> Commitment {
        var commitment: Commitment = Array(repeating: nil, count: aggregates)
        for (g, group) in groups.enumerated() {
            let wanted = (0..<layout.steps).map { Int(x[on[$0 + g * layout.steps]].rounded()) }
            let schedule = GroupCommitment(
                layout.problem.offers[group.offer], count: group.count, wanted: wanted, hours: layout.hours)
            for (unit, aggregate) in group.aggregates.enumerated() {
                commitment[aggregate] = schedule.isOn[unit]
            }
        }
        return commitment
    }
}
