import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// A genset of 100 kW with a minimum of 30 kW beside a connection of 80 kW.
@Suite struct MinimumLoadTests {
    private func plan(demand: [Double], perHourOn: Double = 0) -> Plan {
        var hours = Case(steps: demand.count)
        hours.load(demand)
        hours.connection(limit: 80, price: [0.5])
        hours.add([0], [100], deliver: [2], perHourOn: perHourOn, ramp: 1000, minimum: 30)
        return RollingOptimum().plan(hours.problem())
    }

    @Test func aboveHalfItRunsAtItsMinimum() {
        let plan = plan(demand: [100, 70])
        #expect(near(plan.kilowatts(2), [30, 0]) && near(plan.kilowatts(1), [70, 70]))
        // Ten kWh more of the genset, ten less of the grid, than if it could run at 20.
        #expect(abs(plan.commitmentCost - 15) < 1e-3)
    }

    @Test func belowHalfItRunsOnlyToSpareALoad() {
        let plan = plan(demand: [90])
        #expect(near(plan.kilowatts(2), [30]) && near(plan.kilowatts(1), [60]))
        #expect(abs(plan.shed(at: 0).kilowatts) < 1e-3)
    }

    @Test func belowHalfItIsSwitchedOffWhereSomethingElseServes() {
        var hour = Case(steps: 1)
        hour.load([90])
        hour.connection(limit: 80, price: [0.5])
        hour.add([0], [100], deliver: [2], minimum: 30)
        hour.add([0], [50], deliver: [2.5])
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(2), [0]) && near(plan.kilowatts(3), [10]))
        #expect(abs(plan.commitmentCost - 5) < 1e-3)
    }

    /// Half its minimum is enough for the rule; that the other does for 10 yuan less is found by trying.
    @Test func aboveHalfItIsOffWhereSomethingElseServesForLess() {
        var hour = Case(steps: 1)
        hour.load([100])
        hour.connection(limit: 80, price: [0.5])
        hour.add([0], [100], deliver: [2], minimum: 30)
        hour.add([0], [50], deliver: [2.5])
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(2), [0]) && near(plan.kilowatts(3), [20]))
    }

    /// 1 yuan/kWh and 100 yuan an hour are 2 yuan/kWh of a unit of 100 kW: dearer than 1.5, cheaper than 2.5.
    @Test(arguments: [(1.5, 0.0), (2.5, 20.0)])
    func itsHoursAreWeighedInProportion(rival: Double, power: Double) {
        var hour = Case(steps: 1)
        hour.load([20])
        hour.add([0], [100], deliver: [1], perHourOn: 100, minimum: 10)
        hour.add([0], [50], deliver: [rival])
        #expect(near(RollingOptimum().plan(hour.problem()).kilowatts(1), [power]))
    }

    /// Ten kWh of a load worth 3 yuan each are not worth running 30 kW at 2 in the place of 20 at 0.5.
    @Test func sparingALoadMustBeWorthIt() {
        var hour = Case(steps: 1)
        hour.load([90], value: 3)
        hour.connection(limit: 80, price: [0.5])
        hour.add([0], [100], deliver: [2], perHourOn: 10, minimum: 30)
        let plan = RollingOptimum().plan(hour.problem())
        #expect(near(plan.kilowatts(2), [0]) && abs(plan.shed(at: 0).kilowatts - 10) < 1e-3)
    }

    @Test func hoursOnAreCounted() {
        let plan = plan(demand: [150, 70], perHourOn: 40)
        #expect(near(plan.kilowatts(2), [70, 0]))
        #expect(abs(plan.objective - (80 * 0.5 + 70 * 2 + 40 + 70 * 0.5)) < 1e-3)
    }

    @Test func startingAndStoppingAreFreeOfTheRamp() {
        var hours = Case(steps: 4)
        hours.load([20, 100, 100, 20])
        hours.connection(limit: 60, price: [0.5])
        hours.add([0], [100], deliver: [2], ramp: 12, minimum: 30)
        let plan = RollingOptimum().plan(hours.problem())
        #expect(near(plan.kilowatts(2), [0, 40, 40, 0]))
    }
}
