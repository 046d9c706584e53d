import Grid
import Optimization
import Timeline

/// One solved program, back in watts and offers.
struct Outcome {
    let draft: Draft
    let price: [EnergyCost]
    let isOptimal: Bool
    let iterations: Int
    /// What the program says it costs, yuan, and what its powers cost by the offers themselves.
    let programObjective: Double
    let objective: Double
    /// Powers nearer to each other than this are the same, W.
    let tolerance: Double

    init(
        _ sheet: Sheet, _ bundles: [Bundle], _ form: borrowing HorizonProgram, _ solution: Solution
    ) {
        var draft = Draft(sheet, tolerance: 1e-6 * form.base)
        for step in 0..<sheet.steps {
            for (k, bundle) in bundles.enumerated() {
                let place = form.places[k]
                let give = solution.x[step * form.width + place.give] * form.base
                let take = place.take < 0 ? 0 : solution.x[step * form.width + place.take] * form.base
                let wanted = give - take + (bundle.side == .absorbs ? bundle.lower[step] : 0)
                draft.share(wanted, among: bundle, sheet, step, snap: 1e-7 * form.base)
            }
        }
        draft.settle(sheet)
        self.draft = draft
        price = Self.prices(solution, steps: sheet.steps, height: form.height, unit: form.priceBase)
        isOptimal = solution.status == .optimal
        iterations = solution.iterations
        programObjective = solution.objective * form.base * form.priceBase * sheet.hours
        objective = draft.objective(sheet)
        tolerance = draft.tolerance
    }

    /// Multipliers of the balances.
    private static func prices(_ solution: Solution, steps: Int, height: Int, unit: Double) -> [EnergyCost] {
        (0..<steps).map { EnergyCost(solution.y[($0 + 1) * height - 1] * unit) }
    }

    /// `relaxed`: the objective without the rule for minimum loads, where the rule was needed.
    func plan(_ sheet: Sheet, iterations: Int, relaxed: Double? = nil) -> Plan {
        let hasMinimum = sheet.problem.offers.contains { $0.minimumWhenOn != nil }
        return draft.plan(
            sheet, status: isOptimal ? .optimal : .approximate, iterations: iterations, price: price,
            objective: objective,
            commitmentCost: hasMinimum ? max(objective - (relaxed ?? programObjective), 0) : 0)
    }
}
