import Agents
import CaseFile
import DispatchSamples
import DistributedDispatch
import EconomicDispatch
import Foundation
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

@Suite("Relaxed ADMM")
struct RelaxedADMMTests {
    /// Units of quadratic costs ½·… c·p² + b·p, and a demand that cannot be shed; MW, h, dollars or yuan.
    struct Units {
        let name: String
        let demand: Double
        let units: [(b: Double, c: Double, least: Double, most: Double)]
        let price: Double
        let powers: [Double]
        /// A penalty near the best, and ticks to 1e-6.
        let penalty: Double
        let ticks: Int
    }

    /// Wood & Wollenberg, Power Generation, Operation and Control, examples 3A and 3B; and the five units of
    /// Yang, Tan and Xu (IEEE Trans. Power Systems 28(4), 2013), as often quoted.
    static let published = [
        Units(
            name: "3A", demand: 850,
            units: [(7.92, 0.001562, 150, 600), (7.85, 0.00194, 100, 400), (7.97, 0.00482, 50, 200)],
            price: 9.148263, powers: [393.170, 334.604, 122.226], penalty: 80, ticks: 200),
        Units(
            name: "3B", demand: 850,
            units: [(6.48, 0.00128, 150, 600), (7.85, 0.00194, 100, 400), (7.97, 0.00482, 50, 200)],
            price: 8.576065, powers: [600, 187.130, 62.870], penalty: 80, ticks: 200),
        Units(
            name: "Yang, Tan, Xu", demand: 300,
            units: [
                (2, 0.04, 0, 80), (3, 0.03, 0, 90), (4, 0.035, 0, 70), (4, 0.03, 0, 70), (2.5, 0.04, 0, 80),
            ],
            price: 7.299180, powers: [66.240, 71.653, 47.131, 54.986, 59.990], penalty: 8, ticks: 200),
    ]

    /// Agents of units and one of the demand.
    static func network(
        _ units: [(b: Double, c: Double, least: Double, most: Double)], demand: Double, penalty: Double,
        ticks: Int, loss: Double = 0, delay: ClosedRange<Int> = 1...1
    ) -> (TickNetwork<RelaxedADMM>, [Offer?]) {
        let hour = Horizon(start: Instant(secondsSinceEpoch: 0), step: 3600, count: 1)
        var offers = units.enumerated().map { index, unit in
            Offer(
                device: DeviceID(index), role: .source, horizon: hour, lower: [Power(unit.least)],
                upper: [Power(unit.most)],
                cost: Cost(
                    deliver: [EnergyCost(unit.b)], absorb: [EnergyCost(unit.b)], quadratic: unit.c))
        }
        offers.append(
            Offer(
                device: DeviceID(units.count), role: .load, horizon: hour, lower: [Power(-demand)],
                upper: [Power(-demand)], cost: .free))
        let settings = RelaxedADMM.Settings(
            tick: VirtualTime(seconds: 1), ticks: ticks, penalty: penalty)
        let agents = offers.indices.map {
            RelaxedADMM(node: NodeID($0), device: DeviceID($0), settings: settings)
        }
        var random = SplitMix64(seed: 3)
        let neighbours = Graph.overlay(offers.count, &random)
        let network = TickNetwork(agents, neighbours: neighbours, loss: loss, delay: delay, seed: 7)
        return (network, offers)
    }

    @Test(
        "published economic dispatches come out, lossless and at 30 % loss with delays",
        arguments: published.indices, [false, true])
    func economicDispatch(_ index: Int, _ isPoor: Bool) {
        let sample = Self.published[index]
        let ticks = isPoor ? 4 * sample.ticks : sample.ticks
        var (network, offers) = Self.network(
            sample.units, demand: sample.demand, penalty: sample.penalty, ticks: ticks,
            loss: isPoor ? 0.3 : 0, delay: 1...(isPoor ? 5 : 1))
        network.begin(ticks: ticks, ahead: offers)
        for _ in 0..<ticks { network.advance() }
        for (agent, power) in zip(network.agents, sample.powers) {
            // The published figures have three decimals.
            #expect(near(agent.powers[0].value, power, relative: 0, absolute: 6e-4))
            #expect(near(agent.prices[0].value, sample.price, relative: 0, absolute: 1e-6))
        }
        let given = network.agents.reduce(0) { $0 + $1.powers[0].value }
        #expect(near(given, 0, absolute: 1e-6 * sample.demand))
    }

    /// Copper-plate optima, which equal those of the DC power flow where no branch limit binds; `powerflow`'s
    /// and `opf`'s READMEs name the sources of the files. Cost and price per MWh.
    @Test(
        "so do the dispatches of network cases",
        arguments: [
            ("powerflow/ieee14/case.m", 7642.594, 39.016168, 2.0, 150),
            ("opf/case30.m", 565.206, 3.789196, 30.0, 150),
            ("powerflow/ieee57/case.m", 41006.735, 41.638626, 10.0, 400),
            ("powerflow/ieee118/case.m", 125947.873, 39.381364, 15.0, 900),
        ])
    func networkCase(_ sample: (file: String, cost: Double, price: Double, penalty: Double, ticks: Int))
        throws
    {
        let file = Checkout.golden.appending(path: sample.file).path()
        let network = try CaseFile.load(path: file).networkCase
        let generators = network.generators.filter { $0.isConnected && $0.activeLimits != nil }
        let units = try generators.map {
            let (slope, curvature) = try #require($0.cost).derivatives(at: 0)
            let limits = $0.activeLimits!
            return (
                b: slope * 1e6, c: curvature / 2 * 1e12, least: limits.lowerBound.value / 1e6,
                most: limits.upperBound.value / 1e6
            )
        }
        let demand = network.loads.reduce(0) { $0 + $1.active.value } / 1e6
        var (agents, offers) = Self.network(
            units, demand: demand, penalty: sample.penalty, ticks: sample.ticks)
        agents.begin(ticks: sample.ticks, ahead: offers)
        for _ in 0..<sample.ticks { agents.advance() }
        let cost = zip(generators, agents.agents).reduce(0) {
            $0 + $1.0.cost!.cost(at: $1.1.powers[0].value * 1e6)
        }
        #expect(near(cost, sample.cost, relative: 1e-6))
        #expect(near(agents.agents[0].prices[0].value, sample.price, relative: 1e-6))
        let given = agents.agents.reduce(0) { $0 + $1.powers[0].value }
        #expect(near(given, 0, absolute: 1e-6 * demand))
    }

    /// A load, a sun, two stores, a unit and a connection with a charge for its peak.
    static func microgrid(_ seed: UInt64, steps: Int) -> DispatchProblem {
        var random = SplitMix64(seed: seed)
        var sample = Case(steps: steps)
        let wear = 0.1
        func hour(_ t: Int) -> Double { Double(t % 24) }
        sample.load((0..<steps).map { 60 + 30 * random.uniform() + (hour($0) > 17 ? 40 : 0) })
        sample.add([0], (0..<steps).map { max(0, 80 - 4 * (hour($0) - 12) * (hour($0) - 12)) }, role: .source)
        for size in [30.0, 50] {
            sample.add(
                [-size / 2], [size / 2], deliver: [wear],
                store: Case.store(size / 2, 0...size, charge: 0.95, discharge: 0.95))
        }
        sample.add([0], [40], deliver: [1.4], absorb: [1.4], role: .source)
        sample.connection(
            limit: 400, export: 200,
            price: (0..<steps).map { hour($0) < 8 ? 0.35 : hour($0) < 16 ? 0.6 : 0.95 },
            feedIn: [0.2])
        var problem = sample.problem(stored: 0.4)
        problem.requirements.demandCharge = DemandCharge(
            offer: 5,
            months: [
                DemandCharge.Month(first: 0, price: 1.2 / 1000, soFar: Power(kilowatts: 70)),
                DemandCharge.Month(first: 20, price: 0.6 / 1000),
            ])
        return problem
    }

    @Test(
        "a day with stores and a demand charge costs what the centre's costs", arguments: [1, 2] as [UInt64])
    func day(_ seed: UInt64) {
        let problem = Self.microgrid(seed, steps: 24)
        let plan = RollingOptimum().plan(problem)
        let settings = RelaxedADMM.Settings(
            tick: VirtualTime(seconds: 1), ticks: 1500, penalty: 3e7)
        let agents = problem.offers.indices.map { index in
            var agent = RelaxedADMM(node: NodeID(index), device: DeviceID(index), settings: settings)
            agent.expected = (0..<24).map { problem.offers[5].cost.deliver(at: $0) }
            agent.demandCharge = index == 5 ? problem.requirements.demandCharge : nil
            agent.end = .valued(EnergyCost(yuanPerKilowattHour: 0.4))
            return agent
        }
        var network = TickNetwork(
            agents, neighbours: agents.indices.map { i in agents.indices.filter { $0 != i } }, loss: 0.1,
            seed: 4)
        network.begin(ticks: 1500, ahead: problem.offers)
        for _ in 0..<1500 { network.advance() }
        // The connection takes what the others leave.
        var powers = network.agents.map(\.powers)
        let losses = Array(repeating: Power.zero, count: 24)
        let remainders = DispatchGap.remainders(of: powers, losses: losses)
        for step in 0..<24 { powers[5][step] += remainders[step] }
        var contents = Array(repeating: Energy.zero, count: 6)
        for index in [2, 3] { contents[index] = network.agents[index].contents[23] }
        let cost = problem.costs(of: powers, contents: contents, beyondPrice: problem.slackPrice).total
        let gap = DispatchGap(
            cost: cost, bound: plan.objective, model: .copperPlate, remainders: remainders,
            prices: network.agents.map(\.prices))
        #expect(cost >= plan.certificate!.bound - 1e-6 * abs(cost))
        #expect(gap.gap <= 1e-3 && gap.missing.isEmpty)
        #expect(gap.imbalance.kilowatts.magnitude < 1 && gap.priceSpread.yuanPerKilowattHour < 0.05)
    }

    @Test("a certificate counts who is missing, what is left to the slack and how far prices differ")
    func certificate() {
        let powers = [[Power(3), Power(-2)], [Power(-1), Power(4)]]
        let left = DispatchGap.remainders(of: powers, losses: [Power(1), Power(0)])
        #expect(left == [Power(-1), Power(-2)])
        let gap = DispatchGap(
            cost: 11, bound: -10, model: .ties, remainders: left,
            prices: [[EnergyCost(1), EnergyCost(2)], nil, [EnergyCost(1.5), EnergyCost(2)]])
        #expect(gap.gap == 2.1 && gap.imbalance == Power(-2) && gap.missing == [NodeID(1)])
        #expect(gap.priceSpread == EnergyCost(0.5) && gap.model == .ties)
    }
}
