import Glibc
import Grid
import Lanes
import PowerFlow
import TestSupport
import Testing

/// Sources, regulators and phase shifters, against what can be worked out on paper, in p.u. of 1 MW and 1 kV.
@Suite struct RegulationTests {
    private static func network(
        _ count: Int, _ branches: [Branch], sources: [Network.Source], regulators: [Network.Regulator] = []
    ) -> Network {
        Network(
            buses: PowerFlowSolverTests.buses(Array(repeating: 1, count: count)), branches: branches,
            sources: sources, regulators: regulators)
    }

    private static func injections(_ active: [Double], _ reactive: [Double]? = nil) -> Injections {
        Injections(
            active: active.map { Power($0 * 1e6) },
            reactive: (reactive ?? active.map { _ in 0 }).map { ReactivePower($0 * 1e6) })
    }

    private static func reactive(_ range: ClosedRange<Double>) -> ClosedRange<ReactivePower> {
        ReactivePower(range.lowerBound * 1e6)...ReactivePower(range.upperBound * 1e6)
    }

    private static func lossless(_ from: Int, _ to: Int, x: Double = 0.1, shift: Double = 0) -> Branch {
        Branch(
            name: "", from: from, to: to, resistance: .zero, reactance: Impedance(x), phaseShift: shift)
    }

    /// Across a loop whose one path turns by half a turn the unloaded middle bus stands between two opposite
    /// voltages, not at none: with y₁, y₂ the admittances of the two paths to bus 1, |V₁| without load is
    /// |y₂ − y₁| / |y₁ + y₂|, and little load changes little.
    @Test(arguments: [PowerFlowSolver.Method.automatic, .newton])
    func aLoopOfHalfATurnIsNotSolvedAtNoVoltage(method: PowerFlowSolver.Method) {
        let network = Self.network(
            3,
            [
                Self.lossless(0, 1, x: 0.1, shift: .pi), Self.lossless(0, 2, x: 0.1),
                Self.lossless(2, 1, x: 1),
            ], sources: [.init(bus: 0, voltage: 1)])
        let point = PowerFlowSolver(network: network, method: method).solve(
            System(network: network, injections: Self.injections([0, -1e-3, 0])))
        let unloaded = (1 / 0.1 - 1 / 1.1) / (1 / 0.1 + 1 / 1.1)
        #expect(point.status == .converged)
        #expect(abs(point.voltage[1].value / 1000 - unloaded) < 1e-3)
        #expect(abs(point.voltage[2].value / 1000 - (1 - 0.1 * (1 + unloaded) / 1.1)) < 1e-3)
        var series = InjectionSeries(buses: 3, steps: 1)
        series.active[1, 0] = -1e3
        let voltages = TimeSeriesPowerFlow(network: network, method: method).solve(series)
        #expect(voltages.status[0] == .converged)
        #expect(abs(voltages.magnitude(bus: 1, step: 0) - unloaded) < 1e-3)
    }

    /// Across x between held voltages: P = V₁V₂ sin δ / x, and V₂ takes Q = (V₂² − V₁V₂ cos δ) / x.
    @Test func aRegulatorHoldsItsVoltage() {
        let network = Self.network(
            2, [Self.lossless(0, 1)], sources: [.init(bus: 0, voltage: 1.02)],
            regulators: [.init(bus: 1, voltage: 0.99)])
        let point = PowerFlowSolver(network: network).solve(
            System(network: network, injections: Self.injections([0, -2], [0, -0.5])))
        #expect(point.status == .converged)
        let angle = -asin(2 * 0.1 / (1.02 * 0.99))
        #expect(abs(point.voltage[1].value - 990) < 1e-9 && abs(point.angle[1] - angle) < 1e-9)
        let taken = (0.99 * 0.99 - 1.02 * 0.99 * cos(angle)) / 0.1
        #expect(abs(point.regulatorReactive[0].value / 1e6 - (taken + 0.5)) < 1e-7)
        #expect(abs(point.regulatorPower[0].value) < 1)
    }

    /// One that cannot give enough gives its limit, and |V| is that of a plain load; with the limits
    /// unheeded, or wide enough, it holds.
    @Test func aRegulatorAtALimitLetsGo() {
        for (limits, isUpper) in [(-0.1...0.2, true), (-0.1...0.1, true), (-0.3 ... -0.2, false)] {
            // Held above the source it must give much, below it must take.
            let wanted = isUpper ? 1.05 : 0.9
            let network = Self.network(
                2, [PowerFlowSolverTests.line(0, 1, r: 0.02, x: 0.1)],
                sources: [.init(bus: 0, voltage: 1)],
                regulators: [.init(bus: 1, voltage: wanted, reactive: Self.reactive(limits))])
            let injections = Self.injections([0, -0.5], [0, -0.1])
            let point = PowerFlowSolver(network: network).solve(
                System(network: network, injections: injections))
            let bound = isUpper ? limits.upperBound : limits.lowerBound
            #expect(point.status == .converged)
            #expect(abs(point.regulatorReactive[0].value / 1e6 - bound) < 1e-7)
            #expect((point.voltage[1] < Voltage(1000 * wanted)) == isUpper)
            let plain = Self.network(
                2, network.branches, sources: network.sources)
            let expected = PowerFlowSolver(network: plain, tolerance: 1e-10).solve(
                System(network: plain, injections: Self.injections([0, -0.5], [0, -0.1 + bound])))
            #expect(abs(point.voltage[1] - expected.voltage[1] as Voltage).isBelow(1e-5))
            let unheeded = PowerFlowSolver(network: network, keepsReactiveLimits: false).solve(
                System(network: network, injections: injections))
            #expect(abs(unheeded.voltage[1].value - 1000 * wanted) < 1e-9)
        }
    }

    /// Two voltages held against each other over a short wire cannot both be: each regulator ends at its
    /// limit, and what one gives the other takes.
    @Test(arguments: [0, 1e-6, 1e-5, 1e-3]) func regulatorsAgainstEachOtherLetGo(x: Double) {
        let limits = Self.reactive(-10...10)
        let network = Self.network(
            3, [PowerFlowSolverTests.line(0, 1, r: 0.01, x: 0.1), Self.lossless(1, 2, x: x)],
            sources: [.init(bus: 0, voltage: 1)],
            regulators: [
                .init(bus: 1, voltage: 1.05, reactive: limits),
                .init(bus: 2, voltage: 0.95, reactive: limits),
            ])
        let point = PowerFlowSolver(network: network).solve(
            System(network: network, injections: Self.injections([0, -0.5, -0.5])))
        #expect(point.status == .converged)
        #expect(abs(point.regulatorReactive[0].value / 1e6 - 10) < 1e-7)
        #expect(abs(point.regulatorReactive[1].value / 1e6 + 10) < 1e-7)
        #expect(point.voltage[1] < Voltage(1000) && point.voltage[2] > Voltage(950))
    }

    /// In random meshed networks each regulator ends holding its voltage within its limits, or at a limit
    /// with its voltage on the side that the limit explains.
    @Test func regulatorsEndInARightState() {
        var atLimits = 0
        for seed in 700..<800 as Range<UInt64> {
            let system = System.random(seed, loops: 3).regulated(seed)
            let point = PowerFlowSolver(network: system.network).solve(system)
            #expect(point.status == .converged, "seed \(seed)")
            for (index, regulator) in system.network.regulators.enumerated() {
                let voltage =
                    point.voltage[regulator.bus] / system.network.buses[regulator.bus].nominalVoltage
                let (given, limits) = (point.regulatorReactive[index].value, regulator.reactive!)
                let (lower, upper) = (limits.lowerBound.value, limits.upperBound.value)
                #expect(given > lower - 0.1 && given < upper + 0.1, "seed \(seed)")
                if abs(voltage - regulator.voltage) < 1e-8 { continue }
                atLimits += 1
                let isRight =
                    voltage < regulator.voltage ? abs(given - upper) < 0.1 : abs(given - lower) < 0.1
                #expect(isRight, "seed \(seed), regulator \(index): \(voltage) of \(regulator.voltage)")
            }
        }
        #expect(atLimits > 20)
    }

    /// Regulators that hold exactly what a network without them has change nothing.
    @Test func regulatorsAtTheVoltagesFoundChangeNothing() {
        for seed in 800..<830 as Range<UInt64> {
            let system = System.random(seed, loops: 2)
            let plain = PowerFlowSolver(network: system.network, tolerance: 1e-11).solve(system)
            let held = [1, plain.voltage.count - 1].filter { $0 != system.network.source }
            let network = Network(
                buses: system.network.buses, branches: system.network.branches,
                sources: system.network.sources,
                regulators: Set(held).sorted().map { bus in
                    Network.Regulator(
                        bus: bus, voltage: plain.voltage[bus] / system.network.buses[bus].nominalVoltage)
                })
            let point = PowerFlowSolver(network: network, tolerance: 1e-11).solve(
                System(network: network, injections: system.injections))
            #expect(point.regulatorReactive.allSatisfy { abs($0).isBelow(0.1) })
            for bus in plain.voltage.indices {
                let nominal = network.buses[bus].nominalVoltage.value
                #expect(abs(point.voltage[bus] - plain.voltage[bus] as Voltage).isBelow(1e-9 * nominal))
                #expect(abs(point.angle[bus] - plain.angle[bus]) < 1e-9)
            }
        }
    }

    /// A shifter turns everything behind it and moves no power on a tree; in a loop of equal reactances it
    /// drives a power round: sin(φ/2)/x through each of two.
    @Test(arguments: PowerFlowSolverTests.methods) func aPhaseShifterTurns(method: PowerFlowSolver.Method) {
        let shift = 0.5
        let tree = Self.network(
            3, [Self.lossless(0, 1, shift: shift), Self.lossless(2, 1, shift: -0.2)],
            sources: [.init(bus: 0, voltage: 1, angle: 0.1)])
        let idle = PowerFlowSolver(network: tree, method: method).solve(
            System(network: tree, injections: Self.injections([0, 0, 0])))
        #expect(abs(idle.angle[1] - (0.1 - shift)) < 1e-9 && abs(idle.angle[2] - (0.1 - shift - 0.2)) < 1e-9)
        guard method != .sweep else { return }
        let loop = Self.network(
            2, [Self.lossless(0, 1, shift: shift), Self.lossless(0, 1)],
            sources: [.init(bus: 0, voltage: 1)], regulators: [.init(bus: 1, voltage: 1)])
        let point = PowerFlowSolver(network: loop, method: method).solve(
            System(network: loop, injections: Self.injections([0, 0])))
        let round = sin(shift / 2) / 0.1 * 1e6
        #expect(abs(point.powerFrom[0].value + round) < 1 && abs(point.powerFrom[1].value - round) < 1)
        #expect(abs(point.angle[1] + shift / 2) < 1e-9)
    }

    /// Two sources with a line between: each keeps its angle, and the power between them follows.
    @Test func twoSourcesKeepTheirAngles() {
        let network = Self.network(
            2, [Self.lossless(0, 1)],
            sources: [.init(bus: 0, voltage: 1.01, angle: 0.05), .init(bus: 1, voltage: 1, angle: -0.1)])
        let point = PowerFlowSolver(network: network).solve(
            System(network: network, injections: Self.injections([0.3, -0.2])))
        #expect(abs(point.powerFrom[0].value / 1e6 - 1.01 * sin(0.15) / 0.1) < 1e-9)
        #expect(abs(point.angle[0] - 0.05) < 1e-15 && abs(point.angle[1] + 0.1) < 1e-15)
        #expect(abs(point.sourcePower.value / 1e6 - (-0.3 + 0.2)) < 1e-9)
    }

    /// The remainder of each island is shared in proportion to participation, whatever the losses.
    @Test func aRemainderIsShared() {
        for seed in 900..<940 as Range<UInt64> {
            let system = System.random(seed, loops: 2).regulated(seed, isLimited: false)
            let solver = PowerFlowSolver(network: system.network, sharesRemainder: true)
            let point = solver.solve(system)
            #expect(point.status == .converged && point.mismatch <= 1e-8, "seed \(seed)")
            let regulators = system.network.regulators
            let shares = regulators.map(\.participation)
            let unit = point.sourcePower.value / system.network.sources[0].participation
            for (share, power) in zip(shares, point.regulatorPower) {
                #expect(abs(power.value - share * unit) < 0.05, "seed \(seed)")
            }
            let given = point.regulatorPower.reduce(point.sourcePower, +)
            let remainder = point.losses - system.injections.active.reduce(.zero, +)
            #expect(abs(given - remainder).isBelow(0.5), "seed \(seed)")
        }
    }

    /// Two islands, each with its own remainder, one of them with two sources that share.
    @Test func islandsShareApart() {
        let network = Self.network(
            4, [Self.lossless(0, 1), Self.lossless(2, 3)],
            sources: [
                .init(bus: 0, voltage: 1, participation: 3), .init(bus: 1, voltage: 1, participation: 1),
                .init(bus: 2, voltage: 1, participation: 2),
            ])
        let point = PowerFlowSolver(network: network, sharesRemainder: true).solve(
            System(network: network, injections: Self.injections([0, -0.4, 0, -0.7])))
        #expect(point.status == .converged)
        // Bus 1 gives a quarter of 0.4 and needs 0.4: 0.3 flows to it.
        #expect(abs(point.powerFrom[0].value / 1e6 - 0.3) < 1e-7)
        #expect(abs(point.powerFrom[1].value / 1e6 - 0.7) < 1e-7)
        #expect(abs(point.sourcePower.value / 1e6 - 1.1) < 1e-7)
    }
}

extension System {
    /// With a regulator at some buses, of narrow limits or none.
    func regulated(_ seed: UInt64, isLimited: Bool = true) -> System {
        var random = SplitMix64(seed: seed &+ 1_000_000)
        let sources = Set(network.sources.map(\.bus))
        let upper = network.buses.indices.filter {
            network.buses[$0].nominalVoltage == Voltage(10_000) && !sources.contains($0)
        }
        let regulators = upper.filter { _ in Int.random(in: 0..<6, using: &random) == 0 }.map { bus in
            let size = Double.random(in: 1e3...4e5, using: &random)
            return Network.Regulator(
                bus: bus, voltage: network.sourceVoltage + Double.random(in: -0.01...0.01, using: &random),
                reactive: isLimited ? ReactivePower(-size / 2)...ReactivePower(size) : nil,
                participation: Double.random(in: 0.1...2, using: &random))
        }
        return System(
            network: Network(
                buses: network.buses, branches: network.branches, sources: network.sources,
                regulators: regulators), injections: injections)
    }
}
