import Agents
import DistributedDispatch
import Grid
import Scheduling
import Simulator
import Timeline

/// The agent of one device in a process of its own: plans by R-ADMM and clears steps by a tree of bids with
/// other agents over MQTT. The hub of the plant tells it when, and what its device can do.
public final class LiveAgent {
    private let connection: MQTTConnection
    private let topics: Topics
    private let node: NodeID
    private let presence: [UInt8]
    private var planning: (runner: AgentRunner<RelaxedADMM>, task: PlanTask, settings: RelaxedADMM.Settings)?
    private var isPlanTold = true
    private var clearing: AgentRunner<ClearingAgent>?
    private var interval: Interval?
    private var hub: NodeID?
    private var told: ClearAnswer?
    private var sequence: UInt32 = 0
    private var isDone = false

    /// Connects the agent of `device` to a broker. Throws where there is none.
    public init(device: String, group: String, host: String, port: Int) throws(LiveError) {
        topics = Topics(group: group)
        // An agent that returns is a new node, of which nobody knows anything old.
        node = NodeID(Int(UInt32.random(in: 1..<UInt32.max)))
        presence =
            Message(sender: node, receiver: NodeID(0), sequence: 0, body: Presence(device: device))
            .bytes
        connection = try MQTTConnection(
            .init(host: host, port: port), id: "karst-\(group)-\(node.index)",
            topics: [topics.inbox(node), topics.call, topics.end],
            greeting: .init(topic: topics.here, bytes: presence),
            lastWill: .init(topic: topics.gone, bytes: presence))
    }

    /// Talks until the hub ends.
    public func run() {
        while !isDone {
            let idle = Clock.now + VirtualTime(seconds: 1)
            let next = [planning?.runner.next, clearing?.next].compactMap(\.self).min() ?? idle
            if let arrival = connection.next(until: min(next, idle)) { take(arrival) }
            let now = Clock.now
            if planning != nil { send(planning!.runner.wake(at: now)) }
            if clearing != nil { send(clearing!.wake(at: now)) }
            report()
        }
        connection.publish(presence, on: topics.gone, isSafe: true)
        connection.close()
    }

    private func send(_ letters: [(NodeID, [UInt8])]) {
        for (receiver, bytes) in letters {
            connection.publish(bytes, on: topics.inbox(receiver), isSafe: false)
        }
    }

    private func take(_ arrival: MQTTConnection.Arrival) {
        let now = Clock.now
        switch arrival.topic {
        case topics.end: isDone = true
        case topics.call: connection.publish(presence, on: topics.here, isSafe: true)
        default:
            if let message = Message<ClearingMessage>(bytes: arrival.bytes) {
                if clearing != nil { send(clearing!.receive(message, at: now)) }
            } else if let message = Message<ConsensusMessage>(bytes: arrival.bytes) {
                if planning != nil { send(planning!.runner.receive(message, at: now)) }
            } else if let message = Message<ClearTask>(bytes: arrival.bytes) {
                hub = message.sender
                clear(message.body, at: now)
            } else if let message = Message<PlanTask>(bytes: arrival.bytes) {
                hub = message.sender
                plan(message.body, at: now)
            }
        }
    }

    private func plan(_ task: PlanTask, at now: VirtualTime) {
        let settings = RelaxedADMM.Settings(
            tick: VirtualTime(nanoseconds: task.tick), ticks: Int(task.ticks), penalty: task.penalty,
            smoothing: ConsensusDispatcher.smoothing, slackTimeout: Int(task.slackTimeout))
        if planning?.settings != settings {
            let agent = RelaxedADMM(
                node: node, device: task.offer.device, isSlack: task.offer.role == .connection,
                settings: settings)
            planning = (AgentRunner(agent, at: node), task, settings)
        }
        planning!.task = task
        planning!.runner.agent.expected = task.expected.map { EnergyCost($0) }
        planning!.runner.agent.demand = task.demand.map { Power($0) }
        planning!.runner.agent.demandCharge = task.charge
        planning!.runner.agent.end = task.end
        isPlanTold = false
        let round = VirtualTime(nanoseconds: task.tick * Int64(task.ticks))
        send(
            planning!.runner.begin(
                Observation(
                    interval: task.offer.horizon[0], deadline: now + round, ahead: task.offer,
                    neighbours: task.neighbours), at: now))
    }

    private func clear(_ task: ClearTask, at now: VirtualTime) {
        if clearing == nil {
            let settings = ClearingAgent.Settings(
                tick: VirtualTime(nanoseconds: task.tick), timeout: Int(task.timeout))
            clearing = AgentRunner(
                ClearingAgent(
                    node: node, device: DeviceID(0), rank: task.isSlack ? 0 : nil, settings: settings),
                at: node)
        }
        clearing!.agent.bid = task.bid
        (interval, told) = (task.interval, nil)
        send(
            clearing!.begin(
                Observation(
                    interval: task.interval, deadline: now + VirtualTime(nanoseconds: task.allowed),
                    neighbours: task.neighbours, island: task.group), at: now))
    }

    /// Tells the hub what is new.
    private func report() {
        guard let hub else { return }
        func tell(_ body: some CodedPayload) {
            let message = Message(sender: node, receiver: hub, sequence: sequence, body: body)
            sequence &+= 1
            connection.publish(message.bytes, on: topics.hub, isSafe: true)
        }
        if let planning, !isPlanTold, planning.runner.next == nil {
            isPlanTold = true
            let start = planning.task.offer.horizon.start.secondsSinceEpoch
            tell(PlanAnswer(planning.runner.agent, horizon: start))
        }
        guard let interval, let agent = clearing?.agent, let settled = agent.clearing, let power = agent.power
        else { return }
        let answer = ClearAnswer(interval: interval, clearing: settled, power: power, isIdle: agent.isIdle)
        guard answer != told else { return }
        told = answer
        tell(answer)
    }
}
