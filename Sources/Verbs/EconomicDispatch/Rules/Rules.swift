import Grid
import Scheduling
import Timeline

/// Applies a rule to a horizon, step after step. A rule sees one step of one area at a time and moves its
/// offers.
struct Rules {
    private let layout: ProblemLayout
    /// Roles of the offers of each area: a rule balances each area by itself, and nothing flows between them.
    private let areas: [OfferRoles]

    init(_ layout: ProblemLayout) {
        self.layout = layout
        areas = (0..<layout.problem.areas.count).map { OfferRoles(layout, area: $0) }
    }

    func plan(status: Plan.Status = .ruleBased, by rule: (inout RuleStep) -> Void) -> Plan {
        var price = [EnergyCost](repeating: .zero, count: layout.steps * areas.count)
        let draft = draft(by: rule) {
            price[$0.step + $0.roles.area * layout.steps] = EnergyCost($0.price)
        }
        return draft.plan(
            layout, status: status, iterations: 0, price: price, objective: draft.objective(layout))
    }

    /// `ended` sees every step as the rule leaves it.
    func draft(by rule: (inout RuleStep) -> Void, ended: (RuleStep) -> Void = { _ in }) -> TentativeSchedule {
        var draft = TentativeSchedule(layout, tolerance: 1e-6 * max(layout.largestPower, 1))
        for step in 0..<layout.steps {
            for roles in areas {
                var state = RuleStep(layout, roles, step, draft)
                rule(&state)
                for i in roles.offers { draft.set(i, step, state.power[i]) }
                for i in roles.stores { draft.setContent(i, step, state.content(i)) }
                ended(state)
            }
        }
        return draft
    }
}
