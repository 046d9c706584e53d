import Agents
import Scheduling
import Timeline

/// Agent of one device. It knows only what it observes and the messages it has received.
///
/// At the begin of a step it sends the controller its offer, when a plan is due, and what it measures; with a
/// tick it repeats them until it has the setpoint of the step; one that gets none, until the controller
/// decides. When no setpoint for the present step arrives, the last one received stays in force for `hold`
/// seconds after the step that it is for. Then the device follows its own fallback (see each kind in
/// `Devices`).
struct DeviceAgent: Agent {
    private let controller: NodeID
    private let hold: Int
    private let tick: VirtualTime?
    private let getsSetpoints: Bool
    private var lastRepeat = VirtualTime.zero
    /// What it said at the begin of the step; nil once that is answered, or where it says everything once.
    private var unanswered: Observation?
    private var received: (setpoint: Setpoint, sequence: UInt32)?
    /// When a setpoint of the interval of `received` first arrived.
    private var arrived = VirtualTime.zero

    init(controller: NodeID, hold: Int, tick: VirtualTime?, getsSetpoints: Bool) {
        self.controller = controller
        self.hold = hold
        self.tick = tick
        self.getsSetpoints = getsSetpoints
    }

    mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        say(seen, &outbox)
        guard let tick else { return }
        unanswered = seen
        lastRepeat = getsSetpoints ? seen.deadline : Coordination.decision(from: now, by: seen.deadline)
        outbox.wake(at: now + tick)
    }

    private func say(_ seen: Observation, _ outbox: inout Outbox<CentralMessage>) {
        if seen.isPlanDue, let offer = seen.ahead { outbox.send(.offer(offer), to: controller) }
        if let measurement = seen.measured { outbox.send(.measurement(measurement), to: controller) }
    }

    mutating func receive(
        _ message: Message<CentralMessage>, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        guard case .setpoint(let setpoint) = message.body,
            received.map({ message.sequence > $0.sequence }) ?? true
        else { return }
        if received?.setpoint.interval != setpoint.interval { arrived = now }
        received = (setpoint, message.sequence)
        if setpoint.interval == unanswered?.interval { unanswered = nil }
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>) {
        guard let tick, let seen = unanswered, now < lastRepeat else { return }
        say(seen, &outbox)
        outbox.wake(at: now + tick)
    }

    mutating func forget() {
        received = nil
        unanswered = nil
    }

    /// The setpoint in force in `interval`: the last one received, unless it has lapsed.
    func decision(for interval: Interval) -> Setpoint? {
        guard let setpoint = received?.setpoint,
            interval.start.seconds(since: setpoint.interval.start) <= hold
        else { return nil }
        return setpoint
    }

    /// When the setpoint of a step arrived; nil before that.
    func arrival(for interval: Interval) -> VirtualTime? {
        received?.setpoint.interval == interval ? arrived : nil
    }
}
