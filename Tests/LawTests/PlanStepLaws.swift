import Events
import Forecasting
import Grid
import Planning
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing
import Timeline

/// Plans whose steps are longer than those of the run.
@Suite("Laws of longer steps of a plan")
struct PlanStepLaws {
    private func world(step: Int, in planStep: Int, _ change: (inout SmallWorld) -> Void = { _ in })
        -> SmallWorld
    {
        var world = SmallWorld()
        (world.days, world.stepLength, world.stepsInPlanStep) = (1, step, planStep)
        world.importLimit = Power(kilowatts: 600)
        change(&world)
        return world
    }

    private func cost(_ scenario: Scenario) -> Double {
        var conduct = Conduct(scenario)
        for record in Simulation(scenario) { conduct.take(record) }
        return conduct.costs(in: Hindsight(scenario)).total
    }

    @Test("a run of 5 minutes with plans of 15 costs as much as with plans of 5, within 1 %")
    func costs() {
        let (fine, coarse) = (cost(world(step: 300, in: 1).scenario), cost(world(step: 300, in: 3).scenario))
        #expect(abs(coarse - fine) < 0.01 * abs(fine), "\(coarse) against \(fine)")
        #expect(coarse != fine)
    }

    @Test("plans begin at whole steps of their own, also where an event asks for one between them")
    func aligned() throws {
        let scenario = world(step: 300, in: 3) { $0.events = [Event(.open(branch: 2), in: 40..<50)] }.scenario
        let records = Array(Simulation(scenario))
        let plans = records.compactMap { record in record.plan.map { (record.step, $0) } }
        #expect(plans.map(\.0).contains(40) && plans.map(\.0).contains(50))
        for (step, plan) in plans {
            let begin = plan.horizon.start.seconds(since: scenario.horizon.start)
            #expect(plan.horizon.step == 900 && begin % 900 == 0)
            #expect(begin == step / 3 * 900 && plan.horizon.end <= scenario.horizon.end)
        }
    }

    /// With a perfect forecast the content at the end of each long step is the planned one, whatever the sun
    /// does within it.
    @Test("within a long step stores go toward the planned content and reach it at its end")
    func contents() throws {
        let records = Array(Simulation(world(step: 300, in: 3).scenario))
        var (plan, moved) = (try #require(records[0].plan), 0)
        for record in records {
            if let new = record.plan { plan = new }
            let battery = try #require(
                plan.problem.offers.firstIndex { $0.device == DeviceID(SmallWorld.battery) })
            let step = record.interval.start.seconds(since: plan.horizon.start) / 900
            guard record.step % 3 == 2 else { continue }
            let planned = plan.stored(in: battery, at: step)
            let real = record.stored[SmallWorld.battery]
            #expect(abs((real - planned).kilowattHours) < 3)
            if abs(record.power[SmallWorld.battery].kilowatts) > 5 { moved += 1 }
        }
        #expect(moved > 10)
    }

    @Test("a long step of an offer has the mean of powers and prices, and the sum of what a use takes")
    func offers() {
        let minute = Horizon(start: Instant(secondsSinceEpoch: 0), step: 60, count: 8)
        var store = Reservoir(
            stored: Energy(1000), minimum: .zero, maximum: Energy(5000), chargeEfficiency: 1,
            dischargeEfficiency: 1, selfDischarge: 0)
        store.drain = (1...8).map { Energy(Double($0)) }
        store.required = (1...8).map { Energy(Double(10 * $0)) }
        let offer = Offer(
            device: DeviceID(0), horizon: minute, lower: (1...8).map { Power(Double(-$0)) },
            upper: (1...8).map { Power(Double(2 * $0)) },
            cost: Cost(deliver: (1...8).map { EnergyCost(Double($0)) }, absorb: [EnergyCost(7)]),
            reservoir: store)
        let late = Horizon(start: minute.start + 120, step: 60, count: 6)
        let coarse = late.coarsened(by: 4, from: minute.start)
        #expect(coarse == Horizon(start: minute.start, step: 240, count: 2))
        #expect(minute.coarsened(by: 1, from: minute.start) == minute)
        let whole = offer.coarsened(to: coarse)
        #expect(whole.lower == [Power(-2.5), Power(-6.5)] && whole.upper == [Power(5), Power(13)])
        #expect(whole.cost.deliver == [EnergyCost(2.5), EnergyCost(6.5)])
        #expect(whole.cost.absorb == [EnergyCost(7)])
        #expect(whole.reservoir?.drain == [Energy(10), Energy(26)])
        #expect(whole.reservoir?.required == [Energy(40), Energy(80)])
        let part = whole.reservoir!.part(of: 1, endingAt: 0.5, taking: 0.25, before: Energy(40))
        #expect(part.drain[1] == Energy(6.5) && part.required[1] == Energy(60))
    }

    @Test("an offer of one step that is moved to a longer horizon has a value for each of its steps")
    func oneStep() {
        let short = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 1)
        let offer = Offer(
            device: DeviceID(0), horizon: short, lower: [Power(-5)], upper: [.zero], cost: .free)
        let moved = offer.aligned(to: Horizon(start: short.start + 900, step: 900, count: 3))
        #expect(moved.lower == [Power(-5), Power(-5), Power(-5)] && moved.upper.count == 3)
        #expect(moved.cost == .free)
    }
}
