import Agents
import Messaging
import Testing

@Suite("Nodes and links that fail")
struct DisturbanceTests {
    /// Three nodes in a row, 0 – 1 – 2, over links of 1 s; node 0 sends `count` messages to node 2, one a
    /// second.
    private func row(_ count: Int) -> Conversation<Listener> {
        var sender = Listener()
        sender.orders = (0..<count).map { (Int64($0) * 1_000_000_000, 2, $0) }
        let network = CommunicationNetwork(
            nodes: 3, pairs: [(0, 1), (1, 2)], link: Link(latency: seconds(1)))
        var conversation = Conversation(agents: [sender, Listener(), Listener()], network: network, seed: 1)
        conversation.begin(observations(conversation, agents: 3), at: .zero)
        return conversation
    }

    private func heard(_ conversation: Conversation<Listener>) -> [Int] {
        conversation[NodeID(2)].heard.map(\.value)
    }

    @Test("a message to a node that is no neighbour is relayed: delays add, and the relay does not read it")
    func relay() {
        var conversation = row(5)
        conversation.run(until: seconds(100))
        #expect(conversation[NodeID(2)].heard.map(\.time) == (2...6).map { seconds(Double($0)).nanoseconds })
        #expect(conversation[NodeID(1)].heard.isEmpty)
        let traffic = conversation.traffic
        #expect(traffic.sent.messages == 5 && traffic.delivered.messages == 5)
        #expect(traffic.relayed.messages == 5 && traffic.relayed.bytes == 1250)
    }

    @Test("losses of the links of a path multiply")
    func lossyPath() {
        var agents = Array(repeating: Listener(), count: 4)
        agents[0].orders = (0..<20_000).map { (Int64($0), 3, $0) }
        let network = CommunicationNetwork(
            nodes: 4, pairs: [(0, 1), (1, 2), (2, 3)], link: Link(latency: .zero, jitter: .zero, loss: 0.1))
        var conversation = Conversation(agents: agents, network: network, seed: 4)
        conversation.begin(observations(conversation, agents: 4), at: .zero)
        conversation.run(until: seconds(1))
        #expect(abs(Double(conversation[NodeID(3)].heard.count) / 20_000 - 0.729) < 0.01)
    }

    @Test("what arrives at a crashed agent is lost; what is still under way when it is up again arrives")
    func crash() {
        var conversation = row(6)
        conversation.run(until: seconds(2.5))
        conversation.set(NodeID(2), .crashed(keepsState: true))
        conversation.run(until: seconds(4.5))
        conversation.set(NodeID(2), .up)
        conversation.run(until: seconds(100))
        #expect(heard(conversation) == [0, 3, 4, 5])
        #expect(conversation.traffic.lost.messages == 2)
    }

    @Test("an agent that crashes without saved state forgets, and its timers never fire")
    func lostState() {
        var conversation = row(6)
        conversation.run(until: seconds(2.5))
        conversation.set(NodeID(0), .crashed(keepsState: true))
        conversation.set(NodeID(2), .crashed(keepsState: false))
        conversation.run(until: seconds(2.6))
        conversation.set(NodeID(0), .up)
        conversation.set(NodeID(2), .up)
        conversation.run(until: seconds(100))
        #expect(heard(conversation) == [1, 2], "0 is forgotten; 3, 4 and 5 were never sent")
        conversation.begin(observations(conversation, agents: 3), at: seconds(100))
        #expect(conversation[NodeID(0)].begun == 2)
        conversation.run(until: seconds(200))
        #expect(heard(conversation) == [1, 2, 3, 4, 5])
        #expect(conversation[NodeID(2)].heard.map(\.sequence) == [1, 2, 3, 4, 5], "numbers go on")
    }

    @Test("a crashed relay still relays, an absent one does not")
    func relays() {
        var conversation = row(6)
        conversation.set(NodeID(1), .crashed(keepsState: false))
        conversation.run(until: seconds(3.5))
        conversation.set(NodeID(1), .absent)
        conversation.run(until: seconds(100))
        // Message 2 had left the relay at 3 s; message 3 reached it at 4 s.
        #expect(heard(conversation) == [0, 1, 2])
        #expect(conversation.traffic.lost.messages == 3)
    }

    @Test("a link that is down delivers nothing, and another path is taken where there is one")
    func cut() {
        var agents = Array(repeating: Listener(), count: 4)
        agents[0].orders = (0..<4).map { (Int64($0) * 1_000_000_000, 1, $0) }
        var conversation = Conversation(
            agents: agents, network: .ring(nodes: 4, link: Link(latency: seconds(0.1))), seed: 1)
        conversation.begin(observations(conversation, agents: 4), at: .zero)
        let direct = conversation.network.link(from: NodeID(0), to: NodeID(1))!
        conversation.run(until: seconds(0.05))
        conversation.set(direct, isUp: false)
        #expect(conversation.neighbours(of: NodeID(0)) == [NodeID(3)])
        conversation.run(until: seconds(1.5))
        // What was under way is lost; the next one goes the long way round: 3 hops.
        #expect(conversation[NodeID(1)].heard.map(\.value) == [1])
        #expect(conversation[NodeID(1)].heard.map(\.time) == [1_300_000_000])
        let other = conversation.network.link(from: NodeID(3), to: NodeID(2))!
        conversation.set(other, isUp: false)
        conversation.run(until: seconds(2.5))
        #expect(conversation.traffic.lost.messages == 2, "no path is left")
        conversation.set(direct, isUp: true)
        conversation.run(until: seconds(100))
        #expect(conversation[NodeID(1)].heard.map(\.value) == [1, 3])
    }

    @Test("other properties of a link hold for messages that enter it from then on")
    func properties() {
        var conversation = sent(4, every: 1, over: Link(latency: seconds(0.1)), until: 1.5)
        let before = conversation.network
        conversation.set(Link(latency: seconds(2))) { $0.from == NodeID(0) }
        conversation.run(until: seconds(2.5))
        conversation.set(before.laws[0]) { $0.from == NodeID(0) }
        #expect(conversation.network.edges == before.edges)
        conversation.run(until: seconds(100))
        #expect(conversation[NodeID(1)].heard.map(\.value) == [0, 1, 3, 2])
    }
}
