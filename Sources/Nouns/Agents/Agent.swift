public import Scheduling
public import Timeline

/// One participant of a conversation: the agent of a device, or a controller. A value: it owns no clock,
/// socket, thread or random number (but may own a solver with its workspace), and knows only what it observes
/// and what it has received.
///
/// The conversation calls it: `begin` at the start of a step, `receive` for each message, `wake` at the times
/// it asked for. Messages may be late, lost, doubled or out of order. So a protocol sends state that may be
/// repeated and compares `Message.sequence`, rather than counts on every message.
public protocol Agent {
    /// What its messages say.
    associatedtype Body: Payload

    /// Begins a step.
    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Body>)

    /// Takes a message.
    mutating func receive(_ message: Message<Body>, at now: VirtualTime, _ outbox: inout Outbox<Body>)

    /// Continues at a time that it asked for (`Outbox.wake`).
    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Body>)

    /// Loses all that it learned since it was created, as after a restart without saved state.
    mutating func forget()

    /// Returns the setpoint that its device follows in `interval`; nil where the device follows its own
    /// fallback.
    func decision(for interval: Interval) -> Setpoint?
}
