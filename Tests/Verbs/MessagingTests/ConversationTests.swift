import Agents
import Messaging
import Testing

@Suite("A conversation")
struct ConversationTests {
    private let lossy: Link = {
        var link = Link(latency: seconds(0.02), jitter: .logNormal(median: seconds(0.05), sigma: 1))
        link.loss = .bursts(mean: 0.3, length: 3)
        link.duplication = 0.1
        link.rate = 12_000
        link.queue = seconds(0.3)
        return link
    }()

    private func gossip(
        _ network: CommunicationNetwork, seed: UInt64, until deadline: Double
    ) -> Conversation<Gossip> {
        let agents = (0..<network.nodes).map { Gossip(($0 * 7919) % 1009) }
        var conversation = Conversation(agents: agents, network: network, seed: seed)
        conversation.begin(
            observations(conversation, agents: network.nodes, deadline: deadline), at: .zero)
        conversation.run(until: seconds(deadline))
        return conversation
    }

    @Test(
        "messages dropped, doubled, late and out of order, then heard by the deadline: the same decisions",
        arguments: [1, 2, 3, 4])
    func sameDecisions(seed: UInt64) {
        let overlay = { CommunicationNetwork.regular(nodes: 40, degree: 4, seed: seed, link: $0) }
        let perfect = gossip(overlay(.perfect), seed: seed, until: 3)
        let disturbed = gossip(overlay(lossy), seed: seed, until: 3)
        #expect(disturbed.traffic.lost.messages > 300 && disturbed.traffic.duplicated.messages > 50)
        for node in 0..<40 {
            #expect(perfect[NodeID(node)].greatest == disturbed[NodeID(node)].greatest)
        }
    }

    @Test("sent and duplicated messages are delivered, lost, dropped or under way, in messages and bytes")
    func balance() {
        for deadline in [0.05, 0.4, 4] {
            let network = CommunicationNetwork.regular(nodes: 60, degree: 6, seed: 5, link: lossy)
            var conversation = gossip(network, seed: 5, until: deadline)
            let traffic = conversation.traffic
            #expect(traffic.sent.bytes == 250 * traffic.sent.messages)
            #expect(traffic.underWay.bytes == 250 * traffic.underWay.messages)
            #expect(traffic.underWay.messages > 0)
            conversation.run(until: seconds(1e6))
            let end = conversation.traffic
            #expect(end.underWay == Traffic.Count() && (deadline < 4 || end.dropped.messages > 0))
            #expect(
                (end - traffic).delivered.messages <= traffic.underWay.messages
                    + (end - traffic).duplicated.messages)
        }
    }

    @Test("the same seed gives the same arrivals, another seed others")
    func repeats() {
        let network = CommunicationNetwork.regular(nodes: 30, degree: 4, seed: 2, link: lossy)
        func counts(_ seed: UInt64) -> (Traffic, [Int]) {
            let conversation = gossip(network, seed: seed, until: 2)
            return (conversation.traffic, (0..<30).map { conversation[NodeID($0)].heard })
        }
        #expect(counts(8) == counts(8))
        #expect(counts(8) != counts(9))
    }

    @Test("the fate of messages on a link does not depend on those of other links")
    func independence() {
        func arrivals(others: Bool) -> [Listener.Arrival] {
            var agents = Array(repeating: Listener(), count: 4)
            agents[0].orders = (0..<500).map { (Int64($0) * 100_000_000, 1, $0) }
            if others {
                agents[2].orders = (0..<2000).map { (Int64($0) * 20_000_000, [0, 1, 3][$0 % 3], $0) }
            }
            var conversation = Conversation(
                agents: agents, network: .mesh(nodes: 4, link: lossy), seed: 11)
            conversation.begin(observations(conversation, agents: 4), at: .zero)
            conversation.run(until: seconds(1e4))
            return conversation[NodeID(1)].heard.filter { $0.sender == 0 }
        }
        #expect(arrivals(others: true) == arrivals(others: false))
        #expect(arrivals(others: false).count > 200)
    }

    @Test("what gets through to one receiver says nothing of another, nor of the way back")
    func chance() {
        func survivors(_ nodes: Int, from: Int, to: Int) -> Set<Int> {
            var agents = Array(repeating: Listener(), count: nodes)
            agents[from].orders = (0..<10_000).map { (Int64($0), to, $0) }
            var conversation = Conversation(
                agents: agents,
                network: .mesh(nodes: nodes, link: Link(latency: .zero, jitter: .zero, loss: 0.5)), seed: 5)
            conversation.begin(observations(conversation, agents: nodes), at: .zero)
            conversation.run(until: seconds(1))
            return Set(conversation[NodeID(to)].heard.map(\.value))
        }
        let one = survivors(4, from: 0, to: 1)
        #expect(one == survivors(7, from: 0, to: 1), "not of the number of nodes either")
        for (from, to) in [(0, 2), (3, 1), (1, 0)] {
            let other = survivors(4, from: from, to: to)
            #expect(abs(Double(one.intersection(other).count) / 10_000 - 0.25) < 0.02)
        }
    }

    @Test("timers fire at their time, after the messages that arrive then, and a past time means now")
    func timers() {
        var waiting = Listener()
        waiting.orders = [(-5, 0, 2), (2_000_000_000, 0, 1), (5_000_000_000_000, 0, 3)]
        var sender = Listener()
        sender.orders = [(1_960_000_000, 1, 9)]
        var conversation = Conversation(
            agents: [sender, waiting], network: .ring(nodes: 2, link: Link(latency: seconds(0.04))), seed: 1)
        conversation.begin(observations(conversation, agents: 2), at: .zero)
        conversation.run(until: seconds(1e5))
        #expect(conversation[NodeID(1)].woken == [0, 2_000_000_000, 5_000_000_000_000])
        #expect(conversation[NodeID(1)].heard.map(\.time) == [2_000_000_000])
    }

    @Test("a step that begins much later finds the wheel in step")
    func idle() {
        var conversation = sent(3, every: 1, over: Link(latency: seconds(0.04)))
        for step in [900.0, 1e5, 1e8] {
            conversation[NodeID(0)] = Listener([(seconds(step + 1).nanoseconds, 1, 7)])
            conversation.begin(observations(conversation, agents: 2), at: seconds(step))
            conversation.run(until: seconds(step + 10))
            #expect(conversation[NodeID(1)].heard.last?.time == seconds(step + 1.04).nanoseconds)
        }
    }
}
