/// What an agent sends and the times at which it wants to be called again. The conversation empties it after
/// each call of an agent and keeps its memory, so that sending allocates nothing once it has grown.
public struct Outbox<Body: Payload>: Sendable {
    /// One message to send.
    public struct Letter: Sendable {
        /// The agent that it is for.
        public let receiver: NodeID
        /// What it says.
        public let body: Body

        @inlinable
        init(receiver: NodeID, body: Body) {
            self.receiver = receiver
            self.body = body
        }
    }

    /// Messages to send, in order.
    public var letters: [Letter]
    /// Times at which the agent wants `Agent.wake` to be called.
    public var timers: [VirtualTime]

    /// Creates an empty outbox.
    @inlinable
    public init() { (letters, timers) = ([], []) }

    /// Sends `body` to `receiver` now. The network may delay, lose or duplicate it.
    @inlinable
    public mutating func send(_ body: Body, to receiver: NodeID) {
        letters.append(Letter(receiver: receiver, body: body))
    }

    /// Asks for a call of `Agent.wake` at `time`, after all messages that arrive by then. A time that has
    /// passed means now.
    @inlinable
    public mutating func wake(at time: VirtualTime) { timers.append(time) }

    /// Whether there is nothing to send and no timer.
    @inlinable public var isEmpty: Bool { letters.isEmpty && timers.isEmpty }

    /// Empties the outbox and keeps its memory.
    @inlinable
    public mutating func removeAll() {
        letters.removeAll(keepingCapacity: true)
        timers.removeAll(keepingCapacity: true)
    }
}
