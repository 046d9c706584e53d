import Agents
import Scheduling
import TestSupport
import Timeline

/// Agents and the messages between them, in ticks of one second: each message is lost or comes after a number
/// of ticks, both drawn.
struct TickNetwork<A: Agent> {
    var agents: [A]
    let neighbours: [[Int]]
    let loss: Double
    let delay: ClosedRange<Int>
    /// Fraction of messages that come twice.
    var doubling = 0.0
    /// Island of each agent.
    var islands: [UInt32]
    /// Agents that are down: they neither receive nor send.
    var down: Set<Int> = []
    private(set) var tick = 0
    private(set) var sent = 0
    private var random: SplitMix64
    private var letters: [Int: [Message<A.Body>]] = [:]
    private var timers: [Int: [Int]] = [:]
    private var sequence: [UInt32]

    init(_ agents: [A], neighbours: [[Int]], loss: Double = 0, delay: ClosedRange<Int> = 1...1, seed: UInt64)
    {
        self.agents = agents
        self.neighbours = neighbours
        self.loss = loss
        self.delay = delay
        random = SplitMix64(seed: seed)
        sequence = agents.map { _ in 0 }
        islands = sequence
    }

    static func time(_ tick: Int) -> VirtualTime { VirtualTime(seconds: Double(tick)) }

    /// Begins a step, at this tick, for all that are up; returns the step.
    @discardableResult
    mutating func begin(ticks: Int, ahead: [Offer?] = []) -> Interval {
        let interval = Interval(start: Instant(secondsSinceEpoch: 900 * (Int64(tick) + 1)), seconds: 900)
        for index in agents.indices where !down.contains(index) {
            var outbox = Outbox<A.Body>()
            let seen = Observation(
                interval: interval, deadline: Self.time(tick + ticks),
                ahead: ahead.isEmpty ? nil : ahead[index],
                neighbours: neighbours[index].map { NodeID($0) }, island: islands[index])
            agents[index].begin(seen, at: Self.time(tick), &outbox)
            post(outbox, from: index)
        }
        return interval
    }

    /// Goes on by one tick.
    mutating func advance() {
        tick += 1
        for message in letters.removeValue(forKey: tick) ?? [] {
            let index = message.receiver.index
            guard !down.contains(index) else { continue }
            var outbox = Outbox<A.Body>()
            agents[index].receive(message, at: Self.time(tick), &outbox)
            post(outbox, from: index)
        }
        for index in timers.removeValue(forKey: tick) ?? [] where !down.contains(index) {
            var outbox = Outbox<A.Body>()
            agents[index].wake(at: Self.time(tick), &outbox)
            post(outbox, from: index)
        }
    }

    private mutating func post(_ outbox: Outbox<A.Body>, from sender: Int) {
        for letter in outbox.letters {
            sent += 1
            sequence[sender] += 1
            let late = random.whole(delay.lowerBound..<delay.upperBound + 1)
            guard random.uniform() >= loss else { continue }
            let message = Message(
                sender: NodeID(sender), receiver: letter.receiver, epoch: islands[sender],
                sequence: sequence[sender],
                body: letter.body)
            letters[tick + late, default: []].append(message)
            if doubling > 0, random.uniform() < doubling {
                letters[tick + late + random.whole(0..<30), default: []].append(message)
            }
        }
        for timer in outbox.timers {
            timers[Int(timer.nanoseconds / 1_000_000_000), default: []].append(sender)
        }
    }
}

/// Graphs for tests, as lists of neighbours.
enum Graph {
    /// Each node joins one before it.
    static func tree(_ count: Int, _ random: inout SplitMix64) -> [[Int]] {
        var neighbours = Array(repeating: [Int](), count: count)
        for node in 1..<max(count, 1) {
            let parent = random.whole(0..<node)
            neighbours[node].append(parent)
            neighbours[parent].append(node)
        }
        return neighbours
    }

    /// Two random rings through all nodes: four neighbours each, or fewer where the rings meet.
    static func overlay(_ count: Int, _ random: inout SplitMix64) -> [[Int]] {
        var neighbours = Array(repeating: Set<Int>(), count: count)
        for _ in 0..<2 {
            let ring = (0..<count).shuffled(using: &random)
            for place in ring.indices {
                let (a, b) = (ring[place], ring[(place + 1) % count])
                neighbours[a].insert(b)
                neighbours[b].insert(a)
            }
        }
        return neighbours.map { $0.sorted() }
    }
}
