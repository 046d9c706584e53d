import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// The like of cases that users of other programs reported as faults there.
@Suite struct PublicReportTests {
    private static let methods = DispatchMethod.allCases.filter { $0 != .unitCommitment }

    /// PyPSA issues 705, 1126 and 1282: a ramp below the minimum load must not keep a unit from its start,
    /// nor a dear unit on when a cheap one can serve alone.
    @Test(arguments: methods) func aRampBelowTheMinimumLoadBlocksNoStart(method: DispatchMethod) {
        var hours = Case(steps: 6)
        hours.load([0, 20, 70, 70, 70, 0])
        hours.add([0], [100], deliver: [0.2], ramp: 20, minimum: 20, role: .source)
        hours.add([0], [100], deliver: [0.7], minimum: 10, role: .source)
        let plan = method.makeDispatcher().plan(hours.problem())
        #expect(plan.unserved == .zero && plan.surplus.allSatisfy { $0.value < 1 }, "\(method)")
        let cheap = plan.kilowatts(1)
        #expect(cheap[0] < 1e-3 && cheap[1] > 19 && cheap[5] < 1e-3, "\(method): \(cheap)")
        if method == .rollingOptimum { #expect(plan.kilowatts(2)[4] < 1e-3) }
    }

    /// PyPSA issue 486: a cheap unit that stops for a step without demand stays off for its minimum down
    /// time.
    @Test(.needsHiGHS) func aStopLastsItsMinimumDownTime() {
        var hours = Case(steps: 10)
        hours.load([0, 100, 100, 100, 0, 100, 100, 100, 100, 100])
        hours.add([0], [100], deliver: [0.3], minimum: 10, role: .source, cycling: Cycling(isOn: false))
        hours.add(
            [0], [100], deliver: [0.1], minimum: 10, role: .source,
            cycling: Cycling(minimumUp: 3, minimumDown: 3, isOn: false))
        let plan = UnitCommitment(options: .init(gap: 0)).plan(hours.problem())
        #expect(near(plan.kilowatts(2), [0, 100, 100, 100, 0, 0, 0, 100, 100, 100]))
        #expect(near(plan.kilowatts(1), [0, 0, 0, 0, 0, 100, 100, 0, 0, 0]) && plan.unserved == .zero)
    }

    /// battery_sim issue 172: a store does not discharge while the connection pays for taking, except by the
    /// rules that look at no price.
    @Test(arguments: methods.filter { $0 != .selfConsumption && $0 != .peakShaving })
    func noStoreDischargesAtANegativePrice(method: DispatchMethod) {
        var hours = Case(steps: 4)
        hours.load([20])
        hours.connection(limit: 100, price: [-0.1, 0.4, 0.6, 0.5])
        hours.add([-30], [30], store: Case.store(50, 0...100))
        let plan = method.makeDispatcher().plan(hours.problem())
        #expect(plan.kilowatts(2)[0] < 1e-3, "\(method): \(plan.kilowatts(2))")
        #expect(plan.unserved == .zero)
    }

    /// FlexMeasures issue 2310: a store is not emptied because the horizon ends.
    @Test func theEndOfTheHorizonEmptiesNoStore() {
        var hours = Case(steps: 4)
        hours.load([20])
        hours.connection(limit: 100, price: [0.4, 0.5, 0.6, 0.5])
        hours.add([-30], [30], store: Case.store(50, 0...100, charge: 1, discharge: 1))
        let plan = RollingOptimum().plan(hours.problem())
        // Worth 0.5 at the end: it gives only in the hour of 0.6, and takes in that of 0.4.
        let store = plan.kilowatts(2)
        #expect(near([store[0], store[2]], [-30, 20]))
    }
}
