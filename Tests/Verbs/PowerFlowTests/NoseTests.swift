import Grid
import PowerFlow
import Testing

/// How far injections may grow, against what two buses allow on paper.
@Suite struct NoseTests {
    static let methods: [PowerFlowSolver.Method] = [.newton, .automatic]

    /// A load that takes `power` and `reactive` (p.u. of 1 MW) at the end of r + jx (p.u.), from a source at
    /// v.
    private static func system(r: Double, x: Double, v: Double, power: Double, reactive: Double) -> System {
        let network = Network(
            buses: PowerFlowSolverTests.buses([1, 1]),
            branches: [PowerFlowSolverTests.line(0, 1, r: r, x: x)], source: 0, sourceVoltage: v)
        var injections = Injections(buses: 2)
        injections.active[1] = Power(-power * 1e6)
        injections.reactive[1] = ReactivePower(-reactive * 1e6)
        return System(network: network, injections: injections)
    }

    /// |V₂|² solves t² + (2λ(PR + QX) − V²)·t + λ²(P² + Q²)(R² + X²) = 0, which has real roots while
    /// λ ≤ V² / 2(PR + QX + √((P² + Q²)(R² + X²))).
    private static func limit(r: Double, x: Double, v: Double, power: Double, reactive: Double) -> Double {
        let size = ((power * power + reactive * reactive) * (r * r + x * x)).squareRoot()
        return v * v / (2 * (power * r + reactive * x + size))
    }

    @Test(arguments: methods) func twoBusesReachTheirNoseAndNotBeyond(method: PowerFlowSolver.Method) {
        for (r, x, power, reactive) in [
            (0.0, 0.005, 1.0, 0.0), (0.01, 0.02, 1, 0.5), (0.03, 0.01, 2, -1), (0.02, 0.02, 0, 1),
            (0.01, 0.04, -1, 0.3), (0.01, 0.01, 50, 0),
        ] {
            for v in [0.95, 1, 1.05] {
                let system = Self.system(r: r, x: x, v: v, power: power, reactive: reactive)
                let limit = Self.limit(r: r, x: x, v: v, power: power, reactive: reactive)
                let solver = PowerFlowSolver(network: system.network, method: method)
                for part in [0.5, 0.99, 0.9999] {
                    #expect(solver.solve(system.scaled(limit * part)).status == .converged)
                }
                for excess in [1.0001, 1.1, 20, 1e6, 1e200] {
                    let point = solver.solve(system.scaled(limit * excess))
                    #expect(point.status == .voltageCollapse, "\(r) \(x) \(power) \(reactive), \(excess)")
                    #expect(abs((point.loadability ?? 0) * excess - 1) < 1e-5)
                    #expect(point.weakestBus == 1)
                    #expect(point.voltage == [.zero, .zero] && point.sourcePower == .zero)
                }
                let found = solver.loadingLimit(system.injections, atMost: 1e4)
                #expect(abs((found?.loading ?? 0) / limit - 1) < 1e-5)
            }
        }
    }

    /// However small the injections, the nose is at the same power.
    @Test(arguments: [1e-3, 1e-6]) func littleLoadHasAFarNose(part: Double) {
        let system = Self.system(r: 0.01, x: 0.02, v: 1, power: 1, reactive: 0.5)
        let limit = Self.limit(r: 0.01, x: 0.02, v: 1, power: 1, reactive: 0.5)
        let found = PowerFlowSolver(network: system.network).loadingLimit(
            system.scaled(part).injections, atMost: .infinity)
        #expect(abs((found?.loading ?? 0) * part / limit - 1) < 1e-5)
    }

    @Test func aLimitBelowTheNoseIsReached() {
        let system = Self.system(r: 0.01, x: 0.02, v: 1, power: 1, reactive: 0)
        let found = PowerFlowSolver(network: system.network).loadingLimit(system.injections, atMost: 3)
        #expect(found == LoadingLimit(loading: 3, weakestBus: nil))
    }

    /// A regulator gives what it can: at its limit, the nose is that of a plain load with that support.
    /// There is a solution while (2(PR + QX) − V²)² ≥ 4(P² + Q²)(R² + X²).
    @Test func aRegulatorMovesTheNoseByItsLimit() {
        let (r, x, v) = (0.01, 0.04, 1.0)
        for support in [0.0, 0.5, 2] {
            func exists(_ loading: Double) -> Bool {
                let (p, q) = (loading, 0.3 * loading - support)
                let left = 2 * (p * r + q * x) - v * v
                return left <= 0 && left * left >= 4 * (p * p + q * q) * (r * r + x * x)
            }
            var (below, above) = (0.0, 100.0)
            while above - below > 1e-9 {
                let middle = (below + above) / 2
                if exists(middle) { below = middle } else { above = middle }
            }
            let network = Network(
                buses: PowerFlowSolverTests.buses([1, 1]),
                branches: [PowerFlowSolverTests.line(0, 1, r: r, x: x)],
                sources: [.init(bus: 0, voltage: v)],
                regulators: [
                    .init(bus: 1, voltage: 1.0, reactive: .zero...ReactivePower(support * 1e6))
                ])
            var injections = Injections(buses: 2)
            injections.active[1] = Power(-1e6)
            injections.reactive[1] = ReactivePower(-0.3e6)
            let system = System(network: network, injections: injections)
            let solver = PowerFlowSolver(network: network)
            let found = solver.loadingLimit(injections)
            #expect(
                abs((found?.loading ?? 0) / below - 1) < 1e-4,
                "\(support): \(String(describing: found)) \(below)")
            #expect(solver.solve(system.scaled(0.999 * below)).status == .converged)
            let beyond = solver.solve(system.scaled(1.001 * below))
            #expect(beyond.status == .voltageCollapse && beyond.weakestBus == 1)
        }
    }

    /// Regulators that let go at once do not end the curve: where the injections have a solution, the limit
    /// is beyond them and found, and twice the limit is a collapse.
    @Test func regulatorsAtTheirLimitsDoNotEndTheCurve() {
        for seed in 700..<730 as Range<UInt64> {
            let system = System.random(seed, loops: 3).regulated(seed)
            let solver = PowerFlowSolver(network: system.network)
            #expect(solver.solve(system).status.isSolved)
            guard let found = solver.loadingLimit(system.injections, atMost: 1e4) else {
                Issue.record("\(seed)")
                continue
            }
            #expect(found.loading >= 1)
            guard found.weakestBus != nil else { continue }
            let beyond = solver.solve(system.scaled(2 * found.loading))
            #expect(beyond.status == .voltageCollapse)
            #expect(abs((beyond.loadability ?? 0) - 0.5) < 1e-4, "\(seed): \(found)")
            #expect(solver.solve(system.scaled(0.99 * found.loading)).status.isSolved)
        }
    }

    /// What was written over a collapse, and over a solution of another kind, is as if written anew.
    @Test(arguments: methods) func nothingOfACollapseIsLeft(method: PowerFlowSolver.Method) {
        let system = Self.system(r: 0.01, x: 0.02, v: 1, power: 1, reactive: 0.5)
        let solver = PowerFlowSolver(network: system.network, method: method)
        let fresh = solver.solve(system)
        var point = fresh
        for factor in [100.0, 1, 100] {
            solver.solve(system.scaled(factor).injections, into: &point)
            #expect((point == fresh) == (factor == 1))
        }
        #expect(point == solver.solve(system.scaled(100)))
    }

    /// Two arms from one source: the nose is the weaker one's, and it is named.
    @Test func theWeakerArmIsNamed() {
        let network = Network(
            buses: PowerFlowSolverTests.buses([1, 1, 1]),
            branches: [
                PowerFlowSolverTests.line(0, 1, r: 0.01, x: 0.01),
                PowerFlowSolverTests.line(0, 2, r: 0.02, x: 0.02),
            ], source: 0, sourceVoltage: 1)
        var injections = Injections(buses: 3)
        injections.active = [.zero, Power(-1e6), Power(-1e6)]
        let limit = Self.limit(r: 0.02, x: 0.02, v: 1, power: 1, reactive: 0)
        let found = PowerFlowSolver(network: network).loadingLimit(injections)
        #expect(found?.weakestBus == 2)
        #expect(abs((found?.loading ?? 0) / limit - 1) < 1e-5)
    }
}

extension System {
    /// With all injections times a factor.
    func scaled(_ factor: Double) -> System {
        var injections = injections
        for bus in injections.active.indices {
            injections.active[bus] = injections.active[bus] * factor
            injections.reactive[bus] = injections.reactive[bus] * factor
        }
        return System(network: network, injections: injections)
    }
}
