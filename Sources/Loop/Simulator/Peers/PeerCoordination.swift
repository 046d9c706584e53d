import Agents
import DistributedDispatch
import EconomicDispatch
import Events
import Grid
import Market
import Messaging
import Planning
import Scheduling
import Timeline

/// Agreement on the setpoints of a step among agents without a centre: plans by `ConsensusDispatcher` or
/// `SharedOffersDispatcher`, steps cleared by `PeerClearing`. Each agent's offer, measurement and plan
/// stay with it; what this type holds of all is put together from what each knows of itself.
///
///     begin ── plan, when it is due: ticks ──▶ clearing ──▶ at most the deadline later: in force
///
/// An agent that learns no price in time keeps to its planned power. A device whose agent does not work holds
/// its last setpoint as long as with a controller (`DeviceAgent`), or none where the agent lost its state;
/// then it follows its own fallback.
struct PeerCoordination {
    private var planner: Planner
    private let dispatcher: any PeerDispatcher
    private let clearing: PeerClearing
    private let hold: Int
    /// The last setpoint of each device.
    private var last: [Setpoint?]
    private let connection: DeviceID?
    private let devices: Int
    private let stepSeconds: Int
    /// How long the agents talk about a plan.
    private let round: VirtualTime
    private var plan: Plan?
    private var counted = Traffic()

    init(_ scenario: Scenario, _ settings: PeerSettings) {
        let seed = scenario.seed
        let communication = scenario.communication
        let seconds = communication.tick ?? PeerSettings.tick
        let tick = VirtualTime(seconds: seconds)
        let fates = scenario.events.fates
        var planning = scenario.planning
        let (link, base) = (communication.link, planning.dispatcher)
        planning.dispatcher = DispatcherMaker(name: settings.plan.rawValue) {
            switch settings.plan {
            case .sharedOffers:
                SharedOffersDispatcher(
                    base.make(), settings: settings, tick: seconds, link: link, fates: fates, seed: seed)
            case .relaxedADMM:
                ConsensusDispatcher(settings: settings, tick: seconds, link: link, fates: fates, seed: seed)
            }
        }
        planner = Planner(PlantMap(scenario), planning, seed: seed)
        guard let dispatcher = planner.dispatcher as? any PeerDispatcher else {
            preconditionFailure("plans by another dispatcher")
        }
        self.dispatcher = dispatcher
        clearing = PeerClearing(
            ClearingAgent.Settings(
                tick: tick, timeout: settings.timeout, slackTimeout: settings.slackTimeout),
            settings.topology, link: communication.link, within: communication.deadline, fates: fates,
            seed: seed)
        hold = communication.hold
        last = Array(repeating: nil, count: scenario.devices.count)
        connection = scenario.connection.map { DeviceID($0) }
        devices = scenario.devices.count
        stepSeconds = scenario.horizon.step
        round = VirtualTime(nanoseconds: tick.nanoseconds * Int64(settings.ticks))
    }

    /// The agent of the connection reads its meter.
    mutating func read(_ imported: WattHours, over interval: Interval) {
        planner.read(imported, over: interval)
    }

    /// Agrees on a plan where one is due, and on the powers of the step.
    mutating func agree(
        at step: Int, of interval: Interval, offers: [Offer], horizon: Horizon,
        measurements: [Measurement], under disturbance: Disturbance, onStage: (Stage) -> Void
    ) -> Coordination.Agreement {
        let start = VirtualTime(nanoseconds: Int64(step) * Int64(stepSeconds) * 1_000_000_000)
        var begin = start
        let nobody = [Setpoint?](repeating: nil, count: devices)
        var agreement = Coordination.Agreement(sent: nobody, inForce: nobody, summary: .init())
        dispatcher.meet(disturbance, from: interval)
        clearing.disturbance = disturbance
        onStage(.messages)
        if !offers.isEmpty {
            plan = planner.plan(offers, over: horizon)
            (agreement.plan, agreement.gap) = (plan, dispatcher.gap)
            begin = begin + round
            onStage(.dispatch)
        }
        guard let plan else { return agreement }
        let at = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard plan.horizon.indices.contains(at) else { return agreement }
        var measured = [Measurement?](repeating: nil, count: devices)
        for measurement in measurements { measured[measurement.device.index] = measurement }
        var missing = Array(repeating: true, count: plan.problem.offers.count)
        let decision = planner.decide(interval, measured: measured) { [clearing] bids, needed in
            let prices = clearing.agree(
                on: interval, at: begin, plan.problem, step: at, bids, needed: needed)
            missing = prices.map { $0 == nil }
            return prices
        }
        for (index, offer) in plan.problem.offers.enumerated() where offer.device != connection {
            let device = offer.device.index
            if let state = disturbance.agents[device], state != .up {
                hold(device, state, in: interval, &agreement)
                continue
            }
            // Who has no price keeps to its plan, and what it planned to use fully it uses fully.
            let agreed = decision.flatMap { missing[index] ? nil : $0.powers[index] }
            let power =
                agreed.map { plan.setpoint(of: index, at: at, $0, measured[device]) }
                ?? plan.setpoint(of: index, at: at)
            let setpoint = Setpoint(device: offer.device, interval: interval, power: power)
            agreement.inForce[device] = setpoint
            agreement.sent[device] = setpoint
            last[device] = setpoint
            if missing[index] { agreement.summary.held += 1 }
        }
        agreement.decision = decision
        if decision != nil {
            let after = (clearing.clock - start).seconds
            let sincePlan = Double(interval.start.seconds(since: plan.horizon.start))
            agreement.timing.after = missing.contains(true) ? nil : after
            agreement.timing.ages = missing.map { $0 ? sincePlan + after : after }
        }
        count(&agreement)
        onStage(.clearing)
        return agreement
    }

    /// What a device does whose agent does not work.
    private mutating func hold(
        _ device: Int, _ state: Disturbance.AgentState, in interval: Interval,
        _ agreement: inout Coordination.Agreement
    ) {
        if state != .crashed(keepsState: true) { last[device] = nil }
        if let setpoint = last[device], interval.start.seconds(since: setpoint.interval.start) <= hold {
            agreement.inForce[device] = setpoint
            agreement.summary.held += 1
        } else if state != .absent {
            agreement.summary.fallback += 1
        }
    }

    private mutating func count(_ agreement: inout Coordination.Agreement) {
        let traffic = dispatcher.traffic + clearing.traffic
        agreement.summary.traffic = traffic - counted
        counted = traffic
    }
}
