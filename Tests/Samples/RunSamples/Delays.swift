public import Agents
public import Messaging
import Scheduling
import Timeline

/// Delays of the first `count` messages from one node to another over `network`, sent at time zero; nil where
/// a message is lost. They hold at any time where links have no rate and keep no order.
public func delays(
    from sender: NodeID, to receiver: NodeID, count: Int, over network: CommunicationNetwork, seed: UInt64
) -> [VirtualTime?] {
    var conversation = Conversation(
        agents: Array(repeating: Witness(), count: network.nodes), network: network, seed: seed)
    conversation.act(sender, at: .zero) { _, outbox in
        for number in 0..<count { outbox.send(Witness.Number(value: number), to: receiver) }
    }
    conversation.run(until: VirtualTime(seconds: 1e9))
    var delays = [VirtualTime?](repeating: nil, count: count)
    for arrival in conversation[receiver].arrivals { delays[arrival.number] = arrival.time }
    return delays
}

/// Writes down what arrives when.
private struct Witness: Agent {
    struct Number: Payload {
        let value: Int
        var byteCount: Int { 40 }
    }

    private(set) var arrivals: [(number: Int, time: VirtualTime)] = []

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Number>) {}

    mutating func receive(_ message: Message<Number>, at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        arrivals.append((message.body.value, now))
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Number>) {}

    mutating func forget() { arrivals = [] }

    func decision(for interval: Interval) -> Setpoint? { nil }
}
