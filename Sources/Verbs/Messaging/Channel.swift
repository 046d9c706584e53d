public import Agents
import Randomness

/// Communication network in virtual time: delays or loses every message as its link says.
///
/// ```swift
/// let link = Link(
///     latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 0.02), loss: 0.01)
/// var channel = Channel<Text>(link: link, seed: 1)
/// channel.send(Message(sender: NodeID(1), receiver: NodeID(0), sequence: 0, body: Text("20 kW")), at: .zero)
/// while let (time, message) = channel.receive(by: VirtualTime(seconds: 1)) {
///     print(time.nanoseconds, message.receiver)  // After 40 … 60 ms.
/// }
/// ```
///
/// The delay and the loss of a message come from a counter-based random stream keyed by seed, sender,
/// receiver and sequence number. So they do not depend on any other message.
public struct Channel<Body: Payload>: Sendable {
    /// Message counts since the start.
    public private(set) var count = MessageCount()
    private let seed: UInt64
    private let link: Link
    /// Key of the random streams, different from that of every other use: "chan" in ASCII.
    private static var purpose: UInt32 { 0x6368_616e }
    private var inFlight = EventQueue<Message<Body>>()

    /// Creates a network in which `link` holds between all nodes, with the random seed `seed`.
    public init(link: Link, seed: UInt64) {
        self.link = link
        self.seed = seed
    }

    /// Sends `message` from its sender at `time`.
    public mutating func send(_ message: Message<Body>, at time: VirtualTime) {
        count.sent += 1
        let stream = RandomStream(
            seed: seed, entity: UInt32(message.sender.index) << 16 | UInt32(message.receiver.index),
            purpose: Self.purpose)
        guard link.loss.mean == 0 || stream.uniform(step: Int(message.sequence), draw: 0) >= link.loss.mean
        else {
            count.lost += 1
            return
        }
        guard case .uniform(let width) = link.jitter else { return }
        let jitter = width == .zero ? 0 : stream.uniform(step: Int(message.sequence), draw: 1)
        let delay = link.latency.nanoseconds + Int64(Double(width.nanoseconds) * jitter)
        inFlight.push(message, at: time + VirtualTime(nanoseconds: delay))
    }

    /// Returns the next message that arrives no later than `deadline`, with its time of arrival; nil when
    /// there is none.
    public mutating func receive(by deadline: VirtualTime) -> (time: VirtualTime, message: Message<Body>)? {
        guard let time = inFlight.firstTime, time <= deadline, let arrival = inFlight.pop() else {
            return nil
        }
        count.delivered += 1
        precondition(count.sent == count.delivered + count.lost + inFlight.count, "a message came twice")
        return (time, arrival.event)
    }
}
