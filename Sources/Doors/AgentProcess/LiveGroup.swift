import Agents
import Scheduling
import Timeline

/// The hub's view of its agents: who is there, and what they answer. One thread uses it.
final class LiveGroup: @unchecked Sendable {
    private let connection: MQTTConnection
    private let topics: Topics
    private let names: [String]
    private let node = NodeID(Int(UInt32.random(in: 1..<UInt32.max)))
    private var sequence: UInt32 = 0
    /// The agent of each device; nil: there is none.
    private(set) var members: [NodeID?]
    /// Who got the last task.
    private var asked: [NodeID?]
    /// When each was last heard, and when all were called last.
    private var heard: [VirtualTime]
    private var called: VirtualTime?
    /// Rises whenever an agent comes or goes.
    private(set) var change: UInt32 = 0
    private(set) var plans: [Int: PlanAnswer] = [:]
    private(set) var clearings: [Int: ClearAnswer] = [:]
    /// Told of every agent that comes or goes, by the name of its device.
    private let onChange: (_ device: String, _ isThere: Bool) -> Void

    init(
        devices names: [String], group: String, broker: MQTTConnection.Broker,
        onChange: @escaping (_ device: String, _ isThere: Bool) -> Void
    ) throws(LiveError) {
        self.names = names
        self.onChange = onChange
        topics = Topics(group: group)
        members = names.map { _ in nil }
        asked = members
        heard = names.map { _ in .zero }
        connection = try MQTTConnection(
            broker, id: "karst-\(group)-hub-\(node.index)", topics: [topics.hub, topics.here, topics.gone],
            greeting: .init(topic: topics.call, bytes: []), lastWill: .init(topic: topics.end, bytes: []))
    }

    /// Ends the agents and the connection.
    func end() {
        connection.publish([], on: topics.end, isSafe: true)
        connection.close()
    }

    /// Devices whose agent got the last task, and is still there.
    var working: [Int] { members.indices.filter { members[$0] != nil && asked[$0] == members[$0] } }

    /// Devices that have an agent.
    var present: [Int] { members.indices.filter { members[$0] != nil } }

    /// Gives the agent of a device a task.
    func send(_ task: some CodedPayload, to device: Int) {
        asked[device] = members[device]
        guard let member = members[device] else { return }
        let message = Message(sender: node, receiver: member, sequence: sequence, body: task)
        sequence &+= 1
        connection.publish(message.bytes, on: topics.inbox(member), isSafe: true)
    }

    /// Takes what arrives until `end`, or until `isDone`. Returns whether it was done.
    @discardableResult
    func listen(until end: VirtualTime, isDone: () -> Bool = { false }) -> Bool {
        while !isDone() {
            guard let arrival = connection.next(until: end) else { return false }
            take(arrival)
        }
        return true
    }

    /// Asks all agents whether they are there.
    func call() {
        called = Clock.now
        connection.publish([], on: topics.call, isSafe: true)
    }

    /// Takes agents as gone that have not answered the last call: a broker may lose the last will of one.
    func dropSilent(after seconds: Double) {
        guard let called else { return }
        listen(until: called + VirtualTime(seconds: seconds)) { present.allSatisfy { heard[$0] >= called } }
        for device in present where heard[device] < called { set(nil, for: device) }
        self.called = nil
    }

    func forgetPlans() { plans = [:] }
    func forgetClearings() { clearings = [:] }

    private func take(_ arrival: MQTTConnection.Arrival) {
        if arrival.topic == topics.hub {
            if let message = Message<ClearAnswer>(bytes: arrival.bytes), let device = device(message.sender) {
                clearings[device] = message.body
            } else if let message = Message<PlanAnswer>(bytes: arrival.bytes),
                let device = device(message.sender)
            {
                plans[device] = message.body
            }
            return
        }
        guard let message = Message<Presence>(bytes: arrival.bytes),
            let device = names.firstIndex(of: message.body.device)
        else { return }
        let isThere = arrival.topic == topics.here
        // Of two agents of one device the later one counts; what is told of the other is old.
        if isThere { heard[device] = Clock.now }
        guard isThere ? members[device] != message.sender : members[device] == message.sender else { return }
        set(isThere ? message.sender : nil, for: device)
    }

    private func set(_ member: NodeID?, for device: Int) {
        members[device] = member
        change += 1
        (plans[device], clearings[device]) = (nil, nil)
        onChange(names[device], member != nil)
    }

    /// The device of an agent that has told something.
    private func device(_ sender: NodeID) -> Int? {
        let device = members.firstIndex(of: sender)
        if let device { heard[device] = Clock.now }
        return device
    }

    /// The other agents with which that of a device talks: all, or `degree` next in a ring of all by place
    /// where there are more.
    func neighbours(of device: Int, degree: Int) -> [NodeID] {
        let there = present
        guard there.count > degree + 1, let place = there.firstIndex(of: device) else {
            return there.filter { $0 != device }.compactMap { members[$0] }.sorted()
        }
        let reach = (1...max(degree / 2, 1)).flatMap { [place + $0, place + there.count - $0] }
        return reach.compactMap { members[there[$0 % there.count]] }.sorted()
    }
}
