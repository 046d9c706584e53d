import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// The month's peak in a plan whose steps do not fit the meter's intervals.
@Suite struct DemandRowTests {
    private func part(_ interval: Int, _ share: Double) -> DemandCharge.Part {
        .init(interval: interval, share: share)
    }

    /// Steps of 20 min over four intervals of 15 min; the plan's peak is that of its powers, and no way to
    /// serve the loads has a lower one.
    @Test("a step counts in both intervals that it overlaps")
    func sharedSteps() throws {
        var steps = Case(steps: 3)
        steps.load([0, 90, 0], value: 50)
        steps.connection(limit: 500, price: [0.5])
        steps.add([0], [30], deliver: [1])
        var problem = steps.problem()
        problem.requirements.demandCharge = DemandCharge(
            offer: 1, months: [.init(first: 0, price: 0.01)],
            parts: [
                [part(0, 1), part(1, 1 / 3.0)], [part(1, 2 / 3.0), part(2, 2 / 3.0)],
                [part(2, 1 / 3.0), part(3, 1)],
            ])
        let plan = RollingOptimum().plan(problem)
        // The other source gives 30 kW: 60 kW are imported, two thirds of them in each interval.
        #expect(near(plan.kilowatts(1), [0, 60, 0], absolute: 1e-3))
        #expect(near(plan.peaks.map(\.kilowatts), [40], absolute: 1e-3))
        #expect(abs(plan.objective - (60 * 0.5 + 30 + 400)) < 1e-2)
        let proof = try #require(plan.certificate)
        #expect(plan.status == .optimal && abs(proof.bound - plan.objective) < 1e-3)
    }

    @Test("a step that fills an interval between two others pays its whole power")
    func filledInterval() {
        var steps = Case(steps: 2)
        steps.load([80, 0], value: 50)
        steps.connection(limit: 500, price: [0.5])
        var problem = steps.problem()
        problem.requirements.demandCharge = DemandCharge(
            offer: 1, months: [.init(first: 0, price: 0.001)],
            parts: [[part(0, 1), part(1, 1), part(2, 0.2)], [part(2, 0.8)]])
        let plan = RollingOptimum().plan(problem)
        #expect(near(plan.peaks.map(\.kilowatts), [80], absolute: 1e-3))
        #expect(abs(plan.objective - (40 + 80)) < 1e-2)
    }

    /// A connection that may only export: the charge counts its import, which is zero, not its distance from
    /// the export limit.
    @Test(arguments: [0, 0.001]) func aConnectionWithoutImportPaysNoPeak(limit: Double) throws {
        var hours = Case(steps: 2)
        hours.load([40])
        hours.add([-1000], [limit], deliver: [0.5], absorb: [0.2])
        hours.add([0], [60], deliver: [0.1])
        var problem = hours.problem()
        problem.requirements.demandCharge = DemandCharge(
            offer: 1, months: [.init(first: 0, price: 0.035, soFar: Power(kilowatts: 5))])
        let plan = RollingOptimum().plan(problem)
        let proof = try #require(plan.certificate)
        #expect(plan.status == .optimal && proof.bound <= plan.objective)
        #expect(abs(proof.bound - plan.objective) < 0.1)
        #expect(near(plan.peaks.map(\.kilowatts), [5]))
    }
}
