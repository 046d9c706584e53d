import Grid
import Timeline

/// Carries a rule through a horizon, step after step. A rule sees one step at a time and moves its offers.
struct Rules {
    private let sheet: Sheet
    private let roster: RuleRoster

    init(_ sheet: Sheet) {
        self.sheet = sheet
        roster = RuleRoster(sheet)
    }

    func plan(status: Plan.Status = .ruleBased, by rule: (inout RuleStep) -> Void) -> Plan {
        var price: [EnergyCost] = []
        let draft = draft(by: rule) { price.append(EnergyCost($0.price)) }
        return draft.plan(
            sheet, status: status, iterations: 0, price: price, objective: draft.objective(sheet))
    }

    /// `ended` sees every step as the rule leaves it.
    func draft(by rule: (inout RuleStep) -> Void, ended: (RuleStep) -> Void = { _ in }) -> Draft {
        var draft = Draft(sheet, tolerance: 1e-6 * max(sheet.largestPower, 1))
        for step in 0..<sheet.steps {
            var hour = RuleStep(sheet, roster, step, draft)
            rule(&hour)
            for i in sheet.offers { draft.set(i, step, hour.power[i]) }
            for i in roster.stores { draft.setContent(i, step, hour.content(i)) }
            ended(hour)
        }
        return draft
    }
}
