import EconomicDispatch
import Forecasting
import Grid
import Market
import PowerFlow
import Scheduling
import Timeline

/// The centre of a star: hears offers, plans, asks for powers. It knows what it heard, and what it was told
/// when it was commissioned: the offers of that moment, and the map of the network. The connection's meter
/// stands beside it.
struct Controller {
    private let scenario: Scenario
    private let node: NodeID
    private let dispatcher: any Dispatcher
    private let wires: LossEstimate
    private let feeder: FeederLimits?
    private var heard: [Offer?]
    private var heardSequence: [Int]
    private var sent: [Int]
    private var plan: Plan?
    private var peak: PeakMemory

    init(_ scenario: Scenario) {
        let devices = scenario.devices.count
        self.scenario = scenario
        peak = PeakMemory(scenario.terms, until: scenario.horizon.end)
        node = NodeID(devices)
        dispatcher = scenario.planning.dispatcher.make()
        wires = LossEstimate(scenario)
        feeder = scenario.planning.rules.heedsNetwork ? FeederLimits(scenario) : nil
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

    /// Learns what every device offers before the first message, as when a plant is put into service; without
    /// it a lost first offer would leave a device, even the connection, out of the plan.
    mutating func commission(_ offers: [Offer]) {
        for offer in offers { heard[offer.device.index] = offer }
    }

    /// Reads the connection's meter.
    mutating func read(_ imported: WattHours, over interval: Interval) {
        peak.add(imported, over: interval)
    }

    /// Plans `horizon` with the offers heard so far; an old one is stretched to it.
    mutating func replan(over horizon: Horizon) -> Plan {
        let offers = heard.compactMap { $0?.aligned(to: horizon) }
        let expected = ExpectedPowers(of: offers, over: horizon, after: plan)
        let voltages = wires.voltages(expected, of: offers)
        var problem = DispatchProblem(
            horizon: horizon, offers: offers, losses: wires.losses(at: voltages),
            requirements: scenario.planning.rules.requirements(scenario, offers, over: horizon, peak),
            areas: scenario.planning.rules.areas?.areas(of: offers, scenario) ?? .one)
        if dispatcher is StochasticOptimum { hedge(&problem) }
        let plan =
            feeder.map { heed($0, problem, expected, voltages) } ?? dispatcher.plan(problem)
        self.plan = plan
        return plan
    }

    /// How often a plan is made again at most for what its own power flow shows.
    private static let rounds = 8

    /// Plans with the losses and limits that the wires turn out to have, each time linearised where the last
    /// plan leads.
    private func heed(
        _ feeder: FeederLimits, _ problem: DispatchProblem, _ expected: ExpectedPowers,
        _ voltages: VoltageSeries
    ) -> Plan {
        var (expected, voltages) = (expected, voltages)
        var watch = feeder.watch(over: problem.horizon)
        var plan: Plan
        var round = 0
        repeat {
            var heeding = problem
            heeding.losses = wires.losses(at: voltages)
            feeder.linearise(&heeding, watch, around: expected, voltages)
            plan = dispatcher.plan(heeding)
            expected = ExpectedPowers(plan)
            voltages = wires.voltages(expected, of: problem.offers)
            round += 1
        } while round < Self.rounds
            && feeder.finds(&watch, in: plan, voltages, wires.losses(at: voltages))
        return plan
    }

    /// How many other worlds a plan hedges against.
    private static let worlds = 4

    /// What may come instead of the forecast, with one decision for all until the next plan.
    private func hedge(_ problem: inout DispatchProblem) {
        let step = problem.horizon.start.seconds(since: scenario.horizon.start) / scenario.horizon.step
        problem.alternatives = ForecastErrors(seed: scenario.seed)
            .worlds(of: problem.offers, scenario.devices, at: step, count: Self.worlds)
        problem.sharedSteps = scenario.planning.replanSteps
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
                device: device, interval: interval, power: plan.setpoint(of: index, at: step),
                reactive: plan.reactive(of: index, at: step))
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
        var offer = self
        offer.horizon = later
        (offer.lower, offer.upper) = (moved(lower), moved(upper))
        (offer.cost.deliver, offer.cost.absorb) = (moved(cost.deliver), moved(cost.absorb))
        return offer
    }
}
