import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import Timeline

/// A plan put together from what agents have planned, each for its own devices. The connection gets what the
/// others leave.
struct JointPlan {
    let problem: DispatchProblem
    /// Place of the offer of the connection.
    let connection: Int
    /// Laid out as `Schedule.powers` and `Schedule.contents`.
    var powers: [Power]
    var contents: [Energy]
    var worth: [EnergyCost]

    /// A plan of zeros. Precondition: the problem has a connection.
    init(_ problem: DispatchProblem) {
        self.problem = problem
        connection = problem.offers.firstIndex { $0.role == .connection }!
        powers = Array(repeating: .zero, count: problem.offers.count * problem.horizon.count)
        contents = Array(repeating: .zero, count: powers.count)
        worth = Array(repeating: .zero, count: powers.count)
    }

    /// Takes over what a plan of offers in the same order does with one of them.
    mutating func take(_ index: Int, from plan: Plan) {
        for at in index * problem.horizon.count..<(index + 1) * problem.horizon.count {
            (powers[at], contents[at]) = (plan.schedule.powers[at], plan.schedule.contents[at])
            if !plan.storedWorth.isEmpty { worth[at] = plan.storedWorth[at] }
        }
    }

    /// What a device is expected to do whose agent has no part in the plan: sun, wind and water give all,
    /// loads take all, stores and units rest.
    mutating func idle(_ index: Int) {
        let offer = problem.offers[index]
        let givesAll = offer.role == .source && offer.minimumWhenOn == nil
        var content = offer.reservoir?.stored.value ?? 0
        for step in problem.horizon.indices {
            let at = step + index * problem.horizon.count
            let wanted = givesAll ? offer.upper[step] : offer.isLoad ? offer.lower[step] : .zero
            powers[at] = min(max(wanted, offer.lower[step]), offer.upper[step])
            guard let reservoir = offer.reservoir else { continue }
            let hours = problem.horizon.stepHours
            content = reservoir.after(
                powers[at].value,
                from: reservoir.idle(content, at: step, kept: reservoir.kept(hours: hours)), hours: hours)
            (contents[at], worth[at]) = (Energy(content), problem.storedValue(of: index))
        }
    }

    /// Returns the plan, with the remainder given to the connection, and what it cannot carry to shortage or
    /// surplus; and what the remainder is beyond the power that the connection had.
    func closed(price: [EnergyCost], peaks: [Power]) -> (plan: Plan, imbalance: [Power]) {
        let steps = problem.horizon.count
        var powers = powers
        var (shortage, surplus, imbalance) = (problem.losses, problem.losses, problem.losses)
        let offer = problem.offers[connection]
        for step in 0..<steps {
            let own = step + connection * steps
            let others = stride(from: step, to: powers.count, by: steps).reduce(Power.zero) {
                $1 == own ? $0 : $0 + powers[$1]
            }
            let left = problem.losses[step] - others
            imbalance[step] = left - powers[own]
            powers[own] = min(max(left, offer.lower[step]), offer.upper[step])
            shortage[step] = max(left - powers[own], .zero)
            surplus[step] = max(powers[own] - left, .zero)
        }
        var plan = Plan(
            problem, Schedule(powers: powers, contents: contents), status: .approximate, price: price,
            objective: 0)
        (plan.shortage, plan.surplus) = (shortage, surplus)
        plan.storedWorth = worth
        plan.peaks = peaks
        plan.objective = problem.objective(of: plan)
        return (plan, imbalance)
    }

    /// Notes how far the plan may be above the least cost, by Lagrange's bound at prices near its own, and
    /// returns it. Losses that depend on powers have no such bound.
    func certify(
        _ plan: inout Plan, _ groups: AgentGroups, imbalance: [Power], prices: [[EnergyCost]?]
    ) -> DispatchGap? {
        guard problem.marginalLosses == nil else { return nil }
        let bound = LagrangeBound(problem, groups.offers(of: problem)).best(near: plan.price)
        let rounding = 1e-6 * (1 + abs(plan.objective))
        guard bound <= plan.objective + rounding else { return nil }
        let gap = DispatchGap(
            cost: plan.objective, bound: min(bound, plan.objective), model: .copperPlate,
            remainders: imbalance, prices: prices)
        plan.certify(
            OptimalityCertificate(
                primalResidual: abs(gap.imbalance.value) / max(problem.largestPower.value, 1),
                dualResidual: gap.priceSpread.value / max(problem.slackPrice.value, 1e-9),
                gap: max(gap.cost - gap.bound, 0) / (1 + abs(gap.cost)), bound: gap.bound,
                optimum: .copperPlate),
            rounding: rounding)
        return gap
    }
}
