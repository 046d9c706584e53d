import Agents
import DispatchSamples
import Scheduling
import Timeline

// Methods of the literature by which agents agree on a price, to compare R-ADMM and the tree of bids with.
// Each agent has a unit with cost b·p + ½·a·p² and a demand d, and is woken once a tick.

/// What a method does; `PriceAgent` gives it a clock.
protocol PriceMethod: Sendable {
    associatedtype Body: Payload
    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int)
    /// Power of its unit.
    var power: Double { get }
    mutating func hear(_ body: Body, from place: Int)
    /// One tick: what it tells each neighbour; nil: nothing.
    mutating func tick() -> Body?
}

/// Numbers that a neighbour is told.
struct Numbers: Payload {
    var values: SIMD4<Double>
    var count: Int
    /// A header and the numbers.
    var byteCount: Int { messageHeaderBytes + 8 * count }

    init(_ values: Double...) {
        self.values = .zero
        count = values.count
        for (place, value) in values.enumerated() { self.values[place] = value }
    }
}

/// An agent with a method. Of each neighbour it hears only what is newer than the last.
struct PriceAgent<Method: PriceMethod>: Agent {
    private(set) var method: Method
    private let neighbours: [NodeID]
    private var newest: [UInt32?]
    /// Time between two ticks.
    static var interval: VirtualTime { VirtualTime(seconds: 1) }

    init(_ member: QuadraticMarket.Member, node: NodeID, neighbours: [NodeID], nodes: Int) {
        method = Method(member, node: node, neighbours: neighbours, nodes: nodes)
        self.neighbours = neighbours
        newest = Array(repeating: nil, count: neighbours.count)
    }

    mutating func begin(_ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<Method.Body>) {
        wake(at: now, &outbox)
    }

    mutating func receive(
        _ message: Message<Method.Body>, at now: VirtualTime, _ outbox: inout Outbox<Method.Body>
    ) {
        guard let place = neighbours.firstIndex(of: message.sender),
            newest[place].map({ message.sequence > $0 }) ?? true
        else { return }
        newest[place] = message.sequence
        method.hear(message.body, from: place)
    }

    mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<Method.Body>) {
        if let body = method.tick() { for node in neighbours { outbox.send(body, to: node) } }
        outbox.wake(at: now + Self.interval)
    }

    mutating func forget() {}
    func decision(for interval: Interval) -> Setpoint? { nil }
}
