import Clearing
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
    /// surplus; and what the remainder is beyond the power that the connection had. Each area gets over its
    /// tie what it lacks, as far as the tie carries it; ties that close a loop carry nothing.
    func closed(price: [EnergyCost], peaks: [Power]) -> (plan: Plan, imbalance: [Power]) {
        let (steps, areas) = (problem.horizon.count, problem.areas)
        let tree = AreaTree(problem)
        var powers = powers
        var (shortage, surplus) = (problem.losses, problem.losses)
        var flows = Array(repeating: Power.zero, count: areas.ties.count * steps)
        var imbalance = problem.horizon.map { _ in Power.zero }
        let (offer, home) = (problem.offers[connection], areas.area(of: connection))
        for step in 0..<steps {
            let own = step + connection * steps
            var lacking = (0..<areas.count).map { problem.losses[step + $0 * steps] }
            for index in problem.offers.indices where index != connection {
                lacking[areas.area(of: index)] -= powers[step + index * steps]
            }
            for area in tree.order.reversed() {
                let at = step + area * steps
                var got = Power.zero
                if let l = tree.tieAbove[area] {
                    let tie = areas.ties[l]
                    let (forward, backward) = (Power(tie.forward(at: step)), Power(tie.backward(at: step)))
                    let range = tie.to == area ? -backward...forward : -forward...backward
                    got = min(max(lacking[area], range.lowerBound), range.upperBound)
                    flows[step + l * steps] = tie.to == area ? got : -got
                    lacking[tie.end(beside: area)] += got
                } else if area == home {
                    imbalance[step] = lacking[area] - powers[own]
                    got = min(max(lacking[area], offer.lower[step]), offer.upper[step])
                    powers[own] = got
                }
                shortage[at] = max(lacking[area] - got, .zero)
                surplus[at] = max(got - lacking[area], .zero)
            }
        }
        var plan = Plan(
            problem, Schedule(powers: powers, flows: flows, contents: contents), status: .approximate,
            price: price, objective: 0)
        (plan.shortage, plan.surplus) = (shortage, surplus)
        plan.storedWorth = worth
        plan.peaks = peaks
        plan.objective = problem.objective(of: plan)
        return (plan, imbalance)
    }

    /// Notes how far the plan may be above the least cost, by Lagrange's bound at prices near its own, and
    /// returns it. Losses that depend on powers have no such bound; ties are left out of it, which makes it
    /// lower.
    func certify(
        _ plan: inout Plan, _ groups: AgentGroups, imbalance: [Power], prices: [[EnergyCost]?]
    ) -> DispatchGap? {
        guard problem.marginalLosses == nil else { return nil }
        let home = problem.areas.area(of: connection)
        let bound = LagrangeBound(problem, groups.offers(of: problem))
            .best(near: problem.horizon.indices.map { plan.price(in: home, at: $0) })
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
