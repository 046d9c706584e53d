import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Plans of a connection that pays more for export than it asks for import.
@Suite struct NetFlowTests {
    /// Two hours, import at 0.2, export at 0.9 yuan/kWh; a load of 20 kW and a lossless store of 60 kW.
    private func hours(limit: Double = 500) -> DispatchProblem {
        var hours = Case(steps: 2)
        hours.load([20])
        hours.connection(limit: limit, export: limit, price: [0.2], feedIn: [0.9])
        hours.add([-60], [60], store: Case.store(0, 0...60, charge: 1, discharge: 1))
        return hours.problem(stored: 0)
    }

    @Test("energy is bought in one hour and sold in the other, at the real prices")
    func boughtThenSold() throws {
        let plan = RollingOptimum().plan(hours())
        // 80 kWh bought at 0.2; 60 kWh given, 20 of them to the load and 40 sold at 0.9.
        #expect(near(plan.kilowatts(1), [80, -40], absolute: 1e-3))
        #expect(abs(plan.objective - (80 * 0.2 - 40 * 0.9)) < 1e-3)
        let proof = try #require(plan.certificate)
        #expect(proof.bound <= plan.objective)
        #expect(UnitCommitment.missing != nil || plan.status == .optimal)
    }

    @Test("the bound does not depend on how large the connection's limits are")
    func theChordReachesAsFarAsTheDevices() throws {
        let bounds = try [500.0, 1e5].map {
            try #require(RollingOptimum().plan(hours(limit: $0)).certificate).bound
        }
        #expect(abs(bounds[0] - bounds[1]) < 1e-3 * abs(bounds[0]))
    }

    @Test("what happened is reckoned at the real price of export")
    func realCost() {
        let problem = hours()
        let powers = [[-20, -20], [80, -40], [-60, 60]].map { $0.map { Power(kilowatts: $0) } }
        let costs = problem.costs(of: powers, contents: [.zero, .zero, .zero], beyondPrice: .zero)
        #expect(abs(costs.total - (80 * 0.2 - 40 * 0.9)) < 1e-9)
    }
}
