import Grid
import Market
import Planning
import RunSamples
import Scheduling
import Settlement
import Simulator
import Studies
import Testing

@Suite("Laws of the month's peak")
struct PeakLaws {
    private static let price = 0.035

    @Test(
        "a plan knows the highest quarter-hour of the month so far, as it was metered; a new month knows none"
    )
    func peakSoFar() throws {
        var world = SmallWorld()
        world.days = 3
        world.billsWholeMonths = true
        world.rules.demand = .full
        var (highest, plans, afterMonth) = (0.0, 0, 0)
        for record in Simulation(world.scenario) {
            if record.step == 192 { highest = 0 }
            if let plan = record.plan {
                let charge = try #require(plan.problem.requirements.demandCharge)
                #expect(abs(charge.months[0].soFar.value - highest) < 0.5, "step \(record.step)")
                #expect(charge.months.map(\.price).allSatisfy { abs($0 - Self.price) < 1e-12 })
                plans += 1
                if record.step > 192 { afterMonth += 1 }
            }
            let readings = Array(record.readings)
            highest = max(highest, Double(readings[SmallWorld.connection].given.count) * 4)
        }
        #expect(plans == 72 && afterMonth == 23)
    }

    @Test(
        "shared, a plan of a day pays its part of what is left of the month, or of the simulated time",
        arguments: [(days: 1, share: 1.0), (days: 2, share: 0.5), (days: 4, share: 0.5)])
    func share(_ days: Int, _ share: Double) throws {
        var world = SmallWorld()
        world.days = days
        world.billsWholeMonths = true
        world.rules.demand = .shared
        let plan = try #require(Simulation(world.scenario).first { _ in true }?.plan)
        let months = try #require(plan.problem.requirements.demandCharge).months
        #expect(months.count == 1)
        #expect(abs(months[0].price - Self.price * share) < 1e-12)
    }

    @Test(
        "plans, the bound and the bill pay the peak of the simulated days", arguments: [300, 600, 900, 1200])
    func onePeak(step: Int) throws {
        var world = SmallWorld()
        (world.days, world.stepLength) = (1, step)
        let scenario = world.scenario
        let plan = try #require(Simulation(scenario).first { _ in true }?.plan)
        let months = try #require(plan.problem.requirements.demandCharge).months
        #expect(abs(months[0].price - Self.price / 31) < 1e-12)
        var conduct = Conduct(scenario)
        var billed = Money.zero
        for record in Simulation(scenario) {
            conduct.take(record)
            guard let month = record.settlement else { continue }
            billed = month.entries.reduce(billed) { $1.clause == .demand ? $0 + $1.money! : $0 }
        }
        let costs = conduct.costs(in: Hindsight(scenario))
        // The meter counts whole watt-hours.
        #expect(billed > .zero && abs(costs.demandCharge - Double(billed.fen) / 100) < 0.02)
    }

    @Test("plans that know the charge draw a lower peak")
    func lowerPeak() {
        func peak(_ rule: PlanRules.DemandRule) -> Double {
            var world = SmallWorld()
            world.days = 1
            world.billsWholeMonths = true
            world.rules.demand = rule
            return Simulation(world.scenario).reduce(0) { max($0, $1.power[SmallWorld.connection].kilowatts) }
        }
        let ignored = peak(.ignored)
        #expect(peak(.full) < 0.97 * ignored)
        #expect(peak(.shared) < 0.97 * ignored)
    }
}
