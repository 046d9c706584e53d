import DispatchSamples
import EconomicDispatch
import Glibc
import Grid
import Optimization
import Scheduling
import TestSupport
import Testing

/// Laws every plan keeps, over random problems.
@Suite struct PlanLawTests {
    static func random(_ seed: UInt64) -> DispatchProblem {
        var random = SplitMix64(seed: seed)
        var problem = Case(steps: 24)
        func series(_ range: ClosedRange<Double>) -> [Double] { random.uniform(range, count: 24) }
        for k in 0..<6 { problem.load(series(5...40), value: k < 4 ? 20 : 15, rating: -50) }
        for _ in 0..<3 { problem.add([0], series(0...60), rating: 70) }
        for _ in 0..<2 {
            problem.add(
                [-30], [30], deliver: [random.uniform(0...0.2)],
                store: Case.store(random.uniform(10...90), 10...90, leak: 0.001))
        }
        problem.add(
            [0], [80], deliver: [1.5], quadratic: 0.001, perHourOn: 8, ramp: 40, power: 20, minimum: 24)
        problem.connection(
            limit: random.uniform(20...200), export: 40, price: series(0.2...1),
            feedIn: [random.uniform(0...0.2)])
        return problem.problem(losses: series(0...3))
    }

    @Test(arguments: 1...30) func boundsBalanceAndStoresHold(seed: UInt64) {
        let problem = Self.random(seed)
        for method in DispatchMethod.allCases {
            let plan = method.makeDispatcher().plan(problem)
            for step in 0..<24 {
                var sum = plan.shortage[step] - plan.surplus[step] - problem.losses[step]
                for (i, offer) in problem.offers.enumerated() {
                    let power = plan.power(of: i, at: step)
                    sum += power
                    let beyond = max(offer.lower[step] - power, power - offer.upper[step])
                    #expect(beyond <= .zero, "\(method), step \(step), offer \(i): by \(beyond)")
                    if let minimum = offer.minimumWhenOn {
                        #expect(power == .zero || power.value > minimum.value - 1)
                    }
                    if let reservoir = offer.reservoir {
                        // Rules do not recharge what leaks out below the minimum.
                        let content = plan.stored(in: i, at: step).value
                        #expect(
                            content > reservoir.minimum.value * 0.97 && content < reservoir.maximum.value + 1)
                    }
                }
                #expect(abs(sum.value) < 1, "\(method) \(step)")
            }
        }
    }

    /// Of a store that leaks 5 % an hour and a unit of slow ramp, in steps shorter and longer than the
    /// hour: e' = (1 − leak)^h·e + h·charged·η − h·given/η, and |Δp| ≤ ramp·h.
    @Test(arguments: [900, 7200], DispatchMethod.allCases)
    func storesAndRampsKeepTime(step: Int, method: DispatchMethod) throws {
        let hours = Double(step) / 3600
        let demand = (0..<24).map { 60 + 50 * ($0 % 6 < 3 ? 1.0 : -1) }
        var problem = Case(steps: 24)
        problem.step = step
        problem.load(demand)
        problem.connection(limit: 90, export: 20, price: demand.map { 0.2 + $0 / 200 }, feedIn: [0.1])
        problem.add([-20], [20], store: Case.store(40, 10...60, leak: 0.05))
        problem.add([0], [40], deliver: [0.3], ramp: 12, power: 10)
        let plan = method.makeDispatcher().plan(problem.problem())
        var (content, power) = (40_000.0, 10.0)
        var steepest = 0.0
        for at in 0..<24 {
            let given = plan.power(of: 2, at: at).value
            content = content * pow(0.95, hours) - hours * (given > 0 ? given / 0.9 : given * 0.9)
            #expect(abs(plan.stored(in: 2, at: at).value - content) < 0.1)
            steepest = max(steepest, abs(plan.kilowatts(3)[at] - power))
            power = plan.kilowatts(3)[at]
        }
        #expect(abs(steepest - 12 * hours) < 1e-3)
    }

    @Test(arguments: 1...30) func mergingChangesNoObjective(seed: UInt64) {
        let problem = Self.random(seed)
        let merged = RollingOptimum().plan(problem)
        let apart = RollingOptimum(merging: false).plan(problem)
        #expect(merged.status == .optimal && apart.status == .optimal)
        #expect(abs(merged.objective - apart.objective) < 1e-6 * abs(merged.objective) + 1e-3)
    }

    @Test(arguments: 1...10) func lapackAndLoopsPlanAlike(seed: UInt64) {
        let problem = Self.random(seed)
        let loops = RollingOptimum().plan(problem)
        let lapack = RollingOptimum(kernel: .lapack).plan(problem)
        #expect(abs(loops.objective - lapack.objective) < 1e-6 * abs(loops.objective) + 1e-3)
    }

    @Test(arguments: 1...10) func theRelaxedOptimumIsBelowTheRules(seed: UInt64) {
        let problem = Self.random(seed)
        let best = RollingOptimum().plan(problem)
        #expect(MeritOrder().plan(problem).objective > best.objective - best.commitmentCost - 1e-3)
    }

    @Test func aUsedDispatcherPlansLikeANewOne() {
        let dispatcher = RollingOptimum()
        for seed in 1...5 as ClosedRange<UInt64> {
            #expect(dispatcher.plan(Self.random(seed)) == RollingOptimum().plan(Self.random(seed)))
        }
    }
}
