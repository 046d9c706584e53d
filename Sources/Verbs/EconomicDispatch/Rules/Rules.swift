import Grid
import Scheduling
import Timeline

/// Applies a rule to a horizon, step after step. A rule sees one step of one area at a time and moves its
/// offers.
///
/// A rule starts a unit that has a minimum load only where at least half of it is asked for, and runs it at
/// its minimum for less than that. What this costs is tried: a step that sheds load is planned again with one
/// more unit on, and one with a unit above what it was asked for with that unit off. The cheapest is kept,
/// if the whole plan, with its starts, is then cheaper.
struct Rules {
    typealias Rule = (inout RuleStep) -> Void

    private let layout: ProblemLayout
    /// Roles of the offers of each area: a rule balances each area by itself, and nothing flows between them.
    private let areas: [OfferRoles]

    init(_ layout: ProblemLayout) {
        self.layout = layout
        areas = (0..<layout.problem.areas.count).map { OfferRoles(layout, area: $0) }
    }

    /// A draft, its prices, and the steps in which another commitment than the rule's was kept.
    private struct Trial {
        var draft: TentativeSchedule
        var price: [EnergyCost]
        var changed: [Bool]
        var cost: Double
    }

    func plan(status: Plan.Status = .ruleBased, by rule: Rule) -> Plan {
        let best = best(by: rule)
        return best.draft.plan(layout, status: status, iterations: 0, price: best.price, objective: best.cost)
    }

    /// Most blocks of changed steps that are tried one by one.
    private static let blocks = 16

    private func best(by rule: Rule) -> Trial {
        var best = trial(by: rule) { _ in true }
        guard best.changed.contains(true) else { return best }
        let changed = best.changed
        var kept = changed
        for block in Self.runs(of: changed).prefix(Self.blocks) {
            var without = kept
            for step in block { without[step] = false }
            let trial = trial(by: rule) { without[$0] }
            if trial.cost < best.cost { (best, kept) = (trial, without) }
        }
        let plain = trial(by: rule) { _ in false }
        return plain.cost <= best.cost ? plain : best
    }

    /// The runs of steps that are true.
    private static func runs(of steps: [Bool]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (step, isIn) in steps.enumerated() where isIn {
            if let last = runs.last, last.upperBound == step {
                runs[runs.count - 1] = last.lowerBound..<step + 1
            } else {
                runs.append(step..<step + 1)
            }
        }
        return runs
    }

    private func trial(by rule: Rule, where isTried: (Int) -> Bool) -> Trial {
        var price = [EnergyCost](repeating: .zero, count: layout.steps * areas.count)
        var changed = [Bool](repeating: false, count: layout.steps)
        let draft = draft(by: rule, where: isTried) { state, isChanged in
            price[state.step + state.roles.area * layout.steps] = EnergyCost(state.price)
            if isChanged { changed[state.step] = true }
        }
        return Trial(draft: draft, price: price, changed: changed, cost: draft.objective(layout))
    }

    /// `ended` sees every step as it is left, and whether its commitment is another than the rule's.
    func draft(
        by rule: Rule, where isTried: (Int) -> Bool = { _ in false },
        ended: (RuleStep, Bool) -> Void = { _, _ in }
    ) -> TentativeSchedule {
        var draft = TentativeSchedule(layout, tolerance: 1e-6 * max(layout.largestPower, 1))
        for step in 0..<layout.steps {
            for roles in areas {
                var state = RuleStep(layout, roles, step, draft)
                rule(&state)
                let better = isTried(step) ? bettered(state, draft, by: rule) : nil
                let last = better ?? state
                for i in roles.offers { draft.set(i, step, last.power[i]) }
                for i in roles.stores { draft.setContent(i, step, last.content(i)) }
                ended(last, better != nil)
            }
        }
        return draft
    }

    /// The step with another commitment, where one is cheaper.
    private func bettered(_ asked: RuleStep, _ draft: TentativeSchedule, by rule: Rule) -> RuleStep? {
        var (best, decided): (RuleStep?, [Bool?]) = (nil, [])
        func attempt(_ units: [Int], on: Bool) -> Bool {
            var (found, cost) = (false, (best ?? asked).cost)
            let known = decided.isEmpty ? Array(repeating: nil, count: layout.offers.count) : decided
            for i in units where known[i] == nil {
                var trying = known
                trying[i] = on
                var state = RuleStep(layout, asked.roles, asked.step, draft, decided: trying)
                rule(&state)
                guard state.cost < cost - 1e-9 * abs(cost) else { continue }
                (best, decided, cost, found) = (state, trying, state.cost, true)
            }
            return found
        }
        func last() -> RuleStep { best ?? asked }
        while last().unserved > asked.tolerance, attempt(last().idle, on: true) {}
        while !last().rounded.isEmpty, attempt(last().rounded, on: false) {}
        return best
    }
}
