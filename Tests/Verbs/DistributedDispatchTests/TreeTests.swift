import Agents
import DistributedDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("Trees that form themselves")
struct TreeTests {
    typealias Clearing = ClearingAgentTests

    /// Agents of an overlay, the network's loss and delay, and the ticks that a clearing may take.
    struct Situation: CustomTestStringConvertible {
        let agents: Int
        let loss: Double
        let delay: ClosedRange<Int>
        let timeout, ticks: Int

        var testDescription: String { "\(agents) agents, \(Int(100 * loss)) % lost, delay \(delay)" }
        /// Ticks until a network is right again when a tenth has crashed.
        var repair: Int { loss > 0 ? (delay.upperBound > 1 ? 583 : 241) : 82 }

        static let all = [
            Situation(agents: 13, loss: 0, delay: 1...1, timeout: 12, ticks: 7),
            Situation(agents: 44, loss: 0, delay: 1...1, timeout: 12, ticks: 12),
            Situation(agents: 100, loss: 0, delay: 1...1, timeout: 12, ticks: 12),
            Situation(agents: 100, loss: 0.3, delay: 1...1, timeout: 20, ticks: 30),
            Situation(agents: 13, loss: 0.3, delay: 1...5, timeout: 40, ticks: 24),
            Situation(agents: 44, loss: 0.3, delay: 1...5, timeout: 40, ticks: 41),
            Situation(agents: 100, loss: 0.3, delay: 1...5, timeout: 40, ticks: 50),
        ]
    }

    static func network(_ situation: Situation, seed: UInt64) -> TickNetwork<ClearingAgent> {
        var random = SplitMix64(seed: seed)
        let neighbours = Graph.overlay(situation.agents, &random)
        return Clearing.network(
            neighbours, &random, loss: situation.loss, delay: situation.delay, timeout: situation.timeout)
    }

    @Test("a tree that stands clears within so many ticks", arguments: Situation.all)
    func ticks(_ situation: Situation) {
        for seed in 0..<2 as Range<UInt64> {
            var network = Self.network(situation, seed: seed)
            network.begin(ticks: 80)
            #expect(Clearing.settle(&network, within: 80) != nil, "from nothing")
            network.begin(ticks: 80)
            #expect(Clearing.settle(&network, within: situation.ticks) != nil)
        }
    }

    @Test("a tenth crashes, the slack too: the others find the next slack", arguments: Situation.all)
    func crash(_ situation: Situation) {
        var network = Self.network(situation, seed: 5)
        // The second slack.
        network.agents[1] = Self.slack(1, rank: 1, situation)
        Clearing.run(&network, ticks: 60)
        #expect(network.agents[1].parent != nil)
        network.down = Set([0] + (0..<max(situation.agents / 10, 1)).map { 2 + $0 * 10 })
        network.begin(ticks: 600)
        #expect(Clearing.settle(&network, within: situation.repair) != nil)
        #expect(network.agents[1].parent == nil && network.agents[1].hasRoot)
        // They come back and know nothing.
        for node in network.down {
            let bid = network.agents[node].bid
            network.agents[node].forget()
            network.agents[node].bid = bid
        }
        network.down = []
        network.begin(ticks: 600)
        #expect(Clearing.settle(&network, within: situation.repair) != nil)
        #expect(network.agents[0].parent == nil && network.agents[1].parent != nil)
    }

    static func slack(_ node: Int, rank: UInt16, _ situation: Situation) -> ClearingAgent {
        var agent = ClearingAgent(
            node: NodeID(node), device: DeviceID(node), rank: rank,
            settings: ClearingAgent.Settings(
                tick: VirtualTime(seconds: 1), timeout: situation.timeout))
        agent.bid = DrawnBid.connection(100 * Double(situation.agents), buys: 2, sells: 0.01)
        return agent
    }

    @Test("without a slack nobody acts, and who is cut off from it stops")
    func noSlack() {
        let situation = Situation.all[1]
        var network = Self.network(situation, seed: 1)
        network.down = [0]
        Clearing.run(&network, ticks: 60)
        #expect(network.agents.allSatisfy { $0.power == nil && !$0.hasRoot })
        network.down = []
        Clearing.run(&network, ticks: 60)
        #expect(network.agents.allSatisfy { $0.power != nil })
        network.down = Set([0] + network.neighbours[0])
        Clearing.run(&network, ticks: 60)
        let interval = network.begin(ticks: 60)
        for _ in 0..<60 { network.advance() }
        let up = network.agents.indices.filter { !network.down.contains($0) }
        #expect(up.allSatisfy { network.agents[$0].decision(for: interval) == nil })
        #expect(up.allSatisfy { !network.agents[$0].hasRoot })
    }

    @Test("two islands clear each by itself, although their agents hear each other")
    func islands() {
        var random = SplitMix64(seed: 2)
        // Two rings of ten, each node joined to its like in the other.
        let neighbours = (0..<20).map { node -> [Int] in
            let (base, place) = (node / 10 * 10, node % 10)
            return [base + (place + 1) % 10, base + (place + 9) % 10, (node + 10) % 20].sorted()
        }
        var network = Clearing.network(neighbours, &random)
        network.agents[10] = Self.slack(10, rank: 0, Situation.all[1])
        network.islands = (0..<20).map { $0 < 10 ? 1 : 2 }
        Clearing.run(&network, ticks: 60)
        for island in [0..<10, 10..<20] {
            let sum = island.reduce(0) { $0 + (network.agents[$1].power?.value ?? .nan) }
            #expect(near(sum, 0, absolute: 1e-3))
            #expect(island.dropFirst().allSatisfy { island.contains(network.agents[$0].parent?.index ?? -1) })
        }
    }

    @Test("messages of a step before change nothing, nor do doubled ones")
    func doubled() {
        var (a, b) = (SplitMix64(seed: 9), SplitMix64(seed: 9))
        var once = Clearing.network(Graph.overlay(20, &a), &a)
        var often = Clearing.network(Graph.overlay(20, &b), &b, delay: 1...9, timeout: 40)
        often.doubling = 0.5
        for _ in 0..<3 {
            Clearing.run(&once, ticks: 100)
            Clearing.run(&often, ticks: 100)
            for (x, y) in zip(once.agents, often.agents) {
                #expect(near(x.power?.value, y.power?.value ?? .nan, relative: 0, absolute: 1e-6))
            }
            for node in once.agents.indices.dropFirst() {
                let bid = DrawnBid.device(&a)
                once.agents[node].bid = bid
                often.agents[node].bid = bid
            }
        }
    }

    @Test("few points of a bid keep the balance and cost little more", arguments: 0..<8 as Range<UInt64>)
    func points(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let neighbours = Graph.tree(120, &random)
        var (a, b) = (random, random)
        var few = Clearing.network(neighbours, &a, points: 16)
        var all = Clearing.network(neighbours, &b)
        Clearing.run(&few, ticks: 200)
        Clearing.run(&all, ticks: 200)
        #expect(Clearing.isSettled(few))
        let (near, best) = (Self.cost(few), Self.cost(all))
        #expect(near >= best - 1e-9 * abs(best))
        #expect(near <= best + 1e-3 * abs(best))
    }

    static func cost(_ network: TickNetwork<ClearingAgent>) -> Double {
        network.agents.reduce(0) { $0 + BranchClearingTests.cost($1.bid!, $1.power!) }
    }
}
