import Agents
import Scheduling
import Timeline

/// Agent of one device. It knows only what it observes and the messages it has received.
///
/// At the begin of a step it sends the controller its offer, when a plan is due, and what it measures. When
/// no setpoint for the present step arrives, the last one received stays in force for `hold` seconds after
/// the step that it is for. Then the device follows its own fallback (see each kind in `Devices`).
struct DeviceAgent: Agent {
    private let controller: NodeID
    private let hold: Int
    private var received: (setpoint: Setpoint, sequence: UInt32)?

    init(controller: NodeID, hold: Int) {
        self.controller = controller
        self.hold = hold
    }

    mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        if let offer = seen.ahead { outbox.send(.offer(offer), to: controller) }
        if let measurement = seen.measured { outbox.send(.measurement(measurement), to: controller) }
    }

    mutating func receive(
        _ message: Message<CentralMessage>, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        guard case .setpoint(let setpoint) = message.body,
            received.map({ message.sequence > $0.sequence }) ?? true
        else { return }
        received = (setpoint, message.sequence)
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>) {}

    mutating func forget() { received = nil }

    /// The setpoint in force in `interval`: the last one received, unless it has lapsed.
    func decision(for interval: Interval) -> Setpoint? {
        guard let setpoint = received?.setpoint,
            interval.start.seconds(since: setpoint.interval.start) <= hold
        else { return nil }
        return setpoint
    }
}
