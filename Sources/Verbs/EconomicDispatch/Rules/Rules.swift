import Grid
import Scheduling
import Timeline

/// Carries a rule through a horizon, step after step. A rule sees one step of one area at a time and moves
/// its offers.
struct Rules {
    private let sheet: Sheet
    /// One an area: a rule balances each by itself, and nothing flows between them.
    private let rosters: [RuleRoster]

    init(_ sheet: Sheet) {
        self.sheet = sheet
        rosters = (0..<sheet.problem.areas.count).map { RuleRoster(sheet, area: $0) }
    }

    func plan(status: Plan.Status = .ruleBased, by rule: (inout RuleStep) -> Void) -> Plan {
        var price = [EnergyCost](repeating: .zero, count: sheet.steps * rosters.count)
        let draft = draft(by: rule) {
            price[$0.step + $0.roster.area * sheet.steps] = EnergyCost($0.price)
        }
        return draft.plan(
            sheet, status: status, iterations: 0, price: price, objective: draft.objective(sheet))
    }

    /// `ended` sees every step as the rule leaves it.
    func draft(by rule: (inout RuleStep) -> Void, ended: (RuleStep) -> Void = { _ in }) -> Draft {
        var draft = Draft(sheet, tolerance: 1e-6 * max(sheet.largestPower, 1))
        for step in 0..<sheet.steps {
            for roster in rosters {
                var hour = RuleStep(sheet, roster, step, draft)
                rule(&hour)
                for i in roster.offers { draft.set(i, step, hour.power[i]) }
                for i in roster.stores { draft.setContent(i, step, hour.content(i)) }
                ended(hour)
            }
        }
        return draft
    }
}
