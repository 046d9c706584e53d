import Grid
import Optimization
import Scheduling
import Timeline

/// One solved program, back in watts and offers.
struct Outcome {
    let draft: TentativeSchedule
    let price: [EnergyCost]
    /// As `Plan.storedWorth`.
    let storedWorth: [EnergyCost]
    let isOptimal: Bool
    let iterations: Int
    /// Primal and dual residual and gap, as the solver measures them.
    let residuals: (Double, Double, Double)
    /// A bound on the cost of the program without the preference for smooth powers, and what its powers cost
    /// by the offers themselves, yuan.
    let programObjective: Double
    let objective: Double
    /// Powers nearer to each other than this are the same, W.
    let tolerance: Double

    init(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ form: borrowing HorizonProgram,
        _ solution: Solution, _ decisions: Decisions
    ) {
        var draft = TentativeSchedule(layout, tolerance: 1e-6 * form.base)
        for (k, aggregate) in aggregates.enumerated() {
            let (place, width, base) = (form.places[k], form.width, form.base)
            draft.share(among: aggregate, layout, snap: 1e-7 * base) { step in
                let give = solution.x[step * width + place.give] * base
                let take = place.take < 0 ? 0 : solution.x[step * width + place.take] * base
                return give - take + (aggregate.side == .absorbs ? aggregate.lower[step] : 0)
            }
            guard place.reactive >= 0 else { continue }
            for step in 0..<layout.steps {
                draft.setReactive(aggregate.offers[0], step, solution.x[step * width + place.reactive] * base)
            }
        }
        for (l, flow) in form.flows.enumerated() {
            for step in 0..<layout.steps {
                let at = step * form.width + flow
                let (low, high) = (form.program.lower[at], form.program.upper[at])
                let x = solution.x[at]
                let snapped = x >= high - 1e-7 ? high : x <= low + 1e-7 ? low : x
                draft.setFlow(l, step, snapped * form.base)
            }
        }
        draft.settle(layout)
        self.draft = draft
        price = Self.prices(solution, form)
        storedWorth = Self.storedWorths(layout, aggregates, solution, form)
        isOptimal = solution.status == .optimal
        iterations = solution.iterations
        residuals = (solution.primalResidual, solution.dualResidual, solution.gap)
        let preference = form.costOfPreference(solution.x)
        programObjective =
            (solution.objective - preference.added - preference.most) * form.base * form.priceBase
            * layout.hours - layout.paidSoFar
            + layout.curvedConstant - layout.chordDepth(aggregates, decisions) + form.constant
        objective = draft.objective(layout)
        tolerance = draft.tolerance
    }

    /// Multipliers of the balances.
    private static func prices(_ solution: Solution, _ form: borrowing HorizonProgram) -> [EnergyCost] {
        var prices: [EnergyCost] = []
        for area in 0..<form.shape.areas.count {
            for step in 0..<form.shape.steps {
                let row = step * form.height + form.rows.balance + area
                prices.append(EnergyCost(solution.y[row] * form.priceBase))
            }
        }
        return prices
    }

    /// Multipliers of the rows of the contents: one more Wh in the store at the end of the step saves so
    /// much.
    private static func storedWorths(
        _ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ solution: Solution,
        _ form: borrowing HorizonProgram
    ) -> [EnergyCost] {
        var worths = [EnergyCost](repeating: .zero, count: layout.offers.count * layout.steps)
        var row = form.rows.reservoir
        for (k, aggregate) in aggregates.enumerated() where form.places[k].content >= 0 {
            for step in 0..<layout.steps {
                let worth = EnergyCost(-solution.y[step * form.height + row] * form.priceBase)
                for offer in aggregate.offers { worths[step + offer * layout.steps] = worth }
            }
            row += 1
        }
        return worths
    }

    /// `bound`: the objective of the first program solved, in which units run at any power and stores may
    /// give and take at once: no plan costs less. `isProved`: whether the directions of offers that earn more
    /// by taking are proved to be the best.
    func plan(_ layout: ProblemLayout, iterations: Int, bound: Double, isProved: Bool) -> Plan {
        let hasMinimum = layout.problem.offers.contains { $0.minimumWhenOn != nil }
        let above = objective - bound
        let isLeast =
            isOptimal && isProved && (hasMinimum || draft.cuts == 0 || above <= 1e-6 * (1 + abs(bound)))
        var plan = draft.plan(
            layout, status: isLeast ? .optimal : .approximate, iterations: iterations, price: price,
            objective: objective)
        plan.storedWorth = storedWorth
        plan.commitmentCost = hasMinimum ? max(above, 0) : 0
        plan.certify(
            OptimalityCertificate(
                primalResidual: residuals.0, dualResidual: residuals.1, gap: residuals.2, bound: bound,
                optimum: layout.optimum),
            rounding: roundingCost(layout))
        return plan
    }

    /// Yuan by which rounding may put the cost of a plan below its bound.
    func roundingCost(_ layout: ProblemLayout) -> Double {
        1e-6 * (1 + abs(objective)) + tolerance * layout.slackPrice * layout.hours
    }
}
