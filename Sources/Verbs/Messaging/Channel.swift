public import Grid
import Randomness
public import Scheduling

/// How one direction between two nodes treats messages.
public struct Link: Hashable, Sendable {
    /// Least delay.
    public let latency: VirtualTime
    /// Further delay, uniform from 0 to this, drawn for each message: later messages may overtake.
    public let jitter: VirtualTime
    /// Chance that a message is lost, 0…1.
    public let loss: Double

    public init(latency: VirtualTime, jitter: VirtualTime, loss: Double) {
        precondition(latency >= .zero && jitter >= .zero && (0...1).contains(loss))
        self.latency = latency
        self.jitter = jitter
        self.loss = loss
    }

    public static let perfect = Link(latency: .zero, jitter: .zero, loss: 0)
}

/// The communication network on its virtual clock: every message is delayed or lost as its link says, drawn
/// from a counter-based stream keyed by (seed, sender and receiver, sequence), so that no other message
/// changes its fate.
public struct Channel: Sendable {
    /// What became of messages.
    public struct Count: Hashable, Sendable {
        public var sent = 0
        public var delivered = 0
        public var lost = 0

        public init() {}

        public static func - (a: Count, b: Count) -> Count {
            var difference = Count()
            difference.sent = a.sent - b.sent
            difference.delivered = a.delivered - b.delivered
            difference.lost = a.lost - b.lost
            return difference
        }
    }

    /// Since the start.
    public private(set) var count = Count()
    private let seed: UInt64
    private let link: Link
    /// Apart from every other use of chance: "chan" in ASCII.
    private static let purpose: UInt32 = 0x6368_616e
    private var inFlight = EventQueue<Message>()

    public init(link: Link, seed: UInt64) {
        self.link = link
        self.seed = seed
    }

    /// Takes `message` from its sender at `time`.
    public mutating func send(_ message: Message, at time: VirtualTime) {
        count.sent += 1
        let stream = RandomStream(
            seed: seed, entity: UInt32(message.sender.index) << 16 | UInt32(message.receiver.index),
            purpose: Self.purpose)
        guard link.loss == 0 || stream.uniform(step: message.sequence, draw: 0) >= link.loss else {
            count.lost += 1
            return
        }
        let jitter = link.jitter == .zero ? 0 : stream.uniform(step: message.sequence, draw: 1)
        let delay = link.latency.nanoseconds + Int64(Double(link.jitter.nanoseconds) * jitter)
        inFlight.push(message, at: time + VirtualTime(nanoseconds: delay))
    }

    /// The next message to arrive no later than `deadline`, with its time of arrival; nil when none does.
    public mutating func receive(by deadline: VirtualTime) -> (time: VirtualTime, message: Message)? {
        guard let time = inFlight.firstTime, time <= deadline, let arrival = inFlight.pop() else {
            return nil
        }
        count.delivered += 1
        return (time, arrival.event)
    }
}
