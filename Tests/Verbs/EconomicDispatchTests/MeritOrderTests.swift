import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

@Suite struct MeritOrderTests {
    private func plan(_ problem: DispatchProblem) -> Plan { MeritOrder().plan(problem) }

    @Test func surplusChargesThenExportsThenIsCurtailed() {
        var hours = Case(steps: 2)
        hours.load([10])
        hours.add([0], [100], rating: 120)
        hours.connection(limit: 50, export: 20, price: [0.5], feedIn: [0.1])
        hours.add([-30], [30], store: Case.store(0, 0...27, charge: 0.9))
        let plan = plan(hours.problem())
        #expect(near(plan.kilowatts(3), [-30, 0]))
        #expect(near(plan.kilowatts(2), [-20, -20]))
        #expect(near(plan.kilowatts(1), [60, 30]))
        #expect(plan.status == .ruleBased)
    }

    @Test func storesGiveWhereThePriceIsAboveItsMean() {
        var hours = Case(steps: 3)
        hours.load([50])
        hours.connection(limit: 100, price: [0.2, 0.9, 0.5])
        hours.add([-30], [30], store: Case.store(100, 0...100))
        #expect(near(plan(hours.problem()).kilowatts(2), [0, 30, 0]))
    }

    @Test func cheapSourcesFirstThenStoresThenTheCheapestLoad() {
        var hour = Case(steps: 1)
        hour.load([100], value: 9)
        hour.load([100], value: 5)
        hour.connection(limit: 60, price: [0.5])
        hour.add([0], [40], deliver: [1.8])
        hour.add([0], [20], deliver: [0.3])
        hour.add([-30], [30], store: Case.store(100, 0...100))
        let plan = plan(hour.problem())
        #expect(
            near(
                plan.kilowatts(4) + plan.kilowatts(2) + plan.kilowatts(3) + plan.kilowatts(5),
                [20, 60, 40, 30]))
        #expect(near(plan.kilowatts(0) + plan.kilowatts(1), [-100, -50]))
        #expect(near(plan.prices, [5]))
    }

    /// 10 kW not served would cost more than a unit at its minimum, which leaves 20 kW to the connection.
    @Test func aUnitBelowHalfItsMinimumRunsBeforeLoadIsShed() {
        var hours = Case(steps: 2)
        hours.load([70, 80])
        hours.connection(limit: 60, export: 10, price: [0.5], feedIn: [0.1])
        hours.add([0], [100], deliver: [2], minimum: 30)
        let plan = plan(hours.problem())
        #expect(near(plan.kilowatts(2), [30, 30]))
        #expect(near((0..<2).map { plan.shed(at: $0).kilowatts }, [0, 0]))
        #expect(near(plan.kilowatts(1), [40, 50]))
    }

    @Test(arguments: DispatchMethod.allCases) func lossesAreCovered(method: DispatchMethod) {
        var hours = Case(steps: 2)
        hours.load([10])
        hours.connection(limit: 50, price: [0.5])
        let plan = method.makeDispatcher().plan(hours.problem(losses: [5, 7]))
        #expect(near(plan.kilowatts(1), [15, 17]))
    }

    @Test func methodsCarryTheNamesPeopleWrite() {
        #expect(
            DispatchMethod.allCases.map(\.rawValue) == [
                "rolling-optimum", "stochastic-optimum", "merit-order", "load-following", "cycle-charging",
                "self-consumption", "peak-shaving", "unit-commitment",
            ])
        #expect(DispatchMethod(rawValue: "merit-order")?.makeDispatcher() is MeritOrder)
    }
}
