public import Agents
import Grid
public import Scheduling
public import Timeline

/// An agent that tells its neighbours all offers it has heard, so that after a while all know all.
///
/// In each tick of a round it sends every neighbour a message: which version of each agent's offers it knows,
/// and the offers of which the neighbour has not yet said that it knows them as new. So what is lost is said
/// again, and what is known costs 8 bytes. A version is the begin of the offers' horizon: an agent that lost
/// its state needs no count. Messages that come after the round count in the next.
public struct OfferGossip: Agent {
    private let node: NodeID
    private let tick: VirtualTime
    private let ticks: Int
    /// What its devices could do, one or more offers over one horizon. To be set before a round begins.
    public var own: [Offer] = []
    /// Newest offers heard of each agent, its own among them; empty where none were.
    public private(set) var known: [[Offer]]
    private var neighbours: [NodeID] = []
    /// What each neighbour knows by its own newest message, and the number of that message.
    private var heard: [NodeID: (sequence: UInt32, versions: [Int64])] = [:]
    /// Ticks of this round that are left.
    private var left = 0

    /// Creates the agent of `node` among as many `agents`, which speaks `ticks` times in a round.
    public init(node: NodeID, agents: Int, tick: VirtualTime, ticks: Int) {
        precondition(node.index < agents && ticks > 0 && tick > .zero)
        self.node = node
        self.tick = tick
        self.ticks = ticks
        known = Array(repeating: [], count: agents)
    }

    /// Version of the offers of each agent that it knows. Who has the same view knows the same offers.
    public var view: [Int64] {
        known.map { $0.first?.horizon.start.secondsSinceEpoch ?? OfferMessage.never }
    }

    /// Begins a round of `own` offers.
    public mutating func begin(
        _ seen: Observation, at now: VirtualTime, _ outbox: inout Outbox<OfferMessage>
    ) {
        known[node.index] = own
        neighbours = seen.neighbours
        left = ticks
        speak(at: now, &outbox)
    }

    /// Takes offers that are newer than those it knows.
    public mutating func receive(
        _ message: Message<OfferMessage>, at now: VirtualTime, _ outbox: inout Outbox<OfferMessage>
    ) {
        guard message.body.versions.count == known.count else { return }
        if heard[message.sender].map({ message.sequence > $0.sequence }) ?? true {
            heard[message.sender] = (message.sequence, message.body.versions)
        }
        for news in message.body.news where news.agent != node {
            guard let new = news.offers.first?.horizon.start else { continue }
            if let old = known[news.agent.index].first?.horizon.start, old >= new { continue }
            known[news.agent.index] = news.offers
        }
    }

    /// Speaks again.
    public mutating func wake(at now: VirtualTime, _ outbox: inout Outbox<OfferMessage>) {
        speak(at: now, &outbox)
    }

    /// Forgets all offers.
    public mutating func forget() {
        for agent in known.indices { known[agent] = [] }
        heard = [:]
        left = 0
    }

    /// None: setpoints are agreed on elsewhere.
    public func decision(for interval: Interval) -> Setpoint? { nil }

    private mutating func speak(at now: VirtualTime, _ outbox: inout Outbox<OfferMessage>) {
        guard left > 0 else { return }
        left -= 1
        let view = view
        for neighbour in neighbours {
            let theirs = heard[neighbour]?.versions
            let news = view.indices.compactMap { agent in
                view[agent] > theirs?[agent] ?? OfferMessage.never
                    ? OfferMessage.News(agent: NodeID(agent), offers: known[agent]) : nil
            }
            outbox.send(OfferMessage(versions: view, news: news), to: neighbour)
        }
        if left > 0 { outbox.wake(at: now + tick) }
    }
}
