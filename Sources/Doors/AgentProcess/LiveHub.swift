public import Agents
import Clearing
import Devices
import EconomicDispatch
import Grid
public import Market
import Planning
public import Scheduling
public import Simulator
public import Timeline

/// The plant of a scenario for agents in processes of their own: gives each agent what its device can
/// do, lets the agents agree over MQTT in real time, and takes the setpoints of the devices from them.
///
/// A device whose agent is gone keeps to its last setpoint for the scenario's `hold`, and then follows
/// its own fallback. One thread uses it.
public final class LiveHub: StepCoordinator {
    /// How the agents talk.
    public struct Settings: Sendable {
        /// Time between two messages to the same neighbour.
        public var tick: VirtualTime
        /// Messages to each neighbour in one plan.
        public var ticks: Int
        /// ρ of R-ADMM: see `PeerSettings`.
        public var penalty: Double?
        /// Ticks after which an agent that was not heard no longer counts in a step, and for which the count
        /// of the slack may stand in a plan.
        public var timeout, slackTimeout: Int
        /// Longest time for clearing one step.
        public var deadline: VirtualTime
        /// Neighbours of an agent where there are more agents than that.
        public var degree = Communication.Topology.degree

        /// Creates settings.
        public init(
            tick: VirtualTime, ticks: Int, penalty: Double? = nil, timeout: Int, slackTimeout: Int,
            deadline: VirtualTime
        ) {
            precondition(tick > .zero && ticks > 0 && timeout > 0 && slackTimeout > 0 && deadline > .zero)
            (self.tick, self.ticks, self.penalty) = (tick, ticks, penalty)
            (self.timeout, self.slackTimeout, self.deadline) = (timeout, slackTimeout, deadline)
        }
    }

    /// How the last step ended.
    public struct Outcome: Sendable {
        /// Devices, agents that are there, and agents that agreed.
        public let devices, present, agreed: Int
        /// Whether all agents that are there agreed on powers that balance.
        public let isComplete: Bool
        /// Time until then, or until it was given up, s.
        public let seconds: Double
    }

    /// How the last step ended; nil before the first.
    public private(set) var outcome: Outcome?
    private let group: LiveGroup
    private let settings: Settings
    private let scenario: Scenario
    private var planner: Planner
    private var plan: Plan?
    private var last: [Setpoint?]

    /// Connects to a broker; throws where there is none. `onChange` is told of each agent that comes or goes,
    /// by the name of its device.
    public init(
        _ scenario: Scenario, group name: String, host: String, port: Int, settings: Settings,
        onChange: @escaping (_ device: String, _ isThere: Bool) -> Void
    ) throws(LiveError) {
        self.scenario = scenario
        self.settings = settings
        let group = try LiveGroup(
            devices: scenario.devices.map(\.name), group: name, broker: .init(host: host, port: port),
            onChange: onChange)
        self.group = group
        var planning = scenario.planning
        planning.dispatcher = DispatcherMaker(name: "r-admm") { LiveDispatcher(group, settings) }
        planning.clearing = ClearingSettings(
            method: .tree, sees: planning.clearing.sees, deviation: planning.clearing.deviation)
        planner = Planner(PlantMap(scenario), planning, seed: scenario.seed)
        last = scenario.devices.map { _ in nil }
    }

    /// Waits until each device has an agent, at most so long; returns the devices that have none.
    public func gather(within seconds: Double) -> [String] {
        group.listen(until: Clock.now + VirtualTime(seconds: seconds)) {
            group.present.count == scenario.devices.count
        }
        return scenario.devices.indices.filter { group.members[$0] == nil }.map { scenario.devices[$0].name }
    }

    /// Waits so long, and takes what agents say meanwhile.
    public func rest(_ seconds: Double) { group.listen(until: Clock.now + VirtualTime(seconds: seconds)) }

    /// Ends the agents and the connection.
    public func end() { group.end() }

    /// Takes a reading of the grid connection's meter.
    public func read(_ imported: WattHours, over interval: Interval) {
        planner.read([imported], over: interval)
    }

    /// Lets the agents agree on a plan where one is due, and on the powers of the step.
    public func agree(
        on interval: Interval, offers: [Offer], horizon: Horizon, measurements: [Measurement]
    ) -> StepAgreement {
        group.dropSilent(after: settings.deadline.seconds)
        let begin = Clock.now
        if !offers.isEmpty { plan = planner.plan(offers, over: horizon) }
        var measured = [Measurement?](repeating: nil, count: last.count)
        for measurement in measurements { measured[measurement.device.index] = measurement }
        var known: [BidCurve.Clearing?] = []
        var isComplete = false
        let decision = planner.decide(interval, measured: measured) { [self] bids, needed in
            (known, isComplete) = clear(interval, bids, losses: needed[0])
            return known
        }
        let after = (Clock.now - begin).seconds
        var agreement = StepAgreement(setpoints: last.map { held($0, in: interval) })
        agreement.plan = offers.isEmpty ? nil : plan
        agreement.decision = decision
        outcome = Outcome(
            devices: last.count, present: group.present.count, agreed: known.count { $0 != nil },
            isComplete: isComplete, seconds: after)
        guard let plan, let decision else { return agreement }
        if isComplete { agreement.timing.after = after } else { group.call() }
        let at = interval.start.seconds(since: plan.horizon.start) / plan.horizon.step
        for (index, offer) in plan.problem.offers.enumerated() {
            let device = offer.device.index
            guard known.indices.contains(index), known[index] != nil else { continue }
            agreement.timing.ages.append(after)
            guard device != scenario.connection else { continue }
            let power = plan.setpoint(of: index, at: at, decision.powers[index], measured[device])
            last[device] = Setpoint(device: offer.device, interval: interval, power: power)
            agreement.setpoints[device] = last[device]
        }
        return agreement
    }

    /// The setpoint to which a device keeps that has no agent.
    private func held(_ setpoint: Setpoint?, in interval: Interval) -> Setpoint? {
        setpoint.flatMap {
            interval.start.seconds(since: $0.interval.start) <= scenario.communication.hold ? $0 : nil
        }
    }

    /// Lets the agents agree on the powers of one step; returns the price that each offer knows, and whether
    /// all agents have settled on powers that balance.
    private func clear(_ interval: Interval, _ bids: [BidCurve], losses: Power)
        -> ([BidCurve.Clearing?], Bool)
    {
        let offers = plan!.problem.offers
        // Without the agent of the connection nobody leads, and all keep to their plans.
        guard let connection = scenario.connection, group.members[connection] != nil else {
            return (bids.map { _ in nil }, false)
        }
        group.forgetClearings()
        for (offer, bid) in zip(offers, bids) {
            let isSlack = offer.role == .connection
            let task = ClearTask(
                interval: interval, tick: settings.tick.nanoseconds, allowed: settings.deadline.nanoseconds,
                timeout: UInt32(settings.timeout), group: group.change, isSlack: isSlack,
                neighbours: group.neighbours(of: offer.device.index, degree: settings.degree),
                bid: isSlack ? bid + BidCurve(from: -losses) : bid)
            group.send(task, to: offer.device.index)
        }
        let isComplete = group.listen(until: Clock.now + settings.deadline) { hasAgreed(on: interval) }
        let known = offers.map { offer -> BidCurve.Clearing? in
            guard let answer = group.clearings[offer.device.index], answer.interval == interval else {
                return nil
            }
            return BidCurve.Clearing(price: EnergyCost(answer.price), share: answer.share)
        }
        return (known, isComplete)
    }

    private func hasAgreed(on interval: Interval) -> Bool {
        var (sum, size) = (0.0, 0.0)
        for device in group.working {
            guard let answer = group.clearings[device], answer.interval == interval, answer.isIdle else {
                return false
            }
            sum += answer.power
            size += abs(answer.power)
        }
        return abs(sum) <= 1e-6 * size + 1e-3
    }
}
