import EconomicDispatch
import Foundation
import Grid
import Scheduling
import TestSupport
import Testing
import Timeline

/// A dispatcher that has planned before begins from its last plan: what it answers must not depend on it.
@Suite struct WarmStartTests {
    /// A microgrid, kW, kWh and yuan/kWh: load, sun and wind, battery, genset, connection.
    struct Microgrid {
        var limits = (connection: 450.0, export: 300.0, genset: 400.0, battery: 500.0, ramp: 100.0)
        var capacity = 2000.0
        var fuel = 0.3
        var endValue = 0.15

        /// `rows`: load, sun, wind, price of each hour from hour `first` on.
        func window(_ rows: [[Double]], from first: Int, stored: Double, running: Double) -> DispatchProblem {
            let horizon = Horizon(
                start: Instant(secondsSinceEpoch: Int64(first) * 3600), step: 3600, count: rows.count)
            func offer(
                _ i: Int, _ lower: [Double], _ upper: [Double], _ cost: Cost, store: Reservoir? = nil,
                ramp: Double? = nil
            ) -> Offer {
                Offer(
                    device: DeviceID(i), horizon: horizon, lower: lower.map { Power(kilowatts: $0) },
                    upper: upper.map { Power(kilowatts: $0) }, cost: cost, reservoir: store,
                    ramp: ramp.map { $0 / 3.6 }, power: Power(kilowatts: running))
            }
            func flat(_ kilowatts: Double) -> [Double] { Array(repeating: kilowatts, count: rows.count) }
            func price(_ yuan: Double) -> EnergyCost { EnergyCost(yuanPerKilowattHour: yuan) }
            let store = Reservoir(
                stored: Energy(kilowattHours: stored), minimum: .zero,
                maximum: Energy(kilowattHours: capacity), chargeEfficiency: 0.95, dischargeEfficiency: 0.95,
                selfDischarge: 0.0002)
            let offers = [
                offer(0, rows.map { -$0[0] }, flat(0), Cost(constant: price(5))),
                offer(1, flat(0), rows.map { $0[1] }, .free),
                offer(2, flat(0), rows.map { $0[2] }, .free),
                offer(
                    3, flat(-limits.battery), flat(limits.battery),
                    Cost(deliver: [price(0.01)], absorb: [.zero]), store: store),
                offer(4, flat(0), flat(limits.genset), Cost(constant: price(fuel)), ramp: limits.ramp),
                offer(
                    5, flat(-limits.export), flat(limits.connection),
                    Cost(deliver: rows.map { price($0[3]) }, absorb: [price(0.05)])),
            ]
            return DispatchProblem(horizon: horizon, offers: offers, storedValue: price(endValue))
        }
    }

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
        let file = Checkout.golden.appending(path: "dispatch/mg1_8760.csv")
        let year = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",").map { Double($0)! } }
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
        var state = (seed + 1) &* 0x9E37_79B9_7F4A_7C15
        func next(_ low: Double, _ high: Double) -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return low + (high - low) * Double(state >> 11) / 9_007_199_254_740_992
        }
        let (warm, cold) = (RollingOptimum(), RollingOptimum(warm: false))
        for sequence in 0..<10 {
            let grid = Microgrid(
                limits: (next(0, 500), next(0, 300), next(0, 400), next(50, 500), next(20, 200)),
                capacity: next(300, 3000), fuel: next(0.1, 0.6), endValue: next(0, 0.3))
            var first = Int(next(0, 100))
            for window in 0..<4 {
                let rows = (0..<24).map { _ in
                    [next(100, 700), max(next(-300, 600), 0), next(0, 400), next(0.05, 0.4)]
                }
                let problem = grid.window(
                    rows, from: first, stored: next(0, grid.capacity), running: next(0, grid.limits.genset))
                let agree = agree(warm.plan(problem), cold.plan(problem))
                #expect(agree, "sequence \(sequence), window \(window)")
                first += Int(next(-2, 5))
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
