import Agents
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
    private var receivedSequence: [UInt32?]
    private var sent: [UInt32]
    private var plan: Plan?

    init(_ map: PlantMap, _ settings: PlanSettings, seed: UInt64) {
        let devices = map.devices.count
        node = NodeID(devices)
        connection = map.connection
        planner = Planner(map, settings, seed: seed)
        received = Array(repeating: nil, count: devices)
        receivedSequence = Array(repeating: nil, count: devices)
        sent = Array(repeating: 0, count: devices)
    }

    mutating func receive(_ message: Message<CentralMessage>) {
        guard case .offer(let offer) = message.body,
            receivedSequence[offer.device.index].map({ message.sequence > $0 }) ?? true
        else { return }
        received[offer.device.index] = offer
        receivedSequence[offer.device.index] = message.sequence
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

    /// Setpoints of the last plan for the step `interval`, one to every device in it but the grid connection,
    /// which follows none.
    mutating func setpoints(for interval: Interval) -> [Message<CentralMessage>] {
        guard let plan, plan.horizon.count > 0 else { return [] }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(step) else { return [] }
        return plan.problem.offers.indices.compactMap { index in
            let device = plan.problem.offers[index].device
            guard device != connection else { return nil }
            defer { sent[device.index] += 1 }
            let setpoint = Setpoint(
                device: device, interval: interval, power: plan.setpoint(of: index, at: step),
                reactive: plan.reactive(of: index, at: step))
            return Message(
                sender: node, receiver: NodeID(device.index), sequence: sent[device.index],
                body: .setpoint(setpoint))
        }
    }
}
