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
    private let connection: DeviceID?
    private var planner: Planner
    private var received: [Offer?]
    private var measured: [Measurement?]
    /// Numbers of the messages that brought them: an older one that arrives later is ignored.
    private var offerNumbers: [UInt32?]
    private var measurementNumbers: [UInt32?]
    private var plan: Plan?
    /// Setpoints of the step that are decided, by device.
    private var answers: [Setpoint?]
    /// Whether agents repeat what is not answered.
    private let repeats: Bool
    /// How long a measurement is believed, s; after that the plan's forecast is.
    private let hold: Int
    /// What was decided for the last step; nil where the plan's powers are followed.
    private(set) var decision: StepDecision?

    init(_ map: PlantMap, _ settings: PlanSettings, hold: Int, repeats: Bool, seed: UInt64) {
        let devices = map.devices.count
        connection = map.connection
        planner = Planner(map, settings, seed: seed)
        received = Array(repeating: nil, count: devices)
        measured = Array(repeating: nil, count: devices)
        offerNumbers = Array(repeating: nil, count: devices)
        measurementNumbers = Array(repeating: nil, count: devices)
        answers = Array(repeating: nil, count: devices)
        self.hold = hold
        self.repeats = repeats
    }

    /// Begins a step: its setpoints are not decided yet.
    mutating func begin() {
        for device in answers.indices { answers[device] = nil }
    }

    /// Takes a message. One that comes after the decision is answered with the setpoint, if agents repeat
    /// what is not answered.
    mutating func receive(
        _ message: Message<CentralMessage>, _ outbox: inout Outbox<CentralMessage>
    ) {
        take(message)
        if repeats, let setpoint = answers[message.sender.index] {
            outbox.send(.setpoint(setpoint), to: message.sender)
        }
    }

    private mutating func take(_ message: Message<CentralMessage>) {
        let sender = message.sender.index
        switch message.body {
        case .offer(let offer):
            guard offerNumbers[sender].map({ message.sequence > $0 }) ?? true else { return }
            (received[sender], offerNumbers[sender]) = (offer, message.sequence)
        case .measurement(let measurement):
            guard measurementNumbers[sender].map({ message.sequence > $0 }) ?? true else { return }
            (measured[sender], measurementNumbers[sender]) = (measurement, message.sequence)
        case .setpoint: break
        }
    }

    /// Loses the plan and all that it received, as in a crash; the meter's readings stay.
    mutating func forget() {
        for device in received.indices {
            (received[device], offerNumbers[device]) = (nil, nil)
            (measured[device], measurementNumbers[device]) = (nil, nil)
        }
        (plan, decision) = (nil, nil)
        begin()
    }

    /// Takes the first offer of every device without a message, as when a plant is commissioned. Otherwise a
    /// lost first offer would leave a device, even the grid connection, out of the plan.
    mutating func commission(_ offers: [Offer]) {
        for offer in offers { received[offer.device.index] = offer }
    }

    /// Takes the offers of devices that it cannot count on, without a message, and forgets what they
    /// measured.
    mutating func exclude(_ offers: [Offer]) {
        for offer in offers {
            received[offer.device.index] = offer
            measured[offer.device.index] = nil
        }
    }

    /// Begin of the newest interval that a device has reported about; nil where it has reported nothing.
    func newestReport(of device: Int) -> Instant? {
        [measured[device]?.interval.start, received[device]?.horizon.start].compactMap(\.self).max()
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

    /// Devices that the plan asks to run in one of so many steps after that of `interval`.
    func starts(_ ahead: [Int: Int], from interval: Interval) -> Set<Int> {
        guard let plan, !ahead.isEmpty else { return [] }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        return Set(
            plan.problem.offers.indices.compactMap { place in
                let device = plan.problem.offers[place].device.index
                guard let steps = ahead[device] else { return nil }
                let last = (interval.start + steps * interval.seconds).seconds(since: plan.horizon.start)
                let soon = (step + 1..<max(step, last / plan.horizon.step) + 1)
                    .clamped(to: plan.horizon.indices)
                return soon.contains { plan.setpoint(of: place, at: $0) > .zero } ? device : nil
            })
    }

    /// Setpoints for the step `interval`, one to every device in the plan but the grid connection, which
    /// follows none: as cleared on what is measured, else as planned.
    mutating func setpoints(for interval: Interval) -> [Setpoint] {
        decision = nil
        guard let plan, plan.horizon.count > 0 else { return [] }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(step) else { return [] }
        for device in measured.indices {
            guard let last = measured[device]?.interval.start else { continue }
            if interval.start.seconds(since: last) > hold { measured[device] = nil }
        }
        decision = planner.decide(interval, measured: measured)
        let setpoints = plan.problem.offers.indices.compactMap { index -> Setpoint? in
            let device = plan.problem.offers[index].device
            guard device != connection else { return nil }
            let power =
                decision.map { plan.setpoint(of: index, at: step, $0.powers[index], measured[device.index]) }
                ?? plan.setpoint(of: index, at: step)
            return Setpoint(
                device: device, interval: interval, power: power,
                reactive: plan.reactive(of: index, at: step))
        }
        for setpoint in setpoints { answers[setpoint.device.index] = setpoint }
        return setpoints
    }
}
