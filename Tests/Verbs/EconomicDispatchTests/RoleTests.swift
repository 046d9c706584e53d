import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// The part of an offer is stated, and does not follow from its bounds; limits far beyond use change nothing.
@Suite struct RoleTests {
    private static let methods = DispatchMethod.allCases.filter { $0 != .unitCommitment }

    private func island(limit: Double, export: Double, solar: Double = 0) -> DispatchProblem {
        var hours = Case(steps: 4)
        hours.load([30])
        hours.connection(limit: limit, export: export, price: [0.6], feedIn: [0.2])
        hours.add([0], [80], deliver: [1.9], perHourOn: 12, minimum: 24, role: .source)
        hours.add(
            [-60], [60], deliver: [0.1], store: Case.store(100, 20...190, charge: 0.95, discharge: 0.95))
        hours.add([0], [solar], role: .source)
        return hours.problem()
    }

    @Test(arguments: methods) func aConnectionThatOnlyExportsIsNoLoad(method: DispatchMethod) {
        let plan = method.makeDispatcher().plan(island(limit: 0, export: 100))
        #expect(plan.unserved == .zero && plan.shortfalls.isEmpty)
        // Nothing is sold at 0.2 that was made at 1.9, or that would replace it.
        #expect(near(plan.kilowatts(1), [0, 0, 0, 0]))
        #expect(plan.certificate.map { $0.bound <= plan.objective + 1e-6 } ?? true)
    }

    @Test(arguments: methods, [(0.0, 100.0), (100, 0), (0, 0)])
    func everyLimitOfTheConnectionCanBeZero(method: DispatchMethod, limits: (Double, Double)) {
        let problem = island(limit: limits.0, export: limits.1, solar: 50)
        let plan = method.makeDispatcher().plan(problem)
        #expect(plan.unserved == .zero)
        let optimum = RollingOptimum().plan(problem)
        #expect(optimum.certificate!.bound <= plan.objective + 1e-3)
        for step in 0..<4 { #expect(plan.shed(at: step) == .zero) }
    }

    @Test(arguments: methods) func aLimitOfZeroIsLikeOneWatt(method: DispatchMethod) {
        func plan(_ limit: Double) -> Plan {
            method.makeDispatcher().plan(island(limit: limit, export: 100, solar: 20))
        }
        #expect(abs(plan(0).objective - plan(0.001).objective) < 0.02, "\(method)")
    }

    /// An import limit of 30 GW, a store of 10⁶ GWh, one of 30 GW.
    @Test func limitsBeyondUseChangeNothing() {
        func plan(limit: Double, capacity: Double, power: Double) -> Plan {
            var hours = Case(steps: 6)
            hours.load([30, 40, 50, 60, 20, 10])
            hours.connection(limit: limit, export: 20, price: [0.3, 0.4, 0.9, 1.1, 0.5, 0.6], feedIn: [0.1])
            hours.add([0], [20, 30, 0, 0, 10, 5], role: .source)
            hours.add(
                [-power], [power], deliver: [0.05],
                store: Case.store(capacity / 2, 0...capacity, charge: 0.95, discharge: 0.95))
            return RollingOptimum().plan(hours.problem(stored: 0.5))
        }
        let usual = plan(limit: 200, capacity: 1000, power: 15)
        for other in [
            plan(limit: 3e7, capacity: 1000, power: 15), plan(limit: 200, capacity: 1e12, power: 15),
        ] {
            #expect(other.status == .optimal)
            for i in 0..<4 { #expect(near(other.kilowatts(i), usual.kilowatts(i)), "offer \(i)") }
        }
        let small = plan(limit: 200, capacity: 10, power: 15)
        let strong = plan(limit: 200, capacity: 10, power: 3e7)
        #expect(abs(small.objective - strong.objective) < 1e-3)
    }

    /// Steps of 15 kW for a unit of 80 kW; a start and a stop are free of it, as in the plant.
    @Test(arguments: methods) func startsAreFreeOfTheRamp(method: DispatchMethod) {
        var hours = Case(steps: 6)
        hours.load([20, 60, 60, 20, 60, 20])
        hours.connection(limit: 20, price: [0.5])
        hours.add([0], [80], deliver: [1.9], ramp: 15, minimum: 0, role: .source)
        let problem = hours.problem()
        let plan = method.makeDispatcher().plan(problem)
        #expect(plan.unserved == .zero)
        let bound = RollingOptimum().plan(problem).certificate!.bound
        #expect(bound <= plan.objective + 1e-6)
        if method != .cycleCharging { #expect(near(plan.kilowatts(2), [0, 40, 40, 0, 40, 0])) }
    }

    /// While a unit stays on it keeps its ramp: the relaxed plan does not.
    @Test func aUnitThatStaysOnKeepsItsRamp() {
        var hours = Case(steps: 4)
        hours.load([30, 80, 30, 80])
        hours.connection(limit: 10, price: [0.5])
        hours.add([0], [80], deliver: [1.9], ramp: 15, minimum: 20, role: .source)
        for method in Self.methods {
            let plan = method.makeDispatcher().plan(hours.problem())
            let powers = [0] + plan.kilowatts(2)
            for (before, after) in zip(powers, powers.dropFirst()) where min(before, after) > 0 {
                #expect(abs(after - before) < 15 + 1e-3, "\(method): \(powers)")
            }
        }
    }

    private func night(end: Requirements.End) -> DispatchProblem {
        var hours = Case(steps: 4)
        hours.load([8])
        hours.add([0], [60, 0, 0, 0], role: .source)
        hours.add([-100], [100], store: Case.store(80, 0...100, charge: 0.95, discharge: 0.95))
        var problem = hours.problem()
        problem.requirements.end = end
        return problem
    }

    @Test func whatIsStoredInAnIslandIsWorthTheLoadThatItWillServe() {
        let problem = night(end: .valued)
        #expect(abs(problem.storedValue(of: 2).yuanPerKilowattHour - 0.99 * 20 * 0.95) < 1e-9)
        let plan = RollingOptimum().plan(problem)
        #expect(plan.unserved == .zero)
        // The sun is not curtailed while the store has room.
        #expect(near([plan.kilowatts(2)[0]], [-20 / 0.95]))
    }

    /// Two days of sun and night, planned a day at a time. A connection of 1 kW beside a load of 8 kW has to
    /// give in the dark at any price of the tariff, and does, because what is stored is worth lost load.
    @Test(arguments: [DispatchMethod.rollingOptimum, .meritOrder])
    func aWeakConnectionDoesNotEmptyTheStore(method: DispatchMethod) {
        var hours = Case(steps: 6)
        hours.load([8])
        hours.connection(limit: 1, price: [0.2, 0.9, 0.3, 0.2, 0.9, 0.3])
        hours.add([0], [30, 0, 0, 0, 0, 0], role: .source)
        hours.add([-100], [100], store: Case.store(16.5, 0...100, charge: 0.95, discharge: 0.95))
        let plan = method.makeDispatcher().plan(hours.problem())
        #expect(plan.unserved == .zero)
        #expect(near(Array(plan.kilowatts(1)[1...]), [1, 1, 1, 1, 1]))
        let value = plan.problem.storedValue(of: 3).yuanPerKilowattHour
        #expect(abs(value - 0.99 * 20 * 0.95) < 1e-9)
    }

    @Test func noLoadIsShedForTheStoreAtTheEnd() {
        for end in [Requirements.End.asNow, .contents([nil, nil, Energy(kilowattHours: 100)])] {
            let plan = RollingOptimum().plan(night(end: end))
            #expect(plan.unserved == .zero)
            #expect(plan.outcomes.map(\.name) == ["stored energy at the end"])
            #expect(plan.outcomes[0].beyond.last! > 1000)
            #expect(plan.certificate!.bound <= plan.objective + 1e-6)
        }
    }
}
