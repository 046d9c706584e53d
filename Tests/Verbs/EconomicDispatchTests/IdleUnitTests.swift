import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Units with a minimum load are switched on and off by what it costs, not by half their minimum alone.
@Suite struct IdleUnitTests {
    /// Methods that need nothing but the problem; unit commitment does where HiGHS is installed.
    private static let methods = DispatchMethod.allCases.filter { $0 != .unitCommitment }

    /// 34 kW behind a connection of 30 kW, and a genset of 100 kW that gives nothing below 30 kW.
    private func weak(_ demand: [Double], gensets: Int = 1, cycling: Cycling? = nil, ramp: Double? = nil)
        -> DispatchProblem
    {
        var hours = Case(steps: demand.count)
        hours.load(demand)
        hours.connection(limit: 30, price: [0.7])
        for _ in 0..<gensets {
            hours.add(
                [0], [100], deliver: [1.9], perHourOn: 15.2, ramp: ramp, minimum: 30, role: .source,
                cycling: cycling)
        }
        return hours.problem()
    }

    private func shed(_ plan: Plan) -> Double { plan.unserved.kilowattHours }

    @Test(arguments: methods) func nobodyIsShedBesideAnIdleUnit(method: DispatchMethod) {
        let plan = method.makeDispatcher().plan(weak([25, 34, 34, 25]))
        #expect(shed(plan) == 0)
        // Cycle charging lets a unit that runs give all that the load takes.
        let power = method == .cycleCharging ? 34.0 : 30
        #expect(near(plan.kilowatts(2), [0, power, power, 0]))
        #expect(near(plan.kilowatts(1), [25, 34 - power, 34 - power, 25]))
    }

    @Test(arguments: methods) func oneOfSeveralIsEnough(method: DispatchMethod) {
        let plan = method.makeDispatcher().plan(weak([34, 34], gensets: 3, ramp: 10))
        #expect(shed(plan) == 0)
        let on = (2...4).map { unit in plan.kilowatts(unit).map { $0 > 0 } }
        #expect((0..<2).allSatisfy { step in on.count { $0[step] } == 1 })
    }

    /// Two hours of 4 kW at 20 yuan/kWh are worth 160 yuan, less 2·(72.2 − 18.2) for running: 52 are left.
    @Test(arguments: [(40.0, 0.0), (60, 8)]) func aStartIsPaidOnlyWhereItIsWorthIt(cost: Double, shed: Double)
    {
        let problem = weak([25, 34, 34, 25], cycling: Cycling(hotStart: cost, isOn: false))
        for method in Self.methods {
            #expect(abs(self.shed(method.makeDispatcher().plan(problem)) - shed) < 1e-6, "\(method)")
        }
    }

    /// The surplus of a unit at its minimum has nowhere to go, and the connection would be cheaper.
    @Test(arguments: [DispatchMethod.rollingOptimum, .meritOrder, .loadFollowing, .selfConsumption])
    func aUnitAtItsMinimumGoesOffWhereThatIsCheaper(method: DispatchMethod) {
        var hour = Case(steps: 1)
        hour.load([20])
        hour.connection(limit: 50, price: [1])
        hour.add([0], [100], deliver: [0.9], minimum: 30, role: .source)
        let plan = method.makeDispatcher().plan(hour.problem())
        #expect(near(plan.kilowatts(1), [20]) && near(plan.kilowatts(2), [0]))
    }

    @Test(arguments: 1...25) func theOptimumIsNoDearerThanARule(seed: UInt64) {
        var problem = PlanLawTests.random(seed)
        // A weak connection, so that the unit matters.
        let connection = problem.offers.count - 1
        problem.offers[connection].upper = problem.offers[connection].upper.map {
            min($0, Power(kilowatts: 40))
        }
        let optimum = RollingOptimum().plan(problem)
        let bound = optimum.certificate!.bound
        for method in [
            DispatchMethod.meritOrder, .loadFollowing, .cycleCharging, .selfConsumption, .peakShaving,
        ] {
            let plan = method.makeDispatcher().plan(problem)
            // A rounding that costs less than this is not looked into.
            #expect(optimum.objective <= plan.objective + 0.05 * abs(bound), "\(method)")
            #expect(plan.objective > bound - 1e-6 * abs(bound))
        }
    }
}
