import Events
import Grid
import Market
import Messaging
import Planning
import Scheduling
import Timeline

/// Messages between agents and controller over the channel, on its virtual clock: offers when a plan is due,
/// measurements and setpoints in every step.
///
///     begin ── offers, measurements ──▶ half the deadline: decision ── setpoints ──▶ deadline: in force
///
/// A message that arrives later counts in later steps.
struct Conversation {
    private var channel: Channel
    private var agents: [Agent]
    private var controller: Controller
    private let communication: Communication
    private let connection: Int
    private let stepSeconds: Int
    private var counted = Channel.Count()
    /// What events change in the present step.
    private var disturbance = Disturbance()
    private var isDisturbed = false

    /// Result of one step.
    struct Outcome {
        /// Setpoints that the controller sent.
        var sent: [Setpoint?]
        /// Setpoints that the devices follow.
        var inForce: [Setpoint?]
        var plan: Plan?
        /// What was decided for the step; nil where the plan's powers are followed.
        var decision: StepDecision?
        var summary: Record.Conversation
    }

    init(_ scenario: Scenario) {
        communication = scenario.communication
        connection = scenario.connection
        stepSeconds = scenario.horizon.step
        channel = Channel(link: communication.link, seed: scenario.seed)
        let centre = NodeID(scenario.devices.count)
        agents = scenario.devices.indices.map {
            Agent(device: DeviceID($0), controller: centre, hold: scenario.communication.hold)
        }
        controller = Controller(
            PlantMap(scenario), scenario.planning, hold: scenario.communication.hold, seed: scenario.seed)
    }

    /// Exchanges the messages of one step. `offers` are new ones to be planned over `horizon`, empty when no
    /// plan is due; `measurements` are those of the step to be cleared, empty where none is.
    mutating func hold(
        at step: Int, of interval: Interval, offers: [Offer], horizon: Horizon,
        measurements: [Measurement], under disturbance: Disturbance, onStage: (Stage) -> Void
    ) -> Outcome {
        self.disturbance = disturbance
        isDisturbed = disturbance.touchesMessages
        forgetCrashed()
        let begin = VirtualTime(nanoseconds: Int64(step) * Int64(stepSeconds) * 1_000_000_000)
        var decision = begin
        var plan: Plan?
        deliver(by: begin)
        if step == 0 { controller.commission(offers) }
        for offer in offers {
            // An agent says so before its device leaves.
            if disturbance.agents[offer.device.index] == .absent { controller.commission([offer]) }
            send(agents[offer.device.index].message(with: offer), at: begin)
        }
        for measurement in measurements {
            send(agents[measurement.device.index].message(with: measurement), at: begin)
        }
        if !offers.isEmpty || !measurements.isEmpty {
            decision = begin + VirtualTime(seconds: communication.deadline / 2)
            deliver(by: decision)
        }
        onStage(.messages)
        if !offers.isEmpty {
            plan = controller.replan(over: horizon)
            onStage(.dispatch)
        }
        var outcome = Outcome(
            sent: Array(repeating: nil, count: agents.count), inForce: [], plan: plan, summary: .init())
        let setpoints = controller.setpoints(for: interval)
        outcome.decision = controller.decision
        onStage(.clearing)
        for message in setpoints {
            if case .setpoint(let setpoint) = message.body {
                outcome.sent[setpoint.device.index] = setpoint
            }
            send(message, at: decision)
        }
        deliver(by: begin + VirtualTime(seconds: communication.deadline))
        settle(interval, into: &outcome)
        onStage(.messages)
        return outcome
    }

    /// The controller reads the meter of the grid connection.
    mutating func read(_ imported: WattHours, over interval: Interval) {
        controller.read(imported, over: interval)
    }

    /// Sends over the link of the device, as events leave it; between parted nodes nothing passes.
    private mutating func send(_ message: Message, at time: VirtualTime) {
        guard isDisturbed else { return channel.send(message, at: time) }
        guard disturbance.joins(message.sender.index, message.receiver.index) else { return channel.lose() }
        let change = disturbance.links[min(message.sender.index, message.receiver.index)]
        channel.send(message, at: time, over: change.map { communication.link.changed(by: $0) })
    }

    /// Agents that have crashed with their state know nothing.
    private mutating func forgetCrashed() {
        for (index, state) in disturbance.agents where state == .crashed(keepsState: false) {
            agents[index].forget()
        }
    }

    private mutating func deliver(by deadline: VirtualTime) {
        while let (_, message) = channel.receive(by: deadline) {
            guard !isDisturbed || disturbance.joins(message.sender.index, message.receiver.index) else {
                channel.drop()
                continue
            }
            if message.receiver.index < agents.count {
                agents[message.receiver.index].receive(message)
            } else {
                controller.receive(message)
            }
        }
    }

    private mutating func settle(_ interval: Interval, into outcome: inout Outcome) {
        let inForce = agents.map { $0.setpoint(in: interval) }
        outcome.inForce = inForce
        for (index, setpoint) in inForce.enumerated() where index != connection {
            if setpoint == nil {
                outcome.summary.fallback += 1
            } else if setpoint?.interval != interval {
                outcome.summary.held += 1
            }
        }
        outcome.summary.messages = channel.count - counted
        counted = channel.count
    }
}

extension Link {
    /// The same link with the loss and latency of an event.
    fileprivate func changed(by change: Disturbance.LinkChange) -> Link {
        Link(
            latency: change.latency.map { VirtualTime(seconds: $0) } ?? latency, jitter: jitter,
            loss: change.loss ?? loss)
    }
}
