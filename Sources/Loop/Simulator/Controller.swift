import EconomicDispatch
import Grid
import Market
import Planning
import Scheduling
import Timeline

/// The controller at the centre of a star: receives offers, plans, and sends setpoints. It knows what it
/// received and what it was told when the plant was commissioned: the first offers and the `PlantMap`. It
/// also reads the meter of the grid connection.
struct Controller {
    private let node: NodeID
    private let connection: DeviceID
    private var planner: Planner
    private var received: [Offer?]
    private var receivedSequence: [Int]
    private var sent: [Int]
    private var plan: Plan?
    private var measured: [Measurement?]
    /// How long a measurement is believed, s; after that the plan's forecast is.
    private let hold: Int
    /// What was decided for the last step; nil where the plan's powers are followed.
    private(set) var decision: StepDecision?

    init(_ map: PlantMap, _ settings: PlanSettings, hold: Int, seed: UInt64) {
        let devices = map.devices.count
        node = NodeID(devices)
        connection = map.connection
        planner = Planner(map, settings, seed: seed)
        received = Array(repeating: nil, count: devices)
        receivedSequence = Array(repeating: -1, count: devices)
        sent = Array(repeating: 0, count: devices)
        measured = Array(repeating: nil, count: devices)
        self.hold = hold
    }

    mutating func receive(_ message: Message) {
        let sender = message.sender.index
        guard message.sequence > receivedSequence[sender] else { return }
        receivedSequence[sender] = message.sequence
        switch message.body {
        case .offer(let offer): received[sender] = offer
        case .measurement(let measurement): measured[sender] = measurement
        case .setpoint: break
        }
    }

    /// Takes the first offer of every device without a message, as when a plant is commissioned. Otherwise a
    /// lost first offer would leave a device, even the grid connection, out of the plan.
    mutating func commission(_ offers: [Offer]) {
        for offer in offers { received[offer.device.index] = offer }
    }

    /// Reads the meter of the grid connection.
    mutating func read(_ imported: WattHours, over interval: Interval) {
        planner.read(imported, over: interval)
    }

    /// Plans `horizon` with the last offer received of each device.
    mutating func replan(over horizon: Horizon) -> Plan {
        let plan = planner.plan(received.compactMap(\.self), over: horizon)
        self.plan = plan
        return plan
    }

    /// Setpoints for the step `interval`, one to every device in the plan but the grid connection, which
    /// follows none: as cleared on what is measured, else as planned.
    mutating func setpoints(for interval: Interval) -> [Message] {
        decision = nil
        guard let plan, plan.horizon.count > 0 else { return [] }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(step) else { return [] }
        for device in measured.indices {
            guard let last = measured[device]?.interval.start else { continue }
            if interval.start.seconds(since: last) > hold { measured[device] = nil }
        }
        decision = planner.decide(interval, measured: measured)
        return plan.problem.offers.indices.compactMap { index in
            let device = plan.problem.offers[index].device
            guard device != connection else { return nil }
            defer { sent[device.index] += 1 }
            let power =
                decision.map { plan.setpoint(of: index, at: step, $0.powers[index], measured[device.index]) }
                ?? plan.setpoint(of: index, at: step)
            let setpoint = Setpoint(
                device: device, interval: interval, power: power,
                reactive: plan.reactive(of: index, at: step))
            return Message(
                sender: node, receiver: NodeID(device.index), sequence: sent[device.index],
                body: .setpoint(setpoint))
        }
    }
}
