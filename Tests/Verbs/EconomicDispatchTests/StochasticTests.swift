import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

@Suite struct StochasticTests {
    /// A store may be charged at 0.3 now. In the next step it replaces import at 1, if there is a load of 40
    /// kW, or nothing, if there is none. One forecast says there is none.
    private func hours(_ later: Double) -> Case {
        var hours = Case(steps: 2)
        hours.load([10, later])
        hours.connection(limit: 200, price: [0.3, 1])
        hours.add([-50], [50], store: Case.store(0, 0...100, charge: 1, discharge: 1))
        return hours
    }

    @Test func storesHedgeAgainstOtherWorlds() {
        var problem = hours(0).problem(stored: 0)
        #expect(near([RollingOptimum().plan(problem).kilowatts(2)[0]], [0]))
        // As likely as not the load is there: 40 kWh at 0.3 save 40·1 in half the cases.
        problem.alternatives = [hours(40).offers]
        #expect(near([StochasticOptimum().plan(problem).kilowatts(2)[0]], [-40], absolute: 1e-2))
        // In one of four worlds it is not worth it.
        problem.alternatives = [hours(0.01).offers, hours(0.01).offers, hours(40).offers]
        #expect(near([StochasticOptimum().plan(problem).kilowatts(2)[0]], [0], absolute: 5e-2))
    }

    /// What it keeps between plans are buffers: other numbers, other worlds and other shapes leave no trace.
    @Test func aUsedDispatcherPlansLikeANewOne() {
        let used = StochasticOptimum()
        for (later, others) in [(0.0, [40.0]), (5, [40, 20]), (0, [60, 10]), (30, []), (10, [0.01])] {
            var problem = hours(later).problem(stored: 0)
            problem.alternatives = others.map { hours($0).offers }
            // The stores' decision is bit for bit the same; the plan that holds it may begin from a hint.
            let (one, other) = (used.plan(problem), StochasticOptimum().plan(problem))
            #expect(one.power(of: 2, at: 0) == other.power(of: 2, at: 0) || others.isEmpty)
            #expect(abs(one.objective - other.objective) < 1e-6, "\(later) \(others)")
        }
    }

    @Test func oneWorldIsPlannedAsEver() {
        for seed in 1...5 as ClosedRange<UInt64> {
            var problem = PlanLawTests.random(seed)
            let plan = RollingOptimum().plan(problem)
            #expect(StochasticOptimum().plan(problem) == plan)
            // Worlds alike: the same cost.
            problem.alternatives = [problem.offers, problem.offers]
            let hedged = StochasticOptimum().plan(problem)
            #expect(
                abs(hedged.objective - plan.objective) < 1e-4 * (1 + abs(plan.objective))
                    + plan.commitmentCost)
        }
    }
}
