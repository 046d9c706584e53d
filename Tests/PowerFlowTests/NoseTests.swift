import Grid
import PowerFlow
import Testing

/// How far injections may grow, against what two buses allow on paper.
@Suite struct NoseTests {
    static let methods: [PowerFlowSolver.Method] = [.newton, .automatic]

    /// A load that takes `power` and `reactive` (p.u. of 1 MW) at the end of r + jx (p.u.), from a source at v.
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
            (0.01, 0.04, -1, 0.3),
        ] {
            for v in [0.95, 1.05] {
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

    @Test func aLimitBelowTheNoseIsReached() {
        let system = Self.system(r: 0.01, x: 0.02, v: 1, power: 1, reactive: 0)
        let found = PowerFlowSolver(network: system.network).loadingLimit(system.injections, atMost: 3)
        #expect(found == LoadingLimit(loading: 3, weakestBus: nil))
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
