import Agents
import DistributedDispatch
import Events
import Grid
import Market
import Messaging
import Planning
import Scheduling
import Timeline

/// Agreement on the setpoints of a step by a controller at the centre: agents and controller exchange
/// messages over the communication network, in its virtual time.
///
///     begin ── offers, measurements ──▶ half the deadline: decision ── setpoints ──▶ deadline: in force
///
/// A message that arrives later counts in later steps.
struct Coordination {
    private var conversation: Conversation<DispatchAgent>
    private let centre: NodeID
    private var events: DisturbedNetwork
    private let deadline: VirtualTime
    private let connection: Int?
    /// Steps that the start of a grid-forming genset takes, by device.
    private let startSteps: [Int: Int]
    private let stepSeconds: Int
    /// Steps of the run in a step of a plan, counted from the begin of the run.
    private let stepsInPlanStep: Int
    private let start: Instant
    private var counted = Traffic()
    private var isCommissioned = false
    /// What each device's agent observes at the begin of a step, and the controller nothing of its own.
    private var seen: [Observation?]
    /// Agents that agree without the controller; nil where it decides.
    private var peers: PeerCoordination?
    /// Agents outside of the simulation; nil: those above.
    private let outside: (any StepCoordinator)?

    /// Result of one step.
    struct Agreement {
        /// Setpoints that the controller sent.
        var sent: [Setpoint?]
        /// Setpoints that the devices follow.
        var inForce: [Setpoint?]
        var plan: Plan?
        /// How far a plan that agents agreed on may be above the least cost.
        var gap: DispatchGap?
        /// What was decided for the step; nil where the plan's powers are followed.
        var decision: StepDecision?
        /// Devices that the plan asks to run before a start that begins now would have ended.
        var starts: Set<Int> = []
        /// Price at which an island of its own was cleared, by its buses.
        var islandPrices: [[Int]: EnergyCost] = [:]
        var summary: Record.Conversation
        var timing = Record.Timing()
    }

    /// `seed` decides the fate of messages; `outside`, where there is one, decides instead.
    init(_ scenario: Scenario, seed: UInt64, outside: (any StepCoordinator)? = nil) {
        self.outside = outside
        let communication = scenario.communication
        centre = NodeID(scenario.devices.count)
        events = DisturbedNetwork(communication.network, devices: Array(0...scenario.devices.count))
        deadline = VirtualTime(seconds: communication.deadline)
        connection = scenario.connection
        startSteps = scenario.startSteps
        stepSeconds = scenario.horizon.step
        stepsInPlanStep = scenario.planning.stepsInPlanStep
        start = scenario.horizon.start
        seen = Array(
            repeating: Observation(interval: scenario.horizon[0], deadline: deadline),
            count: scenario.devices.count + 1)
        let tick = communication.tick.map { VirtualTime(seconds: $0) }
        let devices = scenario.devices.indices.map {
            DispatchAgent(
                DeviceAgent(
                    controller: NodeID(scenario.devices.count), hold: communication.hold, tick: tick,
                    getsSetpoints: $0 != scenario.connection))
        }
        let controller = Controller(
            PlantMap(scenario), scenario.planning, hold: communication.hold, repeats: tick != nil,
            seed: seed)
        conversation = Conversation(
            agents: devices + [DispatchAgent(controller)],
            network: communication.network, seed: seed)
        peers = scenario.peers.map { PeerCoordination(scenario, $0) }
    }

    /// Exchanges the messages of one step. `offers` are new ones to be planned over `horizon`, empty when no
    /// plan is due; `measurements` are those of the step to be cleared, empty where none is. `members`
    /// are the devices of the part of the network that is planned for, nil: all.
    mutating func agree(
        at step: Int, of interval: Interval, offers: [Offer], horizon: Horizon,
        measurements: [Measurement], under disturbance: Disturbance, among members: Set<Int>? = nil,
        onStage: (Stage) -> Void
    ) -> Agreement {
        let horizon = horizon.coarsened(by: stepsInPlanStep, from: start)
        let offers = offers.map { $0.coarsened(to: horizon) }
        if let outside {
            let agreed = outside.agree(
                on: interval, offers: offers, horizon: horizon, measurements: measurements)
            return Agreement(agreed, on: interval, connection: connection)
        }
        guard peers == nil else {
            return peers!.agree(
                at: step, of: interval, offers: offers, horizon: horizon, measurements: measurements,
                under: disturbance, onStage: onStage)
        }
        return converse(step, interval, offers, horizon, measurements, disturbance, members, onStage)
    }

    /// The messages of one step with the controller.
    private mutating func converse(
        _ step: Int, _ interval: Interval, _ offers: [Offer], _ horizon: Horizon,
        _ measurements: [Measurement], _ disturbance: Disturbance, _ members: Set<Int>?,
        _ onStage: (Stage) -> Void
    ) -> Agreement {
        let begin = VirtualTime(nanoseconds: Int64(step) * Int64(stepSeconds) * 1_000_000_000)
        var decision = begin
        conversation.run(until: begin)
        events.apply(disturbance, to: &conversation)
        if !isCommissioned, !offers.isEmpty {
            conversation[centre].controller.commission(
                offers.filter { disturbance.joins($0.device.index, centre.index) || step == 0 })
            isCommissioned = true
        }
        // An agent says so before its device leaves, and the relays tell which devices are in another part.
        if !offers.isEmpty, !disturbance.absent.isEmpty || members != nil {
            conversation[centre].controller.exclude(
                offers.filter {
                    let device = $0.device.index
                    return disturbance.agents[device] == .absent || members?.contains(device) == false
                })
        }
        if !offers.isEmpty || !measurements.isEmpty {
            observe(interval, begin, offers, measurements)
            conversation.begin(seen, at: begin)
            decision = Self.decision(from: begin, by: begin + deadline)
            conversation.run(until: decision)
        }
        onStage(.messages)
        var agreement = Agreement(
            sent: Array(repeating: nil, count: centre.index), inForce: [], summary: .init())
        if !offers.isEmpty {
            agreement.plan = conversation[centre].controller.replan(over: horizon)
            onStage(.dispatch)
        }
        let setpoints = conversation[centre].controller.setpoints(for: interval)
        agreement.decision = conversation[centre].controller.decision
        agreement.starts = conversation[centre].controller.starts(startSteps, from: interval)
        onStage(.clearing)
        conversation.act(centre, at: decision) { _, outbox in
            for setpoint in setpoints {
                agreement.sent[setpoint.device.index] = setpoint
                outbox.send(.setpoint(setpoint), to: NodeID(setpoint.device.index))
            }
        }
        conversation.run(until: begin + deadline)
        settle(interval, members, into: &agreement)
        time(interval, begin, decision, &agreement)
        onStage(.messages)
        return agreement
    }

    /// When the controller decides: after half of the time to the deadline.
    static func decision(from begin: VirtualTime, by deadline: VirtualTime) -> VirtualTime {
        VirtualTime(nanoseconds: begin.nanoseconds + (deadline - begin).nanoseconds / 2)
    }

    /// The controller reads the meter of the grid connection.
    mutating func read(_ imported: WattHours, over interval: Interval) {
        if let outside { return outside.read(imported, over: interval) }
        if peers != nil { return peers!.read(imported, over: interval) }
        conversation[centre].controller.read(imported, over: interval)
    }

    private mutating func observe(
        _ interval: Interval, _ begin: VirtualTime, _ offers: [Offer], _ measurements: [Measurement]
    ) {
        for node in seen.indices {
            seen[node]!.interval = interval
            seen[node]!.deadline = begin + deadline
            seen[node]!.measured = nil
            if seen[node]!.isPlanDue { seen[node]!.ahead = nil }
        }
        for offer in offers { seen[offer.device.index]!.ahead = offer }
        for measurement in measurements { seen[measurement.device.index]!.measured = measurement }
    }

    private mutating func settle(
        _ interval: Interval, _ members: Set<Int>?, into agreement: inout Agreement
    ) {
        agreement.inForce = (0..<centre.index).map { conversation[NodeID($0)].decision(for: interval) }
        for (index, setpoint) in agreement.inForce.enumerated()
        where index != connection && members?.contains(index) ?? true {
            if setpoint == nil {
                agreement.summary.fallback += 1
            } else if setpoint?.interval != interval {
                agreement.summary.held += 1
            }
        }
        agreement.summary.traffic = conversation.traffic - counted
        counted = conversation.traffic
    }

    /// Notes when the last device had its setpoint, and how old the controller's knowledge was.
    private func time(
        _ interval: Interval, _ begin: VirtualTime, _ decision: VirtualTime, _ agreement: inout Agreement
    ) {
        let sent = agreement.sent.indices.filter { agreement.sent[$0] != nil }
        let arrivals = sent.compactMap { conversation[NodeID($0)].arrival(for: interval) }
        if !sent.isEmpty, arrivals.count == sent.count {
            agreement.timing.after = (arrivals.max()! - begin).seconds
        }
        let controller = conversation[centre].controller
        agreement.timing.ages = (0..<centre.index).compactMap { device in
            controller.newestReport(of: device).map {
                Double(interval.start.seconds(since: $0)) + (decision - begin).seconds
            }
        }
    }
}
