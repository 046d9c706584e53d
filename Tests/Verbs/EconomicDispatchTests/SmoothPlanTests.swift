import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Of plans that cost the same the one with the smoothest powers of stores is taken.
@Suite struct SmoothPlanTests {
    /// A night at one price, then an evening four times as dear that empties the stores.
    private func night(_ stores: Int, capacity: Double, steps: Int = 40) -> DispatchProblem {
        var hours = Case(steps: steps)
        hours.load((0..<steps).map { 60 + Double($0 % 7) })
        hours.connection(limit: 150, price: (0..<steps).map { $0 < steps - 8 ? 0.3 : 1.2 })
        for _ in 0..<stores {
            hours.add(
                [-40], [40], deliver: [0.05],
                store: Case.store(0, 0...capacity, charge: 0.95, discharge: 0.95))
        }
        return hours.problem(stored: 0)
    }

    @Test func aStoreChargesEvenlyAtAConstantPrice() {
        func unevenness(_ dispatcher: RollingOptimum) -> Double {
            let charged = dispatcher.plan(night(1, capacity: 300)).kilowatts(2)[..<32]
            return charged.map { abs($0 / (-300 / 0.95 / 32) - 1) }.max()!
        }
        #expect(unevenness(RollingOptimum()) < 0.3)
        #expect(unevenness(RollingOptimum(smooth: false)) > 0.8)
    }

    /// In proportion to what fills them, so that equal ones do the same.
    @Test func equalStoresShareEqually() {
        let plan = RollingOptimum().plan(night(3, capacity: 100))
        for step in 0..<40 {
            let powers = (2..<5).map { plan.kilowatts($0)[step] }
            #expect(powers.max()! - powers.min()! < 1e-3, "step \(step): \(powers)")
        }
    }

    /// With and without the preference: nearly the same cost, the same prices, a bound below both.
    @Test(arguments: 1...30) func thePreferenceCostsNothing(seed: UInt64) throws {
        let problem = PlanLawTests.random(seed)
        let smooth = RollingOptimum().plan(problem)
        let any = RollingOptimum(smooth: false).plan(problem)

        #expect(abs(smooth.objective - any.objective) <= 1e-6 * abs(any.objective))
        #expect(near(smooth.prices, any.prices, absolute: 1e-4 * 20))
        let proof = try #require(smooth.certificate)
        #expect(proof.bound <= any.objective + 1e-8 * abs(any.objective))
    }
}
