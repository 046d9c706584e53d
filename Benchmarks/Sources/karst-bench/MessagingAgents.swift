import Agents
import Messaging
import Scheduling
import Timeline

/// Tells its four neighbours its value at every tick and moves towards the mean of what it hears: as many
/// messages, and as little work with each, as a distributed algorithm has.
struct Averager: Agent {
    struct Value: Payload {
        let value: Double
        /// A header and one number.
        var byteCount: Int { 40 }
    }

    private(set) var value: Double
    private let neighbours: SIMD4<UInt32>
    private let tick: VirtualTime
    private var sum = 0.0
    private var count = 0.0

    init(value: Double, neighbours: [NodeID], tick: VirtualTime) {
        self.value = value
        self.neighbours = SIMD4(neighbours.map { UInt32($0.index) })
        self.tick = tick
    }

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Value>) {
        wake(at: now, &outbox)
    }

    mutating func receive(_ message: Message<Value>, at now: VirtualTime, _ outbox: inout Outbox<Value>) {
        sum += message.body.value
        count += 1
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Value>) {
        if count > 0 { value += 0.5 * (sum / count - value) }
        (sum, count) = (0, 0)
        for place in 0..<4 { outbox.send(Value(value: value), to: NodeID(Int(neighbours[place]))) }
        outbox.wake(at: now + tick)
    }

    mutating func forget() { (sum, count) = (0, 0) }

    func decision(for interval: Interval) -> Setpoint? { nil }

    /// A conversation of `agents` on a random overlay of degree 4, ticks of 100 ms apart.
    static func conversation(_ agents: Int, over link: Link) -> Conversation<Averager> {
        let network = CommunicationNetwork.regular(nodes: agents, degree: 4, seed: 1, link: link)
        let averagers = (0..<agents).map {
            Averager(
                value: Double($0), neighbours: network.neighbours(of: NodeID($0)),
                tick: VirtualTime(seconds: 0.1))
        }
        var conversation = Conversation(agents: averagers, network: network, seed: 1)
        let seen = Observation(
            interval: Interval(start: Instant(secondsSinceEpoch: 0), seconds: 900),
            deadline: VirtualTime(seconds: 900))
        conversation.begin(Array(repeating: seen, count: agents), at: .zero)
        return conversation
    }

    /// A link with all that a link can do: jitter, bursts of losses, order, a rate and a queue.
    static var fullLink: Link {
        Link(
            latency: VirtualTime(seconds: 0.02), jitter: .uniform(VirtualTime(seconds: 0.03)),
            loss: .bursts(mean: 0.05, length: 4), keepsOrder: true, rate: 100_000,
            queue: VirtualTime(seconds: 0.5))
    }
}
