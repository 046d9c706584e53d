import EconomicDispatch
import Grid
import Timeline

/// The centre of a star: hears offers, plans, asks for powers. It knows what it heard, and from the
/// connection's own meters the last step's losses.
struct Controller {
    private let node: NodeID
    private let dispatcher: any Dispatcher
    private var heard: [Offer?]
    private var heardSequence: [Int]
    private var sent: [Int]
    private var plan: Plan?
    /// Losses per squared demand, 1/W: they grow with the square of the current.
    private var lossFactor = 0.0

    init(devices: Int, dispatcher: any Dispatcher) {
        node = NodeID(devices)
        self.dispatcher = dispatcher
        heard = Array(repeating: nil, count: devices)
        heardSequence = Array(repeating: -1, count: devices)
        sent = Array(repeating: 0, count: devices)
    }

    mutating func hear(_ message: Message) {
        guard case .offer(let offer) = message.body, message.sequence > heardSequence[offer.device.index]
        else { return }
        heard[offer.device.index] = offer
        heardSequence[offer.device.index] = message.sequence
    }

    mutating func observe(losses: Power, demand: Power) {
        lossFactor = demand.value > 0 ? losses.value / (demand.value * demand.value) : 0
    }

    /// Plans `horizon` with the offers heard so far; an old one is stretched to it.
    mutating func replan(over horizon: Horizon) -> Plan {
        let offers = heard.compactMap { $0?.aligned(to: horizon) }
        let losses = horizon.indices.map { step in
            let demand = offers.reduce(0) { $1.upper[step] <= .zero ? $0 - $1.lower[step].value : $0 }
            return Power(lossFactor * demand * demand)
        }
        let plan = dispatcher.plan(DispatchProblem(horizon: horizon, offers: offers, losses: losses))
        self.plan = plan
        return plan
    }

    /// What it asks of every device it has heard of, for the step `interval` of its plan.
    mutating func setpoints(for interval: Interval) -> [Message] {
        guard let plan, plan.horizon.count > 0 else { return [] }
        let step = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(step) else { return [] }
        return plan.problem.offers.indices.map { index in
            let device = plan.problem.offers[index].device
            defer { sent[device.index] += 1 }
            let setpoint = Setpoint(
                device: device, interval: interval, power: plan.setpoint(of: index, at: step))
            return Message(
                sender: node, receiver: NodeID(device.index), sequence: sent[device.index],
                body: .setpoint(setpoint))
        }
    }
}

extension Offer {
    /// This offer moved to a later horizon: the steps both know stay, the last one known fills the rest.
    func aligned(to later: Horizon) -> Offer {
        guard horizon != later else { return self }
        let shift = later.start.seconds(since: horizon.start) / horizon.step
        let source = later.indices.map { Swift.min($0 + shift, horizon.count - 1) }
        func moved<Value>(_ values: [Value]) -> [Value] {
            values.count == 1 ? values : source.map { values[$0] }
        }
        return Offer(
            device: device, horizon: later, lower: moved(lower), upper: moved(upper),
            cost: Cost(
                deliver: moved(cost.deliver), absorb: moved(cost.absorb), quadratic: cost.quadratic,
                perHourOn: cost.perHourOn),
            rating: rating, reservoir: reservoir, ramp: ramp, power: power, minimumWhenOn: minimumWhenOn)
    }
}
