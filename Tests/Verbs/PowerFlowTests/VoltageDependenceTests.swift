import Grid
import PowerFlow
import TestSupport
import Testing

/// Shunts, iron losses and injections that depend on voltage, and what no solution exists for.
@Suite struct VoltageDependenceTests {
    /// With shunts at some buses, iron losses, phase shifts and a second source with a tree of its own.
    private static func dressed(_ seed: UInt64, loops: Int = 0) -> System {
        let system = System.random(seed, loops: loops)
        let other = System.random(seed &+ 5000)
        var random = SplitMix64(seed: seed &+ 2_000_000)
        let count = system.network.buses.count
        let buses = (system.network.buses + other.network.buses).map { bus in
            let unit = 1e6 / (bus.nominalVoltage.value * bus.nominalVoltage.value)
            return Bus(
                name: bus.name, nominalVoltage: bus.nominalVoltage, limits: bus.limits,
                shuntConductance: Double.random(in: 0...0.003, using: &random) * unit,
                shuntSusceptance: Double.random(in: -0.005...0.005, using: &random) * unit)
        }
        let moved = other.network.branches.map { $0.between($0.from + count, $0.to + count) }
        // Within a loop a shift would drive a power round.
        let branches = (system.network.branches + moved).map { branch in
            let unit = 1e6 / (buses[branch.to].nominalVoltage.value * buses[branch.to].nominalVoltage.value)
            return Branch(
                name: branch.name, from: branch.from, to: branch.to, resistance: branch.resistance,
                reactance: branch.reactance, charging: branch.charging,
                shuntConductance: Double.random(in: 0...0.002, using: &random) * unit, ratio: branch.ratio,
                phaseShift: branch.ratio == 1 ? 0 : Double.random(in: -3...3, using: &random))
        }
        var injections = system.injections
        injections.active += other.injections.active
        injections.reactive += other.injections.reactive
        injections.constantCurrent = part(injections, 0.3)
        injections.constantImpedance = part(injections, -0.4)
        let second = other.network.sources[0]
        let network = Network(
            buses: buses, branches: branches,
            sources: system.network.sources + [
                .init(bus: second.bus + count, voltage: second.voltage, angle: 0.3)
            ])
        return System(network: network, injections: injections)
    }

    private static func part(_ injections: Injections, _ factor: Double) -> Injections.VoltageDependent {
        .init(
            active: injections.active.map { $0 * factor }, reactive: injections.reactive.map { $0 * factor })
    }

    @Test func sweepAgreesWithNewton() {
        for seed in 0..<100 as Range<UInt64> {
            Self.dressed(seed).expectSweepAgreesWithNewton(tolerance: 1e-11, "seed \(seed)")
        }
    }

    /// What is injected at the voltages found, less what the shunts take, is lost in the branches.
    @Test(arguments: [0, 3]) func injectionsAndSourcesGiveLossesAndShunts(loops: Int) {
        for seed in 100..<150 as Range<UInt64> {
            let system = Self.dressed(seed, loops: loops)
            let point = PowerFlowSolver(network: system.network).solve(system)
            #expect(point.status == .converged, "seed \(seed)")
            var given = point.sourcePower.value
            for (bus, description) in system.network.buses.enumerated() {
                let (v, injections) = (point.voltage[bus] / description.nominalVoltage, system.injections)
                given += injections.active[bus].value
                given += injections.constantCurrent!.active[bus].value * v
                given += injections.constantImpedance!.active[bus].value * v * v
                given -= description.shuntConductance * point.voltage[bus].value * point.voltage[bus].value
            }
            #expect(abs(given - point.losses.value) < 0.05, "seed \(seed): \(given) \(point.losses)")
            let ends = zip(point.powerFrom, point.powerTo).reduce(Power.zero) { $0 + $1.0 + $1.1 }
            #expect(abs(ends - point.losses).isBelow(1e-3), "seed \(seed)")
        }
    }

    /// An admittance as a shunt and as a constant-impedance injection is the same.
    @Test(arguments: PowerFlowSolverTests.methods) func aShuntIsAConstantImpedance(
        method: PowerFlowSolver.Method
    ) {
        let branches = [PowerFlowSolverTests.line(0, 1, r: 0.02, x: 0.03)]
        func buses(_ conductance: Double, _ susceptance: Double) -> [Bus] {
            [0.0, 1].map { part in
                Bus(
                    name: "", nominalVoltage: Voltage(1000), limits: 0.9...1.1,
                    shuntConductance: part * conductance, shuntSusceptance: part * susceptance)
            }
        }
        var dependent = Injections(buses: 2)
        dependent.constantImpedance = .init(
            active: [.zero, Power(-4e5)], reactive: [.zero, ReactivePower(2e5)])
        let plain = Network(buses: buses(0, 0), branches: branches, source: 0, sourceVoltage: 1)
        let shunted = Network(buses: buses(0.4, 0.2), branches: branches, source: 0, sourceVoltage: 1)
        let a = PowerFlowSolver(network: plain, method: method).solve(
            System(network: plain, injections: dependent))
        let b = PowerFlowSolver(network: shunted, method: method).solve(
            System(network: shunted, injections: Injections(buses: 2)))
        #expect(abs(a.voltage[1] - b.voltage[1] as Voltage).isBelow(1e-6) && a.voltage[1] < Voltage(999))
    }

    /// In another base power, and with impedances, powers and voltages in other sizes, it is the same
    /// network.
    @Test func aNetworkScales() {
        for seed in 200..<220 as Range<UInt64> {
            let system = System.random(seed, loops: 2)
            let (old, k) = (system.network, 7.0)
            let network = Network(
                buses: old.buses.map {
                    Bus(name: "", nominalVoltage: $0.nominalVoltage * k, limits: $0.limits)
                },
                branches: old.branches.map {
                    Branch(
                        name: "", from: $0.from, to: $0.to, resistance: $0.resistance * k,
                        reactance: $0.reactance * k, charging: $0.charging / k, ratio: $0.ratio)
                }, sources: old.sources, basePower: Power(2.5e6))
            let a = PowerFlowSolver(network: old, tolerance: 1e-11).solve(system)
            let b = PowerFlowSolver(network: network, tolerance: 1e-11).solve(
                System(network: network, injections: system.scaled(k).injections))
            for bus in old.buses.indices {
                let limit = 1e-9 * network.buses[bus].nominalVoltage.value
                #expect(abs(a.voltage[bus] * k - b.voltage[bus] as Voltage).isBelow(limit))
            }
            #expect(abs(a.losses * k - b.losses).isBelow(1e-2))
        }
    }

    /// The load of what is cut off is counted, its generation is not.
    @Test(arguments: PowerFlowSolverTests.methods) func unservedLoadIsCounted(method: PowerFlowSolver.Method)
    {
        let network = Network(
            buses: PowerFlowSolverTests.buses([1, 1, 1, 1]),
            branches: [
                PowerFlowSolverTests.line(0, 1, r: 0.01, x: 0.01),
                PowerFlowSolverTests.line(2, 3, r: 0.01, x: 0.01),
            ], source: 0, sourceVoltage: 1)
        var injections = Injections(buses: 4)
        injections.active = [.zero, Power(-1e5), Power(-2e5), Power(5e5)]
        injections.constantCurrent = .init(
            active: [.zero, .zero, Power(-3e4), Power(-1e3)], reactive: Injections(buses: 4).reactive)
        let point = PowerFlowSolver(network: network, method: method).solve(
            System(network: network, injections: injections))
        #expect(point.status == .islanded)
        #expect(point.unserved == Power(2.3e5))
    }

    /// Whatever stands in a network, of ratios above 0, or its injections, a solve ends with a status, and no
    /// number that is none.
    @Test func nonsenseEndsInAStatus() {
        var random = SplitMix64(seed: 77)
        let nonsense = [0, -1, 1e-300, 1e300, -1e300, .nan, .infinity, -.infinity, 1e9, -1e-9]
        for round in 0..<300 {
            let system = Self.dressed(UInt64(round), loops: round % 3).regulated(UInt64(round))
            func odd(_ value: Double) -> Double {
                Int.random(in: 0..<40, using: &random) == 0 ? nonsense.randomElement(using: &random)! : value
            }
            var injections = system.injections
            for bus in injections.active.indices {
                injections.active[bus] = Power(odd(injections.active[bus].value))
                injections.reactive[bus] = ReactivePower(odd(injections.reactive[bus].value))
            }
            let network = Network(
                buses: system.network.buses,
                branches: round % 2 == 0
                    ? system.network.branches
                    : system.network.branches.map {
                        let ratio = odd($0.ratio)
                        return Branch(
                            name: "", from: $0.from, to: $0.to,
                            resistance: Impedance(odd($0.resistance.value)),
                            reactance: Impedance(odd($0.reactance.value)), charging: odd($0.charging),
                            ratio: ratio > 0 ? ratio : 1, phaseShift: odd($0.phaseShift))
                    }, sources: system.network.sources, regulators: system.network.regulators)
            let solver = PowerFlowSolver(network: network, sharesRemainder: round % 5 == 0)
            let point = solver.solve(System(network: network, injections: injections))
            #expect(point.voltage.allSatisfy(\.value.isFinite) && point.angle.allSatisfy(\.isFinite))
            #expect(point.powerFrom.allSatisfy(\.value.isFinite) && point.losses.value.isFinite)
            #expect(point.current.allSatisfy(\.value.isFinite) && point.mismatch.isFinite)
            #expect(point.status.isSolved == (point.voltage.max()! > .zero))
        }
    }
}
