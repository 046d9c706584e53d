import Agents
import DistributedDispatch
import Events
import Messaging
import Scheduling
import Timeline

/// The conversation in which agents make plans, and what events do to it. Nobody talks before the first plan.
struct PlanConversation<A: Agent> {
    private(set) var groups = AgentGroups()
    private var begun: Conversation<A>?
    private var events: DisturbedNetwork?
    private var disturbance = Disturbance()
    private var now = VirtualTime.zero

    /// Whether its agents are there.
    var hasBegun: Bool { begun != nil }

    /// The conversation; it must have begun.
    var talk: Conversation<A> {
        get { begun! }
        _modify { yield &begun! }
    }

    /// Takes what events change from the begin of `interval` on.
    mutating func meet(_ disturbance: Disturbance, from interval: Interval) {
        self.disturbance = disturbance
        now = VirtualTime(beginOf: interval)
        guard begun != nil else { return }
        begun!.run(until: now)
        events!.apply(disturbance, to: &begun!)
    }

    /// Begins it with an agent for each group of the offers of `problem`.
    mutating func begin(
        _ problem: DispatchProblem, fates: [Int], over topology: Communication.Topology, link: Link,
        seed: UInt64, agents: (AgentGroups, CommunicationNetwork) -> [A]
    ) {
        groups = AgentGroups(of: problem, fates: fates)
        let network = groups.network(
            topology, centre: problem.offers.firstIndex { $0.role == .connection }, link: link, seed: seed)
        events = DisturbedNetwork(
            network, devices: groups.agents.map { problem.offers[$0[0]].device.index })
        begun = Conversation(agents: agents(groups, network), network: network, seed: seed)
        events!.apply(disturbance, to: &begun!)
    }

    /// Lets the agents talk about a plan for `length`. `seen` is what the agent of a group observes, given
    /// when the talk ends; its steps may be longer than those of the run, and the first have begun already.
    mutating func talk(
        about horizon: Horizon, for length: VirtualTime,
        _ seen: (Int, VirtualTime, inout A) -> Observation
    ) {
        let begin = max(VirtualTime(beginOf: horizon[0]), now)
        let end = begin + length
        begun!.run(until: begin)
        let observations = groups.agents.indices.map { agent -> Observation? in
            var observation = seen(agent, end, &begun![NodeID(agent)])
            observation.neighbours = begun!.present(around: NodeID(agent))
            return observation
        }
        begun!.begin(observations, at: begin)
        begun!.run(until: end)
    }
}
