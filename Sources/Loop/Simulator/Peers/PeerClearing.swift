import Agents
import DistributedDispatch
import Grid
import Messaging
import Scheduling
import Timeline

/// The agents that clear each step by a tree of bids, and the network over which they talk.
final class PeerClearing {
    private let settings: ClearingAgent.Settings
    private let topology: Communication.Topology
    private let link: Link
    private let seed: UInt64
    private let allowed: VirtualTime
    private var groups = AgentGroups(of: [])
    private var conversation: Conversation<ClearingAgent>?
    /// When the last clearing ended: all agents had settled and knew that they were heard, or the deadline had
    /// come.
    private(set) var clock = VirtualTime.zero

    init(
        _ settings: ClearingAgent.Settings, _ topology: Communication.Topology, link: Link,
        within seconds: Double, seed: UInt64
    ) {
        self.settings = settings
        self.topology = topology
        self.link = link
        self.seed = seed
        allowed = VirtualTime(seconds: seconds)
    }

    /// Message counts since the start.
    var traffic: Traffic { conversation?.traffic ?? Traffic() }

    /// Lets the agents agree on one step. `bids` are those of the offers; the powers have to sum to `losses`,
    /// which the agent of the connection knows. Returns the price of each offer; nil for those that learn
    /// none by the deadline.
    func agree(
        on interval: Interval, at begin: VirtualTime, _ offers: [Offer], _ bids: [BidCurve], losses: Power
    ) -> [BidCurve.Clearing?] {
        gather(offers)
        let begin = max(begin, clock)
        let deadline = begin + allowed
        let seen = groups.agents.indices.map { agent -> Observation? in
            let node = NodeID(agent)
            var own = groups.agents[agent].map { bids[$0] }
            if offers[groups.agents[agent][0]].role == .connection { own.append(BidCurve(from: -losses)) }
            conversation![node].bid = own.count == 1 ? own[0] : BidCurve.sum(of: own)
            return Observation(
                interval: interval, deadline: deadline, neighbours: conversation!.neighbours(of: node))
        }
        conversation!.run(until: begin)
        conversation!.begin(seen, at: begin)
        clock = begin
        while clock < deadline, !groups.agents.indices.allSatisfy({ conversation![NodeID($0)].isIdle }) {
            clock = min(clock + settings.tick, deadline)
            conversation!.run(until: clock)
        }
        // What would follow are repetitions that change nothing.
        for agent in groups.agents.indices { conversation![NodeID(agent)].rest(at: clock) }
        var clearings = [BidCurve.Clearing?](repeating: nil, count: offers.count)
        for agent in groups.agents.indices {
            for offer in groups.agents[agent] { clearings[offer] = conversation![NodeID(agent)].clearing }
        }
        return clearings
    }

    private func gather(_ offers: [Offer]) {
        let groups = AgentGroups(of: offers)
        guard conversation == nil || groups != self.groups else { return }
        self.groups = groups
        let agents = groups.agents.indices.map { agent in
            ClearingAgent(
                node: NodeID(agent), device: nil,
                rank: offers[groups.agents[agent][0]].role == .connection ? 0 : nil, settings: settings)
        }
        conversation = Conversation(
            agents: agents,
            network: groups.network(
                topology, centre: offers.firstIndex { $0.role == .connection }, link: link, seed: seed),
            seed: seed)
    }
}
