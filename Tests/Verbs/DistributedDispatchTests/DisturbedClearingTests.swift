import Agents
import DistributedDispatch
import Grid
import Messaging
import Scheduling
import TestSupport
import Testing
import Timeline

/// Clearing over links as scenarios have them: delays, losses in bursts, duplicates, a rate, and agents that
/// crash in the middle of a step.
@Suite("Clearing over poor links")
struct DisturbedClearingTests {
    static func link(_ random: inout SplitMix64) -> Link {
        let loss = random.uniform(0...0.3)
        return Link(
            latency: VirtualTime(seconds: random.uniform(0.01...0.2)),
            jitter: .uniform(VirtualTime(seconds: random.uniform(0...0.6))),
            loss: random.whole(0..<2) == 0
                ? .independent(loss) : .bursts(mean: loss, length: random.uniform(1...4)),
            duplication: random.uniform(0...0.2), keepsOrder: random.whole(0..<2) == 0,
            rate: random.whole(0..<2) == 0 ? 1e6 : nil)
    }

    static func conversation(_ random: inout SplitMix64) -> Conversation<ClearingAgent> {
        let nodes = 12
        let settings = ClearingAgent.Settings(tick: VirtualTime(seconds: 0.2), timeout: 40)
        let agents = (0..<nodes).map {
            ClearingAgent(
                node: NodeID($0), device: DeviceID($0), rank: $0 < 2 ? UInt16($0) : nil, settings: settings)
        }
        let seed = random.next()
        let network = CommunicationNetwork.regular(
            nodes: nodes, degree: 4, seed: seed, link: link(&random))
        return Conversation(agents: agents, network: network, seed: seed)
    }

    /// Begins a step of 900 s with new bids; returns them.
    static func begin(
        _ conversation: inout Conversation<ClearingAgent>, _ step: Int, _ random: inout SplitMix64
    ) -> ([BidCurve], Interval) {
        let at = VirtualTime(seconds: 900 * Double(step))
        let interval = Interval(start: Instant(secondsSinceEpoch: 900 * Int64(step)), seconds: 900)
        let bids = (0..<conversation.network.nodes).map {
            $0 < 2 ? DrawnBid.connection(2000) : DrawnBid.device(&random)
        }
        let seen = bids.indices.map { node -> Observation? in
            conversation[NodeID(node)].bid = bids[node]
            return Observation(
                interval: interval, deadline: at + VirtualTime(seconds: 60),
                neighbours: conversation.network.neighbours(of: NodeID(node)))
        }
        conversation.run(until: at)
        conversation.begin(seen, at: at)
        return (bids, interval)
    }

    @Test("what is agreed when all have been heard is the merit order", arguments: 0..<24 as Range<UInt64>)
    func recovers(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var conversation = Self.conversation(&random)
        for step in 0..<4 {
            let (bids, interval) = Self.begin(&conversation, step, &random)
            let begun = VirtualTime(seconds: 900 * Double(step))
            conversation.run(until: begun + VirtualTime(seconds: 1))
            // In the second step an agent crashes under way and loses its state; it is up again in the third.
            let victim = NodeID(random.whole(0..<bids.count))
            if step == 1 { conversation.set(victim, .crashed(keepsState: false)) }
            conversation.run(until: begun + VirtualTime(seconds: 60))
            if step == 1 {
                conversation.set(victim, .up)
                continue
            }
            let merit = BidCurve.clearing(of: bids, giving: .zero)
            for (node, bid) in bids.enumerated() {
                let decision = conversation[NodeID(node)].decision(for: interval)
                #expect(near(decision?.power.value, bid.power(at: merit).value, relative: 0, absolute: 1e-5))
            }
        }
    }

    @Test(
        "powers that act lie within the bids, and a step before never acts",
        arguments: 0..<12 as Range<UInt64>)
    func actsWithinBids(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var conversation = Self.conversation(&random)
        var last: Interval?
        for step in 0..<3 {
            let (bids, interval) = Self.begin(&conversation, step, &random)
            // Too short for many.
            let end = VirtualTime(seconds: 900 * Double(step) + random.uniform(0...3))
            conversation.run(until: end)
            for (node, bid) in bids.enumerated() {
                let agent = conversation[NodeID(node)]
                if let last { #expect(agent.decision(for: last) == nil) }
                guard let power = agent.decision(for: interval)?.power else { continue }
                #expect(bid.least <= power && power <= bid.most)
            }
            last = interval
            conversation.run(until: VirtualTime(seconds: 900 * Double(step) + 60))
        }
    }

    @Test("steps that begin before the last has ended do not make agents repeat themselves more often")
    func overlapping() {
        let settings = ClearingAgent.Settings(tick: VirtualTime(seconds: 0.2))
        let agents = (0..<2).map {
            ClearingAgent(node: NodeID($0), device: DeviceID($0), rank: $0 == 0 ? 0 : nil, settings: settings)
        }
        let network = CommunicationNetwork.mesh(nodes: 2, link: Link(latency: VirtualTime(seconds: 0.01)))
        var conversation = Conversation(agents: agents, network: network, seed: 1)
        for step in 0..<20 {
            let at = VirtualTime(seconds: 0.3 * Double(step))
            conversation.run(until: at)
            let interval = Interval(start: Instant(secondsSinceEpoch: Int64(step)), seconds: 1)
            let seen = (0..<2).map { node -> Observation? in
                Observation(
                    interval: interval, deadline: VirtualTime(seconds: 60), neighbours: [NodeID(1 - node)])
            }
            conversation.begin(seen, at: at)
        }
        conversation.run(until: VirtualTime(seconds: 10))
        let before = conversation.traffic.sent.messages
        conversation.run(until: VirtualTime(seconds: 20))
        #expect(conversation.traffic.sent.messages - before == 2 * 50)
    }
}
