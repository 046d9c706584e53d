import Grid
import PowerFlow
import Testing

/// What holds for every network.
@Suite struct PowerFlowLawTests {
    @Test func sweepAgreesWithNewtonOnTrees() {
        for seed in 0..<1000 as Range<UInt64> {
            System.random(seed).expectSweepAgreesWithNewton("seed \(seed)")
        }
    }

    @Test(arguments: [0, 3]) func injectionsAndSourceGiveTheLosses(loops: Int) {
        for seed in 200..<300 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let point = PowerFlowSolver(network: system.network).solve(system)
            #expect(point.status == .converged, "seed \(seed)")
            #expect(point.mismatch <= 1e-8)
            let given = system.injections.active.reduce(.zero, +) + point.sourcePower
            #expect(abs(given - point.losses).isBelow(0.05), "seed \(seed): \(given) \(point.losses)")
            let ends = zip(point.powerFrom, point.powerTo).reduce(Power.zero) { $0 + $1.0 + $1.1 }
            #expect(abs(ends - point.losses).isBelow(1e-3), "seed \(seed)")
            #expect(point.losses > .zero)
        }
    }

    @Test func flowsBalanceAtEveryBus() {
        for seed in 300..<350 as Range<UInt64> {
            let system = System.random(seed, loops: 2)
            let point = PowerFlowSolver(network: system.network).solve(system)
            var rest = system.injections.active
            rest[system.network.source] = rest[system.network.source] + point.sourcePower
            for (index, branch) in system.network.branches.enumerated() {
                rest[branch.from] = rest[branch.from] - point.powerFrom[index]
                rest[branch.to] = rest[branch.to] - point.powerTo[index]
            }
            for power in rest { #expect(abs(power).isBelow(0.011)) }
        }
    }

    /// Solved loosely, so that there is something left: no bus has more than the mismatch that is reported.
    @Test func theMismatchIsWhatIsLeftAtTheWorstBus() {
        for seed in 350..<370 as Range<UInt64> {
            for method in [PowerFlowSolver.Method.sweep, .newton] {
                let system = System.random(seed)
                let point = PowerFlowSolver(network: system.network, method: method, tolerance: 1e-3)
                    .solve(system)
                #expect(point.status == .converged && point.mismatch > 0 && point.mismatch <= 1e-3)
                var rest = system.injections.active.map(\.value)
                for (index, branch) in system.network.branches.enumerated() {
                    rest[branch.from] -= point.powerFrom[index].value
                    rest[branch.to] -= point.powerTo[index].value
                }
                rest[system.network.source] = 0
                let worst = rest.map(\.magnitude).max()! / 1e6
                #expect(worst <= point.mismatch + 1e-12)
            }
        }
    }

    @Test func aWarmStartFindsTheSamePointSooner() {
        for seed in 400..<420 as Range<UInt64> {
            for method in [PowerFlowSolver.Method.sweep, .newton] {
                let system = System.random(seed)
                let solver = PowerFlowSolver(network: system.network, method: method, tolerance: 1e-10)
                let cold = solver.solve(system)
                var warm = cold
                solver.solve(system.injections, into: &warm, warmStart: true)
                #expect(warm.status == .converged)
                #expect(warm.iterations <= cold.iterations)
                #expect(warm.iterations <= 1)
                for bus in system.network.buses.indices {
                    #expect(abs(warm.voltage[bus] - cold.voltage[bus] as Voltage).isBelow(1e-4))
                }
            }
        }
    }

    /// A start from which nothing converges (a hundredth of the voltage, turned round) is given up for the
    /// source's voltage.
    @Test(arguments: [PowerFlowSolver.Method.sweep, .newton]) func aBadStartIsMadeGood(
        method: PowerFlowSolver.Method
    ) {
        for seed in 420..<440 as Range<UInt64> {
            let system = System.random(seed)
            let solver = PowerFlowSolver(network: system.network, method: method, tolerance: 1e-10)
            let cold = solver.solve(system)
            var warm = cold
            for bus in system.network.buses.indices {
                warm.voltage[bus] = warm.voltage[bus] * 0.01
                warm.angle[bus] += .pi
            }
            solver.solve(system.injections, into: &warm, warmStart: true)
            #expect(warm.status == .converged)
            for (bus, description) in system.network.buses.enumerated() {
                let difference = abs(warm.voltage[bus] - cold.voltage[bus] as Voltage)
                #expect(difference.isBelow(1e-8 * description.nominalVoltage.value))
            }
        }
    }

    @Test func theSameInjectionsGiveTheSameBits() {
        let system = System.random(500)
        let solver = PowerFlowSolver(network: system.network)
        let first = solver.solve(system)
        _ = solver.solve(System(network: system.network, injections: Injections(buses: first.voltage.count)))
        #expect(solver.solve(system) == first)
    }
}

func abs<Measure>(_ quantity: Quantity<Measure>) -> Quantity<Measure> { Quantity(quantity.value.magnitude) }

extension Quantity {
    /// False for NaN.
    func isBelow(_ limit: Double) -> Bool { value < limit }
}
