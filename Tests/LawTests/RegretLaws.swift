import Agents
import EconomicDispatch
import Forecasting
import Grid
import Messaging
import Planning
import RunSamples
import Scheduling
import Simulator
import Studies
import TestSupport
import Testing

@Suite("Laws of regret")
struct RegretLaws {
    private func regret(_ world: SmallWorld) throws -> (regret: Double, bound: Double, costs: Costs) {
        let scenario = world.scenario
        let hindsight = Hindsight(scenario)
        let bound = try #require(hindsight.optimum().bound)
        var conduct = Conduct(scenario)
        for record in Simulation(scenario) { conduct.take(record) }
        let costs = conduct.costs(in: hindsight)
        return (costs.total - bound, bound, costs)
    }

    @Test("nobody does better than perfect foresight", arguments: DispatchMethod.allCases)
    func regretIsNotNegative(method: DispatchMethod) throws {
        var plain = SmallWorld()
        plain.method = method
        var scarce = plain
        scarce.importLimit = Power(kilowatts: 110)
        scarce.exportLimit = Power(kilowatts: 5)
        scarce.forecast = .persistence
        scarce.link = Link(latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 12), loss: 0.3)
        var sunny = plain
        sunny.loadFactor = 0.1
        sunny.exportLimit = Power(kilowatts: 20)
        for world in [plain, scarce, sunny] {
            let (regret, bound, _) = try regret(world)
            #expect(regret >= -1e-6 * abs(bound), "\(regret) of \(bound)")
        }
    }

    /// The kinds of scenarios in which a bound once lay above a cost: limits of zero, in either direction or
    /// in both, feed-in above import, full and empty batteries, the peak of the month, little load.
    @Test(
        "no bound lies above a cost, in a plan or in a comparison", arguments: 1...10 as ClosedRange<UInt64>)
    func boundsOfRandomWorlds(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var world = SmallWorld()
        (world.days, world.seed, world.horizonSteps) = (1, seed, 24)
        func pick(_ values: [Double]) -> Double { values[Int(random.next() % UInt64(values.count))] }
        world.importLimit = Power(kilowatts: pick([0, 0, 0.001, 60, 200, 1e5]))
        world.exportLimit = Power(kilowatts: pick([0, 0.001, 100, 1000, 1e5]))
        world.feedIn = pick([0, 0.23, 0.23, 0.3])
        world.batteryStart = pick([0.1, 0.3, 0.95])
        world.loadFactor = pick([0.05, 0.5, 1, 2])
        world.forecast = pick([0, 1]) == 0 ? .perfect : .persistence
        world.rules.demand = pick([0, 1]) == 0 ? .shared : .full
        world.rules.end = pick([0, 1]) == 0 ? .valued : .asNow
        world.billsWholeMonths = pick([0, 1]) == 0
        world.method = pick([0, 1]) == 0 ? .rollingOptimum : .meritOrder
        let scenario = world.scenario
        let hindsight = Hindsight(scenario)
        let best = hindsight.optimum()
        let bound = try #require(best.bound)
        #expect(bound <= best.plan.objective)
        var conduct = Conduct(scenario)
        for record in Simulation(scenario) {
            conduct.take(record)
            guard let plan = record.plan else { continue }
            if plan.status == .optimal { #expect(plan.certificate != nil, "step \(record.step)") }
            if let proof = plan.certificate { #expect(proof.bound <= plan.objective, "step \(record.step)") }
        }
        let cost = conduct.costs(in: hindsight).total
        #expect(cost >= bound - 0.005 - 1e-6 * (abs(bound) + abs(cost)), "\(cost) below \(bound)")
    }

    @Test("knowing all, with hardly any losses and the whole horizon ahead, there is hardly any regret")
    func theBoundIsNear() throws {
        var world = SmallWorld()
        world.wireFactor = 1e-6
        world.horizonSteps = world.days * 96
        let (regret, bound, costs) = try regret(world)
        // The months' peaks are no part of these plans.
        #expect(regret < costs.demandCharge + 0.01 * bound)
        #expect(bound > 0)
    }

    @Test("what the connection gives beyond its limit is paid as demand not served")
    func beyondTheLimitIsDear() throws {
        var world = SmallWorld()
        world.importLimit = Power(kilowatts: 60)
        let scenario = world.scenario
        let hindsight = Hindsight(scenario)
        var powers = hindsight.problem.offers.map { $0.lower }
        for i in powers.indices where i > 1 { powers[i] = powers[i].map { _ in .zero } }
        let contents = scenario.devices.map { _ in Energy.zero }
        let before = hindsight.problem.costs(
            of: powers, contents: contents, beyondPrice: hindsight.beyondPrice)
        powers[SmallWorld.connection][0] = Power(kilowatts: 80)
        let after = hindsight.problem.costs(
            of: powers, contents: contents, beyondPrice: hindsight.beyondPrice)
        // 20 kW for a quarter of an hour, at 20 yuan/kWh.
        #expect(abs(after.beyond - before.beyond - 100) < 1e-9)
    }
}
