import Grid
import Optimization
import Scheduling

/// How a program that is not decided prices an offer without a store which earns more by taking, a, than it
/// pays by giving, d. Its cost of a net power x is d·x where x ≥ 0 and a·x where x < 0, which is not convex
/// at 0.
enum NetFlowPrices: Hashable {
    /// The chord from the least net power −E to the greatest, I: the largest convex function below the cost,
    ///
    ///     s·x − c,   s = (d·I + a·E)/(I + E),   c = E·I·(a − d)/(I + E)
    ///
    /// It gives a bound.
    case chord
    /// a no higher than d.
    case capped
    /// As they are, for a mixed-integer program.
    case real
}

extension ProblemLayout {
    /// Whether offer `i` earns more by taking than it pays by giving in a step.
    func earnsMore(_ i: Int, at step: Int) -> Bool { earned[step + i * steps] > absorb[step + i * steps] }

    /// The net powers of an offer with which the powers of all can sum to the losses: 0 at least in one
    /// direction, W.
    func netRange(_ i: Int, at step: Int) -> (least: Double, greatest: Double) {
        let at = step + i * steps
        guard problem.marginalLosses == nil else { return (lower[at], upper[at]) }
        var (least, greatest) = (problem.sum(problem.losses, at: step).value, 0.0)
        greatest = least
        for j in offers where j != i {
            least -= upper[step + j * steps]
            greatest -= lower[step + j * steps]
        }
        return (min(max(lower[at], least), 0), max(min(upper[at], greatest), 0))
    }

    /// Price of a net power by the chord, yuan/Wh, and what the chord lies lower at 0, yuan/h.
    func chord(_ i: Int, at step: Int) -> (price: Double, depth: Double) {
        let at = step + i * steps
        let (least, greatest) = netRange(i, at: step)
        let range = greatest - least
        guard range > 0 else { return (deliver[at], 0) }
        return (
            (deliver[at] * greatest - earned[at] * least) / range,
            -least * greatest * (earned[at] - deliver[at]) / range
        )
    }

    /// What the chords of undecided steps lie lower in all, yuan.
    func chordDepth(_ aggregates: [AggregateOffer], _ decisions: Decisions) -> Double {
        guard earnsMore, decisions.prices == .chord else { return 0 }
        var sum = 0.0
        for (k, aggregate) in aggregates.enumerated() {
            for step in 0..<steps
            where earnsMore(aggregate.offers[0], at: step) && decisions.directions[k]?[step] ?? 0 == 0 {
                sum += hours * chord(aggregate.offers[0], at: step).depth
            }
        }
        return sum
    }
}

extension RollingOptimum {
    /// Decides for each step in which an offer earns more by taking than it pays by giving whether it gives
    /// or takes. First by two rules: the directions of the chord's solution, and of the solution with capped
    /// prices. Where neither reaches the bound, by a mixed-integer program, if HiGHS is on this machine and
    /// the program has no quadratic cost. The best of them is taken. Nil where the solver came to nothing
    /// usable.
    func decideNetFlows(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ free: Decisions, _ relaxed: Solved
    ) -> Solved? {
        var solved = relaxed
        var best: Outcome?
        func take(_ ways: [[Int]?]) {
            var decisions = free
            decisions.directions = ways
            guard let (outcome, solution) = once(layout, aggregates, decisions) else { return }
            solved.iterations += outcome.iterations
            if let best, best.objective <= outcome.objective { return }
            best = outcome
            (solved.outcome, solved.decisions, solved.solution) = (outcome, decisions, solution)
        }
        take(signs(layout, aggregates, free, relaxed.outcome.draft))
        var capped = free
        capped.prices = .capped
        if let (outcome, _) = once(layout, aggregates, capped) {
            solved.iterations += outcome.iterations
            take(signs(layout, aggregates, free, outcome.draft))
        }
        func isProved() -> Bool {
            best.map { $0.objective - solved.bound <= 1e-5 * (1 + abs(solved.bound)) } ?? false
        }
        if !isProved(), let found = searchNetFlows(layout, aggregates, free) {
            solved.bound = max(solved.bound, found.bound)
            take(found.ways)
        }
        solved.isProved = isProved()
        return best == nil ? nil : solved
    }

    /// The directions of a draft's net powers in the steps to be decided.
    private func signs(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ free: Decisions, _ draft: TentativeSchedule
    ) -> [[Int]?] {
        directions(layout, aggregates, free) { k, step in
            draft.power(aggregates[k].offers[0], step) > 0 ? 1 : -1
        }
    }

    private func directions(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ free: Decisions,
        _ way: (_ aggregate: Int, _ step: Int) -> Int
    ) -> [[Int]?] {
        aggregates.indices.map { k in
            let i = aggregates[k].offers[0]
            guard (0..<layout.steps).contains(where: { layout.earnsMore(i, at: $0) }) else {
                return free.directions[k]
            }
            return (0..<layout.steps).map { layout.earnsMore(i, at: $0) ? way(k, $0) : 0 }
        }
    }

    private func decisions(_ layout: ProblemLayout) -> Int {
        layout.offers.reduce(0) { sum, i in sum + (0..<layout.steps).count { layout.earnsMore(i, at: $0) } }
    }

    /// One whole number z for each step to be decided: p ≤ I·z and n ≤ E·(1 − z).
    private func searchNetFlows(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ free: Decisions
    ) -> (ways: [[Int]?], bound: Double)? {
        guard var solver = try? MixedIntegerSolver(relativeGap: 1e-6) else { return nil }
        solver.nodeLimit = Self.nodes
        var real = free
        real.prices = .real
        var form = HorizonProgram(HorizonProgram.Shape(layout, aggregates, limits: free.limits))
        form.fill(layout, aggregates, real)
        guard form.program.quadratic.allSatisfy({ $0 == 0 }) else { return nil }
        guard decisions(layout) <= Self.mostDecisions else { return nil }
        var draft = MixedIntegerDraft(form.program)
        var numbers: [[Int]] = aggregates.map { _ in [] }
        for (k, aggregate) in aggregates.enumerated() {
            for step in 0..<layout.steps {
                let i = aggregate.offers[0]
                guard layout.earnsMore(i, at: step) else {
                    numbers[k].append(-1)
                    continue
                }
                let (least, greatest) = layout.netRange(i, at: step)
                let z = draft.addColumn(0...1, isInteger: true)
                let (give, take) = (form.places[k].give, form.places[k].take)
                draft.addRow([(step * form.width + give, 1), (z, -greatest / form.base)], to: 0)
                draft.addRow(
                    [(step * form.width + take, 1), (z, -least / form.base)], to: -least / form.base)
                numbers[k].append(z)
            }
        }
        let solution = solver.solve(draft.program)
        guard !solution.x.isEmpty else { return nil }
        let unit = form.base * form.priceBase * layout.hours
        return (
            directions(layout, aggregates, free) { solution.x[numbers[$0][$1]] > 0.5 ? 1 : -1 },
            solution.bound * unit - layout.paidSoFar + layout.curvedConstant
        )
    }

    /// Greatest number of steps to be decided in one search.
    private static let mostDecisions = 1000
    /// Greatest number of nodes of one search. Steps with equal prices are alike, so that the proof of the
    /// last thousandth takes far longer than the plan.
    private static let nodes: Int32 = 20
}
