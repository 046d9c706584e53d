import Agents
import DistributedDispatch
import Events
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
    private let fates: [Int]
    private var groups: AgentGroups?
    private var conversation: Conversation<ClearingAgent>?
    private var events: DisturbedNetwork?
    /// What events change in the present step.
    var disturbance = Disturbance()
    /// When the last clearing ended: all agents had settled and knew that they were heard, or the deadline
    /// had come.
    private(set) var clock = VirtualTime.zero

    init(
        _ settings: ClearingAgent.Settings, _ topology: Communication.Topology, link: Link,
        within seconds: Double, fates: [Int], seed: UInt64
    ) {
        self.fates = fates
        self.settings = settings
        self.topology = topology
        self.link = link
        self.seed = seed
        allowed = VirtualTime(seconds: seconds)
    }

    /// Message counts since the start.
    var traffic: Traffic { conversation?.traffic ?? Traffic() }

    /// Lets the agents agree on one step of a problem. `bids` are those of its offers; the powers of each
    /// area, and what it gets over its ties, have to sum to `needed`, which its head knows. Returns the price
    /// of each offer; nil for those that learn none by the deadline, and those whose agent does not work.
    func agree(
        on interval: Interval, at begin: VirtualTime, _ problem: DispatchProblem, step: Int,
        _ bids: [BidCurve], needed: [Power]
    ) -> [BidCurve.Clearing?] {
        let offers = problem.offers
        let groups = gather(problem)
        let begin = max(begin, clock)
        let deadline = begin + allowed
        conversation!.run(until: begin)
        events!.apply(disturbance, to: &conversation!)
        let nodes = groups.agents.indices.map { NodeID($0) }
        let working = nodes.filter { conversation!.state(of: $0) == .up }
        let seen = nodes.map { node -> Observation? in
            let members = groups.agents[node.index]
            var own = members.map { bids[$0] }
            if let area = groups.areaOfHead(node.index, offers) {
                own.append(BidCurve(from: -needed[area]))
            }
            conversation![node].bid = own.count == 1 ? own[0] : BidCurve.sum(of: own)
            return Observation(
                interval: interval, deadline: deadline, neighbours: conversation!.present(around: node))
        }
        for (head, above, range) in groups.limits(at: step) {
            conversation![NodeID(head)].limits = [NodeID(above): range]
        }
        conversation!.begin(seen, at: begin)
        clock = begin
        while clock < deadline, !working.allSatisfy({ conversation![$0].isIdle }) {
            clock = min(clock + settings.tick, deadline)
            conversation!.run(until: clock)
        }
        // What would follow are repetitions that change nothing.
        for node in working { conversation![node].rest(at: clock) }
        var clearings = [BidCurve.Clearing?](repeating: nil, count: offers.count)
        for node in working {
            for offer in groups.agents[node.index] { clearings[offer] = conversation![node].clearing }
        }
        return clearings
    }

    private func gather(_ problem: DispatchProblem) -> AgentGroups {
        if let groups { return groups }
        let offers = problem.offers
        let groups = AgentGroups(of: problem, fates: fates)
        self.groups = groups
        let agents = groups.agents.indices.map { agent in
            ClearingAgent(
                node: NodeID(agent), device: nil,
                rank: offers[groups.agents[agent][0]].role == .connection ? 0 : nil, settings: settings)
        }
        let network = groups.network(
            topology, centre: offers.firstIndex { $0.role == .connection }, link: link, seed: seed)
        events = DisturbedNetwork(network, devices: groups.agents.map { offers[$0[0]].device.index })
        conversation = Conversation(agents: agents, network: network, seed: seed)
        return groups
    }
}

extension Conversation {
    /// The nodes to which a node has a link, without those that have left.
    func present(around node: NodeID) -> [NodeID] {
        network.neighbours(of: node).filter { state(of: $0) != .absent }
    }
}
