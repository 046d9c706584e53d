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

    /// Letters and timers; those beyond the used ones are old and will be written over.
    @usableFromInline var allLetters: [Letter] = []
    @usableFromInline var allTimers: [VirtualTime] = []
    @usableFromInline var usedLetters = 0
    @usableFromInline var usedTimers = 0

    /// Creates an empty outbox.
    public init() {}

    /// Number of messages to send.
    @inlinable public var letterCount: Int { usedLetters }

    /// Number of timers to set.
    @inlinable public var timerCount: Int { usedTimers }

    /// Messages to send, in order.
    @inlinable public var letters: ArraySlice<Letter> { allLetters[..<usedLetters] }

    /// Times at which the agent wants `Agent.wake` to be called.
    @inlinable public var timers: ArraySlice<VirtualTime> { allTimers[..<usedTimers] }

    /// Returns message number `index`, from 0, without a copy of the list.
    @inlinable public func letter(_ index: Int) -> Letter { allLetters[index] }

    /// Returns timer number `index`, from 0, without a copy of the list.
    @inlinable public func timer(_ index: Int) -> VirtualTime { allTimers[index] }

    /// Sends `body` to `receiver` now. The network may delay, lose or duplicate it.
    @inlinable
    public mutating func send(_ body: Body, to receiver: NodeID) {
        let letter = Letter(receiver: receiver, body: body)
        if usedLetters < allLetters.count {
            allLetters[usedLetters] = letter
        } else {
            allLetters.append(letter)
        }
        usedLetters += 1
    }

    /// Asks for a call of `Agent.wake` at `time`, after all messages that arrive by then. A time that has
    /// passed means now.
    @inlinable
    public mutating func wake(at time: VirtualTime) {
        if usedTimers < allTimers.count {
            allTimers[usedTimers] = time
        } else {
            allTimers.append(time)
        }
        usedTimers += 1
    }

    /// Whether there is nothing to send and no timer.
    @inlinable public var isEmpty: Bool { usedLetters == 0 && usedTimers == 0 }

    /// Empties the outbox and keeps its memory.
    @inlinable
    public mutating func removeAll() { (usedLetters, usedTimers) = (0, 0) }
}
