import Export
import Grid
import Planning
import Results
import RunSamples
import Scheduling
import Simulator
import Testing

/// The tables of a run whose plans know areas.
@Suite struct AreaTablesTests {
    /// `price` and `tie_flow` hold a column for each area and tie; one place has neither.
    @Test func tablesNameAreasAndTies() throws {
        var world = SmallWorld()
        world.rules.areas = PlanAreas(
            names: ["below", "above"], ofBuses: [0, 0, 1, 1],
            crossings: [.init(branch: 1, limit: Power(kilowatts: 20))], followsReactance: true)
        let scenario = world.scenario
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
