import DispatchSamples
import EconomicDispatch
import Grid
import Scheduling
import TestSupport
import Testing

/// A dispatcher that has planned before begins from its last plan: what it answers must not depend on it.
@Suite struct WarmStartTests {
    /// Whether both are optimal, of one cost, and the warm one certified.
    private func agree(_ warm: Plan, _ cold: Plan) -> Bool {
        guard warm.status == .optimal, cold.status == .optimal, let proof = warm.certificate else {
            return false
        }
        // Of the two the cold one is the blunter: 1e-8 of the prices and powers of its program, which reach
        // to shortage at 20 yuan/kWh.
        return abs(warm.objective - cold.objective) < 2e-8 * (1e4 + abs(cold.objective))
            && max(proof.primalResidual, proof.dualResidual, proof.gap) <= 1e-8
    }

    /// The 8,760 windows of `Tests/Golden/dispatch/README.md`, section C, each from the state the last one
    /// left: 496,613.77132 in all, says HiGHS.
    @Test func aYearOfWindowsHourByHour() throws {
        let year = try GoldenTable("dispatch/mg1_8760").numbers
        let (warm, cold) = (RollingOptimum(), RollingOptimum(warm: false))
        var (stored, running, cost, exchanges) = (1000.0, 0.0, 0.0, 0)
        var apart: [Int] = []
        for k in year.indices {
            let rows = (k..<k + 24).map { year[$0 % year.count] }
            let problem = Microgrid().window(rows, from: k, stored: stored, running: running)
            let plan = warm.plan(problem)
            if !agree(plan, cold.plan(problem)) { apart.append(k) }
            exchanges += plan.iterations
            (stored, running) = (plan.stored(in: 3, at: 0).kilowattHours, plan.kilowatts(4)[0])
            let (battery, connection) = (plan.kilowatts(3)[0], plan.kilowatts(5)[0])
            cost += 0.3 * running + 0.01 * max(battery, 0) + 5 * (plan.kilowatts(0)[0] + year[k][0])
            cost += connection > 0 ? year[k][3] * connection : 0.05 * connection
        }
        #expect(apart == [])
        #expect(abs(cost - 496_613.77132) < 1e-6 * cost, "\(cost)")
        // It does begin from the last plan: the interior point takes eleven iterations.
        #expect(exchanges < 3 * year.count, "\(exchanges)")
    }

    /// Forecasts that change, hours that are skipped, another microgrid of the same shape in between.
    @Test(arguments: 0..<20) func hintsThatAreWrongOrStaleDoNoHarm(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let (warm, cold) = (RollingOptimum(), RollingOptimum(warm: false))
        for sequence in 0..<10 {
            let grid = Microgrid(
                limits: (
                    random.uniform(0...500), random.uniform(0...300), random.uniform(0...400),
                    random.uniform(50...500), random.uniform(20...200)
                ),
                capacity: random.uniform(300...3000), fuel: random.uniform(0.1...0.6),
                endValue: random.uniform(0...0.3))
            var first = Int(random.uniform(0...100))
            for window in 0..<4 {
                let rows = (0..<24).map { _ in
                    [
                        random.uniform(100...700), max(random.uniform(-300...600), 0),
                        random.uniform(0...400), random.uniform(0.05...0.4),
                    ]
                }
                let problem = grid.window(
                    rows, from: first, stored: random.uniform(0...grid.capacity),
                    running: random.uniform(0...grid.limits.genset))
                let agree = agree(warm.plan(problem), cold.plan(problem))
                #expect(agree, "sequence \(sequence), window \(window)")
                first += Int(random.uniform(-2...5))
            }
        }
    }

    /// Two gensets that cost the same may share a load as they like: many plans are the best. Then the answer
    /// is the cold one, to the last bit.
    @Test func amongPlansThatAreAllBestTheHintDecidesNothing() {
        let warm = RollingOptimum(merging: false)
        let cold = RollingOptimum(merging: false, warm: false)
        for k in 0..<5 {
            var hours = Case(steps: 4)
            hours.load([40, 30, 35 + Double(k), 40])
            for _ in 0..<2 { hours.add([0], [45], deliver: [0.3]) }
            let isTheSame = warm.plan(hours.problem()) == cold.plan(hours.problem())
            #expect(isTheSame, "plan \(k)")
        }
    }
}
