import Agents
import Messaging
import Scheduling
import Timeline

/// A number of a given length.
struct Number: Payload, Hashable {
    var value: Int
    var byteCount = 250
}

/// Writes down all that it receives, sends what it is told to, and passes nothing on.
struct Listener: Agent {
    struct Arrival: Hashable {
        let sender: Int
        let value: Int
        let sequence: UInt32
        let time: Int64
    }

    /// Messages to send at ascending times: (time in ns, receiver, value).
    var orders: [(time: Int64, receiver: Int, value: Int)] = []
    private var next = 0
    var byteCount = 250
    var heard: [Arrival] = []
    var woken: [Int64] = []
    var begun = 0

    init(_ orders: [(time: Int64, receiver: Int, value: Int)] = []) { self.orders = orders }

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        begun += 1
        for order in orders[next...] { outbox.wake(at: VirtualTime(nanoseconds: order.time)) }
    }

    mutating func receive(_ message: Message<Number>, at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        heard.append(
            Arrival(
                sender: message.sender.index, value: message.body.value, sequence: message.sequence,
                time: now.nanoseconds))
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        woken.append(now.nanoseconds)
        while next < orders.count, orders[next].time <= now.nanoseconds {
            let order = orders[next]
            outbox.send(Number(value: order.value, byteCount: byteCount), to: NodeID(order.receiver))
            next += 1
        }
    }

    mutating func forget() {
        heard = []
        woken = []
        (orders, next) = ([], 0)
    }

    func decision(for interval: Interval) -> Setpoint? { nil }
}

/// Repeats the greatest number that it knows to all neighbours at every tick until the deadline: a protocol
/// of state that may be repeated. Its decision is that number.
struct Gossip: Agent {
    var greatest: Int
    var tick = VirtualTime(seconds: 0.1)
    var neighbours: [NodeID] = []
    var deadline = VirtualTime.zero
    var heard = 0
    private let own: Int

    init(_ own: Int) { (greatest, self.own) = (own, own) }

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        (neighbours, deadline) = (seen.neighbours, seen.deadline)
        wake(at: now, &outbox)
    }

    mutating func receive(_ message: Message<Number>, at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        greatest = max(greatest, message.body.value)
        heard += 1
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Number>) {
        for neighbour in neighbours { outbox.send(Number(value: greatest), to: neighbour) }
        if now + tick < deadline { outbox.wake(at: now + tick) }
    }

    mutating func forget() { greatest = own }

    func decision(for interval: Interval) -> Setpoint? { nil }
}

let quarter = Interval(start: Instant(secondsSinceEpoch: 0), seconds: 900)

func seconds(_ value: Double) -> VirtualTime { VirtualTime(seconds: value) }

/// Observations of the first step for all agents.
func observations<A>(
    _ conversation: Conversation<A>, agents: Int, deadline: Double = 1e6
) -> [Observation?] {
    (0..<agents).map {
        Observation(
            interval: quarter, deadline: seconds(deadline),
            neighbours: conversation.neighbours(of: NodeID($0)))
    }
}

/// Two nodes; the first sends `count` messages to the second, one every `gap` seconds.
func sent(
    _ count: Int, every gap: Double, over link: Link, bytes: Int = 250, seed: UInt64 = 1,
    until deadline: Double = 1e6
) -> Conversation<Listener> {
    var sender = Listener()
    sender.byteCount = bytes
    sender.orders = (0..<count).map { (seconds(Double($0) * gap).nanoseconds, 1, $0) }
    let network = CommunicationNetwork(nodes: 2, pairs: [(0, 1)], link: link)
    var conversation = Conversation(agents: [sender, Listener()], network: network, seed: seed)
    conversation.begin(observations(conversation, agents: 2), at: .zero)
    conversation.run(until: seconds(deadline))
    return conversation
}
