import Agents
import DistributedDispatch
import EconomicDispatch
import Events
import Grid
import Messaging
import Planning
import Scheduling
import Timeline

/// Plans that each agent makes by itself, with the dispatcher of the scenario, from the offers that it has
/// heard of all agents (`OfferGossip`).
///
/// Agents that heard the same offers make the same plan, so each different view is planned once. Where a
/// newer
/// offer was lost, the last one heard stands in for it, moved to the horizon; a device of which nothing was
/// ever heard counts as resting. Each device follows the plan of its own agent, and the connection gives what
/// these leave. An agent that never heard of the connection plans nothing. The map of the plant, the expected
/// losses and the month's peak so far count as known to all.
final class SharedOffersDispatcher: PeerDispatcher {
    private let base: any Dispatcher
    private let settings: PeerSettings
    private let tick: VirtualTime
    private let link: Link
    private let fates: [Int]
    private let seed: UInt64
    private var conversation = PlanConversation<OfferGossip>()
    private(set) var traffic = Traffic()
    private(set) var gap: DispatchGap?

    /// Creates a dispatcher whose agents plan by `base`; see `ConsensusDispatcher.init` for the rest.
    init(
        _ base: any Dispatcher, settings: PeerSettings, tick: Double, link: Link, fates: [Int], seed: UInt64
    ) {
        self.base = base
        self.settings = settings
        self.tick = VirtualTime(seconds: tick)
        self.link = link
        self.fates = fates
        self.seed = seed
    }

    var hedges: Bool { base.hedges }

    /// Returns the plan that the agents' own plans make together; that of the centre where there are limits
    /// of the network, or no single connection.
    func plan(_ problem: DispatchProblem) -> Plan {
        gap = nil
        guard problem.requirements.limits.isEmpty, !problem.horizon.isEmpty,
            problem.offers.count(where: { $0.role == .connection }) == 1
        else { return base.plan(problem) }
        if !conversation.hasBegun { gather(problem) }
        talk(about: problem)
        traffic = conversation.talk.traffic
        return joint(problem)
    }

    func meet(_ disturbance: Disturbance, from interval: Interval) {
        conversation.meet(disturbance, from: interval)
    }

    private func gather(_ problem: DispatchProblem) {
        conversation.begin(problem, fates: fates, over: settings.topology, link: link, seed: seed) {
            groups, _ in
            groups.agents.indices.map { agent in
                OfferGossip(
                    node: NodeID(agent), agents: groups.agents.count, tick: tick, ticks: settings.ticks)
            }
        }
    }

    private func talk(about problem: DispatchProblem) {
        let round = VirtualTime(nanoseconds: tick.nanoseconds * Int64(settings.ticks))
        let groups = conversation.groups.agents
        conversation.talk(about: problem.horizon, for: round) { index, end, agent in
            agent.own = groups[index].map { problem.offers[$0] }
            return Observation(interval: problem.horizon[0], deadline: end)
        }
    }

    /// Plans each different view, and takes for each device the plan of its own agent.
    private func joint(_ problem: DispatchProblem) -> Plan {
        let newest = problem.horizon.start.secondsSinceEpoch
        let (groups, conversation) = (self.conversation.groups, self.conversation.talk)
        let states = groups.agents.indices.map { conversation.state(of: NodeID($0)) }
        var joint = JointPlan(problem)
        let slack = groups.agents.firstIndex { $0[0] == joint.connection }!
        var plans: [[Int64]: Plan] = [:]
        let own = groups.agents.indices.map { agent -> Plan? in
            var view = conversation[NodeID(agent)].view
            // An agent says so before it leaves, with the device's last offer.
            for other in states.indices where states[other] == .absent { view[other] = newest }
            guard states[agent] == .up, view[slack] != OfferMessage.never else { return nil }
            if let plan = plans[view] { return plan }
            let plan = base.plan(seen(by: agent, view, of: problem))
            plans[view] = plan
            return plan
        }
        let prices = own.map { $0?.price }
        let all = [Int64](repeating: newest, count: states.count)
        let isComplete = states.allSatisfy { $0 == .up || $0 == .absent }
        if isComplete, plans.count == 1, var plan = plans[all] {
            let none = problem.horizon.map { _ in Power.zero }
            if let proof = plan.certificate {
                gap = DispatchGap(
                    cost: plan.objective, bound: proof.bound, model: proof.optimum, remainders: none,
                    prices: prices)
            } else {
                gap = joint.certify(&plan, groups, imbalance: none, prices: prices)
            }
            gap?.views = 1
            return plan
        }
        for (agent, members) in groups.agents.enumerated() {
            for index in members { own[agent].map { joint.take(index, from: $0) } ?? joint.idle(index) }
        }
        var (plan, imbalance) = joint.closed(
            price: own[slack]?.price ?? problem.replacedPrices, peaks: own[slack]?.peaks ?? [])
        plan.iterations = plans.values.reduce(0) { $0 + $1.iterations }
        gap = joint.certify(&plan, groups, imbalance: imbalance, prices: prices)
        gap?.views = plans.count
        return plan
    }

    /// The problem as an agent sees it.
    private func seen(by agent: Int, _ view: [Int64], of problem: DispatchProblem) -> DispatchProblem {
        let newest = problem.horizon.start.secondsSinceEpoch
        let known = conversation.talk[NodeID(agent)].known
        var seen = problem
        for (other, members) in conversation.groups.agents.enumerated() where view[other] != newest {
            for (place, index) in members.enumerated() {
                let offer =
                    known[other].isEmpty
                    ? problem.offers[index].resting : known[other][place].aligned(to: problem.horizon)
                seen.offers[index] = offer
                for world in seen.alternatives.indices { seen.alternatives[world][index] = offer }
            }
        }
        return seen
    }
}

extension Offer {
    /// The offer of the same device to give and take nothing.
    fileprivate var resting: Offer {
        let nothing = horizon.map { _ in Power.zero }
        return Offer(
            device: device, role: role == .store ? .source : role, horizon: horizon, lower: nothing,
            upper: nothing, cost: cost)
    }
}
