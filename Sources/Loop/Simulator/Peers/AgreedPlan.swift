import Agents
import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import Timeline

// The plan of all agents together.
extension ConsensusDispatcher {
    /// Puts the plan together from what each agent has planned for itself.
    func result(_ problem: DispatchProblem) -> Plan {
        let steps = problem.horizon.count
        var powers = Array(repeating: Power.zero, count: problem.offers.count * steps)
        var contents = Array(repeating: Energy.zero, count: powers.count)
        var worth = Array(repeating: EnergyCost.zero, count: powers.count)
        for (agent, group) in groups.agents.enumerated() {
            let own = conversation![NodeID(agent)]
            guard own.horizon == problem.horizon else {
                for index in group {
                    idle(index, of: problem, powers: &powers, contents: &contents, worth: &worth)
                }
                continue
            }
            let (agreed, stored, values) = (own.powers, own.contents, own.worth)
            for step in 0..<steps {
                let asked = group.reduce(0) { $0 + problem.offers[$1].lower[step].value }
                for index in group {
                    let at = step + index * steps
                    let share = asked == 0 ? 0 : problem.offers[index].lower[step].value / asked
                    powers[at] = group.count == 1 ? agreed[step] : agreed[step] * share
                    if let least = problem.offers[index].minimumWhenOn {
                        // Of a unit with a least power: off below half of it, as in the centre's plans.
                        powers[at] = agreed[step] < least / 2 ? .zero : max(agreed[step], least)
                    }
                    guard !stored.isEmpty else { continue }
                    (contents[at], worth[at]) = (stored[step], values[step])
                }
            }
        }
        let connection = problem.offers.firstIndex { $0.role == .connection }!
        let own = problem.horizon.indices.map { powers[$0 + connection * steps] }
        let (shortage, surplus) = balance(&powers, of: problem, on: connection)
        let agent = conversation![NodeID(groups.agents.firstIndex { $0[0] == connection }!)]
        // What the connection carries beyond what it planned for itself.
        let imbalance = problem.horizon.indices.map {
            powers[$0 + connection * steps] + shortage[$0] - surplus[$0] - own[$0]
        }
        let hasPart = agent.horizon == problem.horizon
        var plan = Plan(
            problem, Schedule(powers: powers, contents: contents), status: .approximate,
            price: hasPart ? agent.prices : problem.replacedPrices, objective: 0)
        (plan.shortage, plan.surplus) = (shortage, surplus)
        plan.storedWorth = worth
        plan.peaks = hasPart ? agent.peaks : []
        plan.iterations = settings.ticks
        plan.objective = problem.objective(of: plan)
        certify(&plan, imbalance: imbalance)
        return plan
    }

    /// Notes how far the plan may be above the least cost. Losses that depend on powers have no such bound.
    private func certify(_ plan: inout Plan, imbalance: [Power]) {
        let problem = plan.problem
        guard problem.marginalLosses == nil else { return }
        let bound = LagrangeBound(problem, agentOffers(problem)).best(near: plan.price)
        let agents = groups.agents.indices.map { conversation![NodeID($0)] }
        let prices = agents.map { agent -> [EnergyCost]? in
            agent.horizon == problem.horizon && !agent.keepsOwnPlan ? agent.prices : nil
        }
        let rounding = 1e-6 * (1 + abs(plan.objective))
        guard bound <= plan.objective + rounding else { return }
        let proved = DispatchGap(
            cost: plan.objective, bound: min(bound, plan.objective), model: .copperPlate,
            remainders: imbalance, prices: prices)
        gap = proved
        let largest = problem.largestPower.value
        plan.certify(
            OptimalityCertificate(
                primalResidual: abs(proved.imbalance.value) / max(largest, 1),
                dualResidual: proved.priceSpread.value / max(problem.slackPrice.value, 1e-9),
                gap: max(proved.cost - proved.bound, 0) / (1 + abs(proved.cost)), bound: proved.bound,
                optimum: .copperPlate),
            rounding: rounding)
    }

    /// What a device is expected to do whose agent has no part in the plan: sun, wind and water give all,
    /// loads take all, stores and units rest.
    private func idle(
        _ index: Int, of problem: DispatchProblem, powers: inout [Power], contents: inout [Energy],
        worth: inout [EnergyCost]
    ) {
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
                powers[at].value, from: content * reservoir.kept(hours: hours), hours: hours)
            (contents[at], worth[at]) = (Energy(content), problem.storedValue(of: index))
        }
    }

    /// Gives the remainder to the connection, and what it cannot carry to shortage or surplus.
    private func balance(
        _ powers: inout [Power], of problem: DispatchProblem, on connection: Int
    ) -> (shortage: [Power], surplus: [Power]) {
        let steps = problem.horizon.count
        var (shortage, surplus) = (problem.losses, problem.losses)
        let offer = problem.offers[connection]
        for step in 0..<steps {
            let others = stride(from: step, to: powers.count, by: steps).reduce(Power.zero) {
                $1 == step + connection * steps ? $0 : $0 + powers[$1]
            }
            let left = problem.losses[step] - others
            let carried = min(max(left, offer.lower[step]), offer.upper[step])
            powers[step + connection * steps] = carried
            shortage[step] = max(left - carried, .zero)
            surplus[step] = max(carried - left, .zero)
        }
        return (shortage, surplus)
    }
}
