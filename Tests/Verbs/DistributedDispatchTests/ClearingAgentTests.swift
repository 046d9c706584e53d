import Agents
import DistributedDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// Bids drawn at random, kW and yuan/kWh.
enum DrawnBid {
    static func price(_ yuan: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: yuan) }
    static func power(_ kilowatts: Double) -> Power { Power(kilowatts: kilowatts) }

    /// Sells and buys.
    static func connection(_ size: Double, buys: Double = 0.6, sells: Double = 0.3) -> BidCurve {
        BidCurve(from: power(-size)).adding(power(size), at: price(sells)).adding(
            power(size), at: price(buys))
    }

    /// A load, a source, a store or a quadratic cost.
    static func device(_ random: inout SplitMix64) -> BidCurve {
        let size = random.uniform(5...100)
        switch random.whole(0..<5) {
        case 0, 1: return BidCurve(from: power(-size)).adding(power(size), at: price(random.uniform(5...20)))
        case 2: return BidCurve(from: .zero).adding(power(size), at: price(random.uniform(0...1)))
        case 3:
            let worth = random.uniform(0.2...0.8)
            return BidCurve(from: power(-size)).adding(power(size), at: price(worth * 0.9))
                .adding(power(size), at: price(worth / 0.9))
        default:
            let (low, high) = (random.uniform(0...0.5), random.uniform(0.5...1))
            return BidCurve(points: [
                BidCurve.Point(price: price(low), power: power(-size / 4)),
                BidCurve.Point(price: price(high), power: power(size)),
            ])
        }
    }
}

@Suite("Clearing by a tree of bids")
struct ClearingAgentTests {
    /// Agents of a graph with the slack at node 0, and their bids.
    static func network(
        _ neighbours: [[Int]], _ random: inout SplitMix64, loss: Double = 0, delay: ClosedRange<Int> = 1...1,
        points: Int = .max, timeout: Int = 12, limits: [Int: [NodeID: ClosedRange<Power>]] = [:]
    ) -> TickNetwork<ClearingAgent> {
        let settings = ClearingAgent.Settings(
            tick: VirtualTime(seconds: 1), timeout: timeout, points: points)
        let size = 100 * Double(neighbours.count)
        let agents = neighbours.indices.map { node in
            var agent = ClearingAgent(
                node: NodeID(node), device: DeviceID(node), rank: node == 0 ? 0 : nil,
                limits: limits[node] ?? [:], settings: settings)
            agent.bid = node == 0 ? DrawnBid.connection(size) : DrawnBid.device(&random)
            return agent
        }
        return TickNetwork(
            agents, neighbours: neighbours, loss: loss, delay: delay, seed: random.next())
    }

    /// Ticks until all that are up have settled in balance; nil after `most`.
    static func settle(_ network: inout TickNetwork<ClearingAgent>, within most: Int) -> Int? {
        let begun = network.tick
        for _ in 0...most {
            if isSettled(network) { return network.tick - begun }
            network.advance()
        }
        return nil
    }

    static func isSettled(_ network: TickNetwork<ClearingAgent>) -> Bool {
        let up = network.agents.indices.filter { !network.down.contains($0) }
        guard up.allSatisfy({ network.agents[$0].power != nil }) else { return false }
        var (sum, demand) = (0.0, 0.0)
        for index in up {
            let power = network.agents[index].power!.value
            sum += power
            demand -= min(network.agents[index].bid!.least.value, 0)
        }
        return abs(sum) <= 1e-9 * demand
    }

    /// Runs a step of a network whose tree has formed.
    static func run(_ network: inout TickNetwork<ClearingAgent>, ticks: Int = 300) {
        network.begin(ticks: ticks)
        for _ in 0..<ticks { network.advance() }
    }

    @Test("any tree settles as one sorted merit order", arguments: 0..<60 as Range<UInt64>)
    func meritOrder(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var network = Self.network(Graph.tree(random.whole(1..<40), &random), &random)
        Self.run(&network, ticks: 100)
        let bids = network.agents.map { $0.bid! }
        let merit = BidCurve.clearing(of: bids, giving: .zero)
        for (agent, bid) in zip(network.agents, bids) {
            #expect(near(agent.power?.value, bid.power(at: merit).value, relative: 0, absolute: 1e-5))
            #expect(near(agent.clearing?.price.value, merit.price.value, relative: 1e-9, absolute: 0))
        }
        #expect(Self.isSettled(network))
    }

    @Test("branches without end change no bit", arguments: 0..<10 as Range<UInt64>)
    func endless(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let neighbours = Graph.tree(20, &random)
        let wide = Power(-1e12)...Power(1e12)
        let limits = Dictionary(
            uniqueKeysWithValues: neighbours.indices.map { node in
                (node, Dictionary(uniqueKeysWithValues: neighbours[node].map { (NodeID($0), wide) }))
            })
        var (a, b) = (random, random)
        var free = Self.network(neighbours, &a)
        var clipped = Self.network(neighbours, &b, limits: limits)
        Self.run(&free, ticks: 80)
        Self.run(&clipped, ticks: 80)
        #expect(free.agents.map(\.power) == clipped.agents.map(\.power))
        #expect(free.agents.map(\.clearing) == clipped.agents.map(\.clearing))
        #expect(Self.isSettled(free))
    }
}
