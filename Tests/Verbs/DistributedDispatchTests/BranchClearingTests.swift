import Agents
import DispatchSamples
import DistributedDispatch
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("Clearing behind full branches")
struct BranchClearingTests {
    typealias Clearing = ClearingAgentTests

    /// A tree whose branches carry little.
    static func narrow(_ random: inout SplitMix64, points: Int = .max) -> TickNetwork<ClearingAgent> {
        let neighbours = Graph.tree(random.whole(2..<25), &random)
        let limits = Dictionary(
            uniqueKeysWithValues: neighbours.indices.map { node in
                let parent = neighbours[node].first { $0 < node }
                let reach = Power(kilowatts: random.uniform(20...150))
                return (node, parent.map { [NodeID($0): -reach...reach] } ?? [:])
            })
        return Clearing.network(neighbours, &random, points: points, limits: limits)
    }

    /// Power over the branch of each node to its parent, the greater numbers lying further out.
    static func flows(_ network: TickNetwork<ClearingAgent>) -> [Double] {
        var flows = network.agents.map { $0.power?.value ?? .nan }
        for node in network.agents.indices.dropFirst().reversed() {
            flows[network.neighbours[node].first { $0 < node }!] += flows[node]
        }
        return flows
    }

    /// Yuan/h of a power: the area under a bid from no power on.
    static func cost(_ bid: BidCurve, _ power: Power) -> Double {
        let points = [bid.points[0]] + bid.points
        func area(_ end: Double) -> Double {
            zip(points, points.dropFirst()).reduce(0) { sum, pair in
                let (a, b) = (pair.0.power.value, min(pair.1.power.value, end))
                guard b > a else { return sum }
                let whole = pair.1.power.value - a
                let rise = (pair.1.price.value - pair.0.price.value) * (b - a) / whole
                return sum + (b - a) * (pair.0.price.value + rise / 2)
            }
        }
        return area(power.value) - area(0)
    }

    /// That prices and flows prove each other the best of a transport network: a price differs over a branch
    /// only where the branch is full, and is then higher where the power goes.
    @Test("the powers are the optimum of the tree", arguments: 0..<250 as Range<UInt64>)
    func optimal(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var network = Self.narrow(&random)
        Clearing.run(&network, ticks: 80)
        let flows = Self.flows(network)
        #expect(Clearing.isSettled(network))
        for node in network.agents.indices {
            let agent = network.agents[node]
            let range = agent.bid!.power(at: agent.clearing!.price)
            #expect(range.lowerBound <= agent.power! && agent.power! <= range.upperBound)
            guard let parent = network.neighbours[node].first(where: { $0 < node }) else { continue }
            let rise = agent.clearing!.price.value - network.agents[parent].clearing!.price.value
            let limit = agent.limits[NodeID(parent)]!.upperBound.value
            #expect(abs(flows[node]) <= limit * (1 + 1e-9))
            if rise < -1e-12 { #expect(near(flows[node], limit, relative: 1e-9)) }
            if rise > 1e-12 { #expect(near(flows[node], -limit, relative: 1e-9)) }
        }
    }

    /// The same trees as areas joined by ties, one a node, in one step of an hour.
    @Test("costs equal those of the interior point over areas", arguments: 0..<20 as Range<UInt64>)
    func interiorPoint(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var network = Self.narrow(&random)
        Clearing.run(&network, ticks: 80)
        var sample = Case(steps: 1)
        var ofOffers: [Int] = []
        for node in network.agents.indices {
            let bid = network.agents[node].bid!
            for (a, b) in zip(bid.points, bid.points.dropFirst()) where b.power > a.power {
                // A piece of the bid: a source of its own, from its lower end on.
                let width = (b.power - a.power).kilowatts
                let rise = (b.price - a.price).yuanPerKilowattHour
                sample.add(
                    [0], [width], deliver: [a.price.yuanPerKilowattHour],
                    absorb: [a.price.yuanPerKilowattHour], quadratic: rise / (2 * width), role: .source)
                ofOffers.append(node)
            }
            sample.add([bid.least.kilowatts], [bid.least.kilowatts], role: .source)
            ofOffers.append(node)
        }
        let ties = network.agents.indices.dropFirst().map { node in
            let parent = network.neighbours[node].first { $0 < node }!
            let limit = network.agents[node].limits[NodeID(parent)]!.upperBound
            return Tie(from: node, to: parent, forward: [limit])
        }
        let problem = DispatchProblem(
            horizon: sample.horizon, offers: sample.offers,
            areas: Areas(count: network.agents.count, ofOffers: ofOffers, ties: ties))
        let plan = RollingOptimum().plan(problem)
        let own = network.agents.reduce(0) {
            $0 + Self.cost($1.bid!, $1.power!) - Self.cost($1.bid!, $1.bid!.least)
        }
        #expect(near(own, plan.objective, relative: 1e-7, absolute: 1e-6))
    }
}
