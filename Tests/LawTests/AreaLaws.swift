import Devices
import EconomicDispatch
import Export
import Foundation
import Grid
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

    /// What the areas' devices give balances with the flow and with losses that are those of the whole.
    private func check(_ plan: Plan, _ scenario: Scenario, limit: Double) {
        let steps = plan.horizon.count
        for step in plan.horizon.indices {
            var left = (0..<2).map { plan.problem.losses[step + $0 * steps] }
            left[0] += plan.flow(over: 0, at: step)
            left[1] -= plan.flow(over: 0, at: step)
            for (i, offer) in plan.problem.offers.enumerated() {
                left[scenario.devices[offer.device.index].bus < 2 ? 0 : 1] -= plan.power(of: i, at: step)
            }
            for area in 0..<2 {
                let slack = plan.shortage[step + area * steps] - plan.surplus[step + area * steps]
                #expect(abs((left[area] - slack).value) < 1)
            }
            #expect(abs(plan.flow(over: 0, at: step).kilowatts) <= limit)
            #expect(plan.problem.losses[step] > .zero && plan.problem.losses[step + steps] > .zero)
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
            $0.rules.heedsNetwork = true
            $0.wireFactor = 30
            $0.days = 2
        }
        var limited = 0
        for record in Simulation(scenario) {
            guard let plan = record.plan else { continue }
            for step in plan.horizon.indices {
                let given = plan.problem.offers.indices.reduce(Power.zero) {
                    $0 + plan.power(of: $1, at: step)
                }
                let slack =
                    plan.problem.sum(plan.shortage, at: step) - plan.problem.sum(plan.surplus, at: step)
                #expect(abs((given + slack - plan.losses(at: step)).value) < 10)
                #expect(abs(plan.flow(over: 0, at: step).kilowatts) <= 200)
            }
            limited += plan.problem.requirements.limits.isEmpty ? 0 : 1
        }
        #expect(limited > 0)
    }

    /// `price` and `tie_flow` hold a column for each area and tie; one place has neither.
    @Test func tablesNameAreasAndTies() throws {
        let scenario = world(limit: 20)
        let tables = RunTables.all(for: scenario)
        let price = try #require(tables.first { $0.name == "price" })
        #expect(
            price.fields.suffix(2).map(\.name) == [
                "marginal_below_yuan_per_kwh", "marginal_above_yuan_per_kwh",
            ])
        #expect(tables.first { $0.name == "tie_flow" }?.fields.map(\.name) == ["time", "1-2_kw"])
        #expect(!RunTables.all(for: SmallWorld().scenario).contains { $0.name == "tie_flow" })
        let record = try #require(Simulation(scenario).first { _ in true })
        let facts = StepFacts(record, of: scenario, plan: record.plan)
        #expect(facts.areaPrices == (0..<2).map { record.plan!.price(in: $0, at: 0) })
        #expect(facts.marginalPrice == facts.areaPrices[0])
        #expect(facts.tieFlows == [record.plan!.flow(over: 0, at: 0)])
        #expect(StepFacts(record, of: scenario, plan: nil).areaPrices == [nil, nil])
    }
}
