public import Agents

/// Agents that send each other messages over a communication network, in virtual time.
///
/// ```swift
/// let network = CommunicationNetwork.ring(nodes: 3, link: Link(latency: VirtualTime(seconds: 0.04)))
/// var conversation = Conversation(agents: [Echo(), Echo(), Echo()], network: network, seed: 1)
/// conversation.act(NodeID(0), at: .zero) { _, outbox in outbox.send(Text("hello"), to: NodeID(1)) }
/// conversation.run(until: VirtualTime(seconds: 1))
/// print(conversation[NodeID(0)].heard, conversation.traffic.delivered.messages)  // ["hello"] 2
/// ```
///
/// Events happen in order of (time, link, number of the message on its link); timers after all messages of
/// their time. What becomes of a message depends on the seed, the two ends of its link and its number on the
/// link, and for queues and order on the messages before it on the same link; on nothing else.
///
/// A message is lost where its link is down when it enters it or when it arrives, where the node that it is
/// for is not up when it arrives, and where a node that should relay it is absent or has no path left.
/// Paths change at once when links do.
public struct Conversation<A: Agent> {
    /// Nodes, links and their properties.
    public internal(set) var network: CommunicationNetwork
    /// Message counts since the start.
    public var traffic: Traffic { count }
    @usableFromInline var count = Traffic()
    @usableFromInline var agents: [A]
    @usableFromInline var nodes: [NodeRecord]
    @usableFromInline var links: [LinkState]
    /// Number of links that are down.
    @usableFromInline var downLinks = 0
    @usableFromInline var laws: [LinkLaw]
    @usableFromInline var routes: Routes
    @usableFromInline var wheel: EventWheel
    /// Messages under way, and the places among them that are free.
    @usableFromInline var messages: [Message<A.Body>] = []
    @usableFromInline var free: [UInt32] = []
    @usableFromInline var outbox = Outbox<A.Body>()

    /// Creates a conversation: agent i is at node i. Preconditions: no more agents than nodes.
    public init(agents: [A], network: CommunicationNetwork, seed: UInt64) {
        precondition(agents.count <= network.nodes)
        self.agents = agents
        self.network = network
        nodes = Array(repeating: NodeRecord(), count: network.nodes)
        links = network.edges.map {
            LinkState(
                from: UInt32($0.from.index), to: UInt32($0.to.index), law: UInt16($0.law), seed: seed)
        }
        laws = network.laws.map { LinkLaw($0) }
        routes = Routes(nodes: network.nodes)
        let reach = laws.reduce(0) { max($0, $1.reach) }
        wheel = EventWheel(size: min(max(network.edges.count / 4, 1024), 1 << 16), reach: reach)
    }

    /// The agent of a node.
    @inlinable
    public subscript(node: NodeID) -> A {
        _read { yield agents[node.index] }
        _modify { yield &agents[node.index] }
    }

    /// Begins a step at `now`: every agent that is up and has an observation begins it, in order of nodes.
    /// Everything that was to happen by `now` must have happened (`run`).
    @inlinable
    public mutating func begin(_ seen: [Observation?], at now: VirtualTime) {
        wheel.skip(to: now.nanoseconds)
        for node in seen.indices {
            // Looked at in place: a copy of an observation counts references.
            guard seen[node] != nil, nodes[node].isUp else { continue }
            nodes[node].epoch = seen[node]!.island
            agents[node].begin(seen[node]!, at: now, &outbox)
            empty(from: node, at: now.nanoseconds)
        }
    }

    /// Lets the agent of a node act at `now`, outside of any event, unless it is not up.
    @inlinable
    public mutating func act(
        _ node: NodeID, at now: VirtualTime, _ action: (inout A, inout Outbox<A.Body>) -> Void
    ) {
        guard nodes[node.index].isUp else { return }
        wheel.skip(to: now.nanoseconds)
        action(&agents[node.index], &outbox)
        empty(from: node.index, at: now.nanoseconds)
    }

    /// Delivers all messages that arrive, and fires all timers, up to and including `deadline`.
    @inlinable
    public mutating func run(until deadline: VirtualTime) {
        while let event = wheel.pop(by: deadline.nanoseconds) {
            if event.isTimer {
                fire(event)
            } else {
                arrive(event)
            }
        }
        precondition(count.underWay.messages == messages.count - free.count, "a message came twice")
    }

    @inlinable
    mutating func fire(_ event: Event) {
        let node = Int(event.node)
        guard nodes[node].isUp, nodes[node].crashes == event.content else { return }
        agents[node].wake(at: VirtualTime(nanoseconds: event.time), &outbox)
        empty(from: node, at: event.time)
    }

    @inlinable
    mutating func arrive(_ event: Event) {
        let place = Int(event.content)
        let node = Int(event.node)
        // A link that is up need not be looked at.
        if downLinks > 0, !links[Int(event.source)].isUp { return lose(place) }
        let receiver = messages[place].receiver.index
        guard node == receiver else { return relay(place, from: node, at: event.time) }
        guard nodes[node].isUp, node < agents.count else { return lose(place) }
        count.delivered.add(messages[place].body.byteCount)
        free.append(event.content)
        agents[node].receive(messages[place], at: VirtualTime(nanoseconds: event.time), &outbox)
        empty(from: node, at: event.time)
    }

    /// Sends what an agent put into the outbox.
    @inlinable
    mutating func empty(from node: Int, at now: Int64) {
        guard !outbox.isEmpty else { return }
        var record = nodes[node]
        for index in 0..<outbox.letterCount {
            let letter = outbox.letter(index)
            let message = Message(
                sender: NodeID(node), receiver: letter.receiver, epoch: record.epoch,
                sequence: record.sent, body: letter.body)
            record.sent &+= 1
            count.sent.add(message.body.byteCount)
            let place = store(message)
            if let link = network.link(from: message.sender, to: message.receiver), links[link].isUp {
                transmit(place, on: link, at: now)
            } else {
                route(place, from: node, at: now)
            }
        }
        for index in 0..<outbox.timerCount {
            wheel.push(
                Event(
                    time: max(outbox.timer(index).nanoseconds, now), source: UInt32(node) | Event.timer,
                    sequence: record.timers, content: record.crashes, node: UInt32(node)))
            record.timers &+= 1
        }
        nodes[node] = record
        outbox.removeAll()
    }

    @inlinable
    mutating func store(_ message: Message<A.Body>) -> Int {
        if let place = free.popLast() {
            messages[Int(place)] = message
            return Int(place)
        }
        messages.append(message)
        return messages.count - 1
    }

    @inlinable
    mutating func lose(_ place: Int) {
        count.lost.add(messages[place].body.byteCount)
        free.append(UInt32(place))
    }

    /// Puts the message at `place` on a link.
    @inlinable
    mutating func transmit(_ place: Int, on link: Int, at now: Int64) {
        let bytes = messages[place].body.byteCount
        let (number, to) = (links[link].sequence, links[link].to)
        switch links[link].carry(bytes, at: now, by: laws[Int(links[link].law)]) {
        case .lost: lose(place)
        case .dropped:
            count.dropped.add(bytes)
            free.append(UInt32(place))
        case .arrives(let time, let again):
            wheel.push(
                Event(
                    time: time, source: UInt32(link), sequence: number, content: UInt32(place), node: to))
            guard again >= 0 else { return }
            count.duplicated.add(bytes)
            let copy = store(messages[place])
            wheel.push(
                Event(
                    time: again, source: UInt32(link), sequence: number, content: UInt32(copy), node: to))
        }
    }
}

extension Conversation: Sendable where A: Sendable {}
