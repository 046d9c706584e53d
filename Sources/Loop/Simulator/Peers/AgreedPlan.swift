import Agents
import DistributedDispatch
import Grid
import Messaging
import Scheduling
import Timeline

// The plan of all agents together.
extension ConsensusDispatcher {
    /// Puts the plan together from what each agent has planned for itself.
    func result(_ problem: DispatchProblem) -> Plan {
        let steps = problem.horizon.count
        var joint = JointPlan(problem)
        for (agent, group) in conversation.groups.agents.enumerated() {
            let own = conversation.talk[NodeID(agent)]
            guard own.horizon == problem.horizon else {
                for index in group { joint.idle(index) }
                continue
            }
            let (agreed, stored, values) = (own.powers, own.contents, own.worth)
            for step in 0..<steps {
                let asked = group.reduce(0) { $0 + problem.offers[$1].lower[step].value }
                for index in group {
                    let at = step + index * steps
                    let share = asked == 0 ? 0 : problem.offers[index].lower[step].value / asked
                    joint.powers[at] = group.count == 1 ? agreed[step] : agreed[step] * share
                    if let least = problem.offers[index].minimumWhenOn {
                        // Of a unit with a least power: off below half of it, as in the centre's plans.
                        joint.powers[at] = agreed[step] < least / 2 ? .zero : max(agreed[step], least)
                    }
                    guard !stored.isEmpty else { continue }
                    (joint.contents[at], joint.worth[at]) = (stored[step], values[step])
                }
            }
        }
        let agents = conversation.groups.agents.indices.map { conversation.talk[NodeID($0)] }
        let agent = agents[conversation.groups.agents.firstIndex { $0[0] == joint.connection }!]
        let hasPart = agent.horizon == problem.horizon
        var (plan, imbalance) = joint.closed(
            price: hasPart ? agent.prices : problem.replacedPrices, peaks: hasPart ? agent.peaks : [])
        plan.iterations = settings.ticks
        gap = joint.certify(
            &plan, conversation.groups, imbalance: imbalance,
            prices: agents.map { agent in
                agent.horizon == problem.horizon && !agent.keepsOwnPlan ? agent.prices : nil
            })
        return plan
    }
}
