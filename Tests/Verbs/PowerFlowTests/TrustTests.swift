import Glibc
import Grid
import Lanes
import PowerFlow
import TestSupport
import Testing

/// Why a result may be believed: two methods agree on a thousand feeders, and whatever tells the same system
/// differently leads to the same voltages.
@Suite struct TrustTests {
    @Test func aThousandFeedersBySweepAndByNewton() {
        for seed in 10_000..<11_000 as Range<UInt64> {
            let system = System.random(seed)
            let sweep = PowerFlowSolver(network: system.network, method: .sweep, tolerance: 1e-10).solve(
                system)
            let newton = PowerFlowSolver(network: system.network, method: .newton, tolerance: 1e-10).solve(
                system)
            #expect(difference(sweep, newton, system.network) <= 1e-8, "seed \(seed)")
            let given = system.injections.active.reduce(.zero, +) + sweep.sourcePower
            #expect(abs(given - sweep.losses).isBelow(0.01), "seed \(seed)")
        }
    }

    @Test(arguments: [0, 2]) func theBasePowerIsOnlyABase(loops: Int) {
        for seed in 11_000..<11_040 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let other = system.network.with(basePower: Power(25e6))
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            let b = PowerFlowSolver(network: other, tolerance: 1e-10 / 25)
                .solve(System(network: other, injections: system.injections))
            #expect(difference(a, b, system.network) <= 1e-9, "seed \(seed)")
            #expect(abs(a.losses - b.losses).isBelow(1e-3))
        }
    }

    @Test(arguments: [0, 2]) func weakerWiresWithSmallerLoads(loops: Int) {
        for seed in 11_100..<11_140 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let weak = system.weakened(by: 7)
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            let b = PowerFlowSolver(network: weak.network, tolerance: 1e-11).solve(weak)
            #expect(difference(a, b, system.network) <= 1e-8, "seed \(seed)")
            #expect(abs(a.losses - b.losses * 7).isBelow(0.01))
        }
    }

    @Test(arguments: [0, 2]) func higherVoltagesOfStrongerInsulation(loops: Int) {
        for seed in 11_200..<11_240 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let high = system.atVoltages(times: 3)
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            var b = PowerFlowSolver(network: high.network, tolerance: 1e-10).solve(high)
            for bus in b.voltage.indices { b.voltage[bus] = b.voltage[bus] * (1 / 3.0) }
            #expect(difference(a, b, system.network) <= 1e-9, "seed \(seed)")
            #expect(abs(a.losses - b.losses).isBelow(1e-3))
        }
    }

    @Test(arguments: [0, 3]) func numbersAreOnlyNames(loops: Int) {
        for seed in 11_300..<11_340 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            var random = SplitMix64(seed: seed)
            let numbers = (0..<system.buses).shuffled(using: &random)
            let order = system.network.branches.indices.shuffled(using: &random)
            let other = system.renumbered(numbers, branches: order)
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            let b = PowerFlowSolver(network: other.network, tolerance: 1e-10).solve(other)
            var back = b
            for bus in numbers.indices {
                back.voltage[bus] = b.voltage[numbers[bus]]
                back.angle[bus] = b.angle[numbers[bus]]
            }
            #expect(difference(a, back, system.network) <= 1e-8, "seed \(seed)")
            for (place, branch) in order.enumerated() {
                #expect(abs(a.powerFrom[branch] - b.powerFrom[place]).isBelow(0.1))
            }
        }
    }

    @Test(arguments: [0, 2]) func aLineIsTwoHalves(loops: Int) {
        for seed in 11_400..<11_420 as Range<UInt64> {
            let drawn = System.random(seed, loops: loops)
            let plain = drawn.network.branches.map { $0.with(impedanceTimes: 1, admittanceTimes: 0) }
            let system = System(network: drawn.network.with(branches: plain), injections: drawn.injections)
            let halved = system.halved()
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            let b = PowerFlowSolver(network: halved.network, tolerance: 1e-10).solve(halved)
            #expect(difference(a, b, system.network) <= 1e-8, "seed \(seed)")
            #expect(abs(a.losses - b.losses).isBelow(0.01))
        }
    }

    @Test(arguments: [0, 2]) func anAngleIsOnlyAReference(loops: Int) {
        for seed in 11_500..<11_520 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let source = system.network.sources[0]
            let turned = system.network.with(sources: [
                Network.Source(bus: source.bus, voltage: source.voltage, angle: 2)
            ])
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-10).solve(system)
            var b = PowerFlowSolver(network: turned, tolerance: 1e-10)
                .solve(System(network: turned, injections: system.injections))
            for bus in b.angle.indices { b.angle[bus] -= 2 }
            #expect(difference(a, b, system.network) <= 1e-9, "seed \(seed)")
        }
    }

    /// A bus held by a source or regulator at the voltage it has anyway: it gives what was injected there.
    @Test func holdingAVoltageThatIsThereChangesNothing() {
        for seed in 11_600..<11_640 as Range<UInt64> {
            let system = System.random(seed, loops: Int(seed % 3))
            let bus = (system.network.source + 1) % system.buses
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-11).solve(system)
            let magnitude = a.voltage[bus] / system.network.buses[bus].nominalVoltage
            var rest = system.injections
            rest.reactive[bus] = .zero
            let regulated = system.network.with(regulators: [Network.Regulator(bus: bus, voltage: magnitude)])
            let b = PowerFlowSolver(network: regulated, tolerance: 1e-11)
                .solve(System(network: regulated, injections: rest))
            #expect(difference(a, b, system.network) <= 1e-8, "seed \(seed)")
            #expect(abs(b.regulatorReactive[0] - system.injections.reactive[bus]).isBelow(1), "seed \(seed)")
            rest.active[bus] = .zero
            let held = Network.Source(bus: bus, voltage: magnitude, angle: a.angle[bus])
            let sourced = system.network.with(sources: system.network.sources + [held])
            let c = PowerFlowSolver(network: sourced, tolerance: 1e-11)
                .solve(System(network: sourced, injections: rest))
            #expect(difference(a, c, system.network) <= 1e-8, "seed \(seed)")
            let given = a.sourcePower + system.injections.active[bus]
            #expect(abs(c.sourcePower - given).isBelow(1), "seed \(seed)")
        }
    }

    /// Steps of a series, whatever their number and neighbours, are the steps alone.
    @Test(arguments: [0, 1, 3]) func aSeriesIsItsSteps(loops: Int) {
        for seed in 11_800..<11_820 as Range<UInt64> {
            let system = System.random(seed, loops: loops)
            let factors = (0..<11).map { Double($0) / 4 - 0.5 }
            var series = InjectionSeries(buses: system.buses, steps: factors.count)
            for (step, factor) in factors.enumerated() {
                for bus in 0..<system.buses {
                    series.active[bus, step] = system.injections.active[bus].value * factor
                    series.reactive[bus, step] = system.injections.reactive[bus].value * factor
                }
            }
            let voltages = TimeSeriesPowerFlow(network: system.network, tolerance: 1e-10).solve(series)
            let solver = PowerFlowSolver(network: system.network, tolerance: 1e-10)
            for (step, factor) in factors.enumerated() {
                let alone = solver.solve(
                    System(network: system.network, injections: system.injections.times(factor)))
                #expect(voltages.status[step] == alone.status, "seed \(seed), step \(step)")
                for (bus, description) in system.network.buses.enumerated() {
                    let v = alone.voltage[bus] / description.nominalVoltage
                    let real = voltages.real[bus, step] - v * cos(alone.angle[bus])
                    let imaginary = voltages.imaginary[bus, step] - v * sin(alone.angle[bus])
                    #expect(hypot(real, imaginary) <= 1e-8, "seed \(seed), step \(step), bus \(bus)")
                }
            }
        }
    }

    /// Current and impedance parts at their solution are the powers they give there.
    @Test(arguments: [0, 2]) func loadsThatHeedVoltageAreThePowersTheyTake(loops: Int) {
        for seed in 11_700..<11_730 as Range<UInt64> {
            var system = System.random(seed, loops: loops)
            let part = system.injections.times(0.3)
            system.injections = system.injections.times(0.4)
            system.injections.constantCurrent = .init(active: part.active, reactive: part.reactive)
            system.injections.constantImpedance = .init(active: part.active, reactive: part.reactive)
            let a = PowerFlowSolver(network: system.network, tolerance: 1e-11).solve(system)
            var taken = system.injections
            (taken.constantCurrent, taken.constantImpedance) = (nil, nil)
            for (bus, description) in system.network.buses.enumerated() {
                let v = a.voltage[bus] / description.nominalVoltage
                taken.active[bus] += part.active[bus] * (v + v * v)
                taken.reactive[bus] += part.reactive[bus] * (v + v * v)
            }
            let b = PowerFlowSolver(network: system.network, tolerance: 1e-11)
                .solve(System(network: system.network, injections: taken))
            #expect(difference(a, b, system.network) <= 1e-8, "seed \(seed)")
        }
    }

    /// Largest difference of a voltage, p.u.; not a number where either has no solution. The buses of
    /// `network` are the first of both.
    private func difference(_ a: OperatingPoint, _ b: OperatingPoint, _ network: Network) -> Double {
        guard a.status.isSolved && b.status.isSolved else { return .nan }
        return network.buses.indices.reduce(0) { worst, bus in
            let nominal = network.buses[bus].nominalVoltage
            let (va, vb) = (a.voltage[bus] / nominal, b.voltage[bus] / nominal)
            let real = va * cos(a.angle[bus]) - vb * cos(b.angle[bus])
            let imaginary = va * sin(a.angle[bus]) - vb * sin(b.angle[bus])
            return max(worst, hypot(real, imaginary))
        }
    }
}
