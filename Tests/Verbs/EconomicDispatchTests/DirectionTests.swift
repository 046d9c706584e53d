import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// Where energy costs less than nothing, the convex program would give and take at once to lose some.
@Suite struct DirectionTests {
    private func problem(_ seed: UInt64) -> DispatchProblem {
        var random = SplitMix64(seed: seed)
        var hours = Case(steps: 12)
        hours.load(random.uniform(5...40, count: 12))
        hours.add([0], random.uniform(0...60, count: 12))
        let prices = random.uniform(-0.6...0.8, count: 12)
        hours.connection(limit: 120, export: 30, price: prices, feedIn: prices.map { $0 - 0.05 })
        hours.add([-40], [40], store: Case.store(random.uniform(0...100), 0...100))
        hours.add(
            [-20], [20], store: Case.store(random.uniform(0...40), 0...40, charge: 0.95, discharge: 0.8))
        return hours.problem()
    }

    /// The powers are net and followed by the stores, and what the plan says it costs is what they cost.
    @Test(arguments: 1...60) func storesFollowThePlan(seed: UInt64) throws {
        let problem = problem(seed)
        let plan = RollingOptimum().plan(problem)
        let certificate = try #require(plan.certificate)
        for i in [3, 4] {
            let reservoir = problem.offers[i].reservoir!
            var content = reservoir.stored.value
            for step in 0..<12 {
                let given = plan.power(of: i, at: step).value
                content -=
                    given > 0 ? given / reservoir.dischargeEfficiency : given * reservoir.chargeEfficiency
                #expect(content > -1 && content < reservoir.maximum.value + 1)
                #expect(abs(content - plan.stored(in: i, at: step).value) < 1e-3)
            }
        }
        for step in 0..<12 {
            let sum = problem.offers.indices.reduce(0) { $0 + plan.power(of: $1, at: step).value }
            #expect(abs(sum + plan.shortage[step].value - plan.surplus[step].value) < 1)
        }
        #expect(plan.objective > certificate.bound - 1e-4)
        // The rule costs little against the relaxation, which cannot be reached: at most 16.3 yuan in these
        // problems.
        #expect(plan.objective - certificate.bound < 17)
    }

    /// One hour paid to take 100 kWh, with a full store of no use but to burn: it may not.
    @Test func aFullStoreBurnsNothing() {
        var hour = Case(steps: 2)
        hour.connection(limit: 50, price: [-0.5, 0.5], feedIn: [-0.5, 0.5])
        hour.add([-40], [40], store: Case.store(100, 0...100))
        hour.add([-5], [0], deliver: [0], absorb: [0])
        let plan = RollingOptimum().plan(hour.problem(stored: 0.1))
        #expect(near([plan.kilowatts(0)[0]], [5]) && near([plan.kilowatts(1)[0]], [0]))
    }
}
