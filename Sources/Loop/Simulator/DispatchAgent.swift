import Agents
import Scheduling
import Timeline

/// Any agent of a conversation about dispatch: that of a device, or a controller.
struct DispatchAgent: Agent {
    private var device: DeviceAgent?
    /// One or none: an element of an array changes in place, the payload of an enum is copied.
    private var controllers: [Controller]

    init(_ device: DeviceAgent) {
        self.device = device
        controllers = []
    }

    init(_ controller: Controller) { controllers = [controller] }

    /// The controller that this agent is; it must be one.
    var controller: Controller {
        get { controllers[0] }
        _modify { yield &controllers[0] }
    }

    mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        device?.begin(seen, at: now, &outbox)
        for index in controllers.indices { controllers[index].begin() }
    }

    mutating func receive(
        _ message: Message<CentralMessage>, at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>
    ) {
        device?.receive(message, at: now, &outbox)
        for index in controllers.indices { controllers[index].receive(message, &outbox) }
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<CentralMessage>) {
        device?.wake(at: now, &outbox)
    }

    mutating func forget() {
        device?.forget()
        for index in controllers.indices { controllers[index].forget() }
    }

    func decision(for interval: Interval) -> Setpoint? { device?.decision(for: interval) }

    /// When the setpoint of a step arrived at its device; nil before that.
    func arrival(for interval: Interval) -> VirtualTime? { device?.arrival(for: interval) }
}
