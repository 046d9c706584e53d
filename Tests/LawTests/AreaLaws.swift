import Clearing
import Devices
import Grid
import Planning
import Results
import RunSamples
import Scheduling
import Simulator
import Testing
import Timeline

/// The hamlet as two areas: houses and connection below, roof, workshop, battery and genset above.
@Suite struct AreaLaws {
    private func world(limit: Double, _ change: (inout SmallWorld) -> Void = { _ in }) -> Scenario {
        var world = SmallWorld()
        world.days = 1
        world.rules.areas = PlanAreas(
            names: ["below", "above"], ofBuses: [0, 0, 1, 1],
            crossings: [.init(branch: 1, limit: Power(kilowatts: limit))], followsReactance: true)
        change(&world)
        return world.scenario
    }

    /// By area, what devices, shortage and the tie give and nothing takes.
    private func lost(_ plan: Plan, _ scenario: Scenario, at step: Int) -> [Power] {
        var left = (0..<2).map { area in
            let at = step + area * plan.horizon.count
            return plan.shortage[at] - plan.surplus[at]
        }
        left[0] -= plan.flow(over: 0, at: step)
        left[1] += plan.flow(over: 0, at: step)
        for (i, offer) in plan.problem.offers.enumerated() {
            left[scenario.devices[offer.device.index].bus < 2 ? 0 : 1] += plan.power(of: i, at: step)
        }
        return left
    }

    /// Each area covers the losses expected of it.
    private func check(_ plan: Plan, _ scenario: Scenario, limit: Double) {
        for step in plan.horizon.indices {
            for (area, left) in lost(plan, scenario, at: step).enumerated() {
                let expected = plan.problem.losses[step + area * plan.horizon.count]
                #expect(abs((left - expected).value) < 1 && expected > .zero)
            }
            #expect(abs(plan.flow(over: 0, at: step).kilowatts) <= limit)
        }
    }

    /// A weak tie is full in the evening and parts the prices; a strong one does neither.
    @Test func aWeakTiePartsThePrices() {
        for (limit, isFull) in [(20.0, true), (500, false)] {
            let scenario = world(limit: limit)
            var (full, parted) = (0, 0)
            for record in Simulation(scenario) {
                guard let plan = record.plan else { continue }
                check(plan, scenario, limit: limit)
                full += plan.isFull(0, toward: 1, at: 0) ? 1 : 0
                parted += abs((plan.price(in: 0, at: 0) - plan.price(in: 1, at: 0)).value) > 1e-7 ? 1 : 0
            }
            #expect((full > 0) == isFull && (parted > 0) == isFull, "\(full) \(parted)")
        }
    }

    /// Areas stay what they are when the plan is made again under limits of the wires.
    @Test func networkLimitsAndAreasGoTogether() throws {
        let scenario = world(limit: 200) {
            $0.rules.keepsNetworkLimits = true
            $0.wireFactor = 30
            $0.days = 2
            $0.clearing = .none
        }
        var limited = 0
        for record in Simulation(scenario) {
            guard let plan = record.plan else { continue }
            for step in plan.horizon.indices {
                // What is left in an area is what its wires take: losses answer to the plan here.
                for (area, left) in lost(plan, scenario, at: step).enumerated() {
                    #expect(left > .zero && left.kilowatts < 60, "\(area) \(step) \(left)")
                }
                #expect(abs(plan.flow(over: 0, at: step).kilowatts) <= 200)
            }
            limited += plan.problem.requirements.limits.isEmpty ? 0 : 1
        }
        #expect(limited > 0)
    }
}
