import Grid
import Randomness
public import Scheduling

/// Communication link: delay and loss of messages in one direction between two nodes.
public struct Link: Hashable, Sendable {
    /// Minimum delay.
    public let latency: VirtualTime
    /// Additional delay, drawn for each message uniformly between 0 and this. A later message may overtake an
    /// earlier one.
    public let jitter: VirtualTime
    /// Packet loss: probability that a message is lost, 0 … 1.
    public let loss: Double

    /// Creates a link. Preconditions: no negative times, and `loss` in 0 … 1.
    public init(latency: VirtualTime, jitter: VirtualTime, loss: Double) {
        precondition(latency >= .zero && jitter >= .zero && (0...1).contains(loss))
        self.latency = latency
        self.jitter = jitter
        self.loss = loss
    }

    /// A link without delay or loss.
    public static let perfect = Link(latency: .zero, jitter: .zero, loss: 0)
}

/// Communication network in virtual time: delays or loses every message as its link says.
///
/// ```swift
/// let link = Link(
///     latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 0.02), loss: 0.01)
/// var channel = Channel(link: link, seed: 1)
/// let step = Interval(start: Instant(secondsSinceEpoch: 0), seconds: 900)
/// let setpoint = Setpoint(device: DeviceID(0), interval: step, power: Power(kilowatts: 20))
/// channel.send(
///     Message(sender: NodeID(1), receiver: NodeID(0), sequence: 0, body: .setpoint(setpoint)),
///     at: .zero)
/// while let (time, message) = channel.receive(by: VirtualTime(seconds: 1)) {
///     print(time.nanoseconds, message.receiver)  // After 40 … 60 ms.
/// }
/// ```
///
/// The delay and the loss of a message come from a counter-based random stream keyed by seed, sender,
/// receiver and sequence number. So they do not depend on any other message.
public struct Channel: Sendable {
    /// Message counts.
    public struct Count: Hashable, Sendable {
        /// Messages sent.
        public var sent = 0
        /// Messages delivered.
        public var delivered = 0
        /// Messages lost; sent less delivered less lost are on their way.
        public var lost = 0

        /// Creates counts of zero.
        public init() {}

        /// Returns the counts of a period: those at its end, `a`, less those at its begin, `b`.
        public static func - (a: Count, b: Count) -> Count {
            var difference = Count()
            difference.sent = a.sent - b.sent
            difference.delivered = a.delivered - b.delivered
            difference.lost = a.lost - b.lost
            return difference
        }
    }

    /// Message counts since the start.
    public private(set) var count = Count()
    private let seed: UInt64
    private let link: Link
    /// Key of the random streams, different from that of every other use: "chan" in ASCII.
    private static let purpose: UInt32 = 0x6368_616e
    private var inFlight = EventQueue<Message>()

    /// Creates a network in which `link` holds between all nodes, with the random seed `seed`.
    public init(link: Link, seed: UInt64) {
        self.link = link
        self.seed = seed
    }

    /// Counts a message that nothing carries: an agent has crashed, or the network is parted.
    public mutating func lose() {
        count.sent += 1
        count.lost += 1
    }

    /// Counts a message that has just arrived as lost: nobody takes it.
    public mutating func drop() {
        count.delivered -= 1
        count.lost += 1
    }

    /// Sends `message` from its sender at `time`, over `link` where that is not the usual one.
    public mutating func send(_ message: Message, at time: VirtualTime, over link: Link? = nil) {
        let link = link ?? self.link
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

    /// Returns the next message that arrives no later than `deadline`, with its time of arrival; nil when
    /// there is none.
    public mutating func receive(by deadline: VirtualTime) -> (time: VirtualTime, message: Message)? {
        guard let time = inFlight.firstTime, time <= deadline, let arrival = inFlight.pop() else {
            return nil
        }
        count.delivered += 1
        precondition(count.sent == count.delivered + count.lost + inFlight.count, "a message came twice")
        return (time, arrival.event)
    }
}
