import Grid
import Lanes
import PowerFlow
import TestSupport
import Testing

@Suite("Many steps at once")
struct TimeSeriesTests {
    /// The injections of `system`, scaled differently in each of `steps`.
    private func series(_ system: System, steps: Int, seed: UInt64) -> InjectionSeries {
        var random = SplitMix64(seed: seed)
        let buses = system.network.buses.count
        var series = InjectionSeries(buses: buses, steps: steps)
        for bus in 0..<buses {
            for step in 0..<steps {
                let factor = Double.random(in: -0.5...1.5, using: &random)
                series.active[bus, step] = system.injections.active[bus].value * factor
                series.reactive[bus, step] = system.injections.reactive[bus].value * factor
            }
        }
        return series
    }

    private func expectEqual(
        _ voltages: VoltageSeries, _ series: InjectionSeries, _ network: Network, _ note: String
    ) {
        let solver = PowerFlowSolver(network: network, tolerance: 1e-9)
        var point = OperatingPoint(buses: network.buses.count, branches: network.branches.count)
        for step in 0..<series.steps {
            solver.solve(series.injections(at: step), into: &point)
            #expect(voltages.status[step] == point.status, "\(note), step \(step)")
            for (bus, nominal) in network.buses.map(\.nominalVoltage).enumerated() {
                let magnitude = point.voltage[bus] / nominal
                let difference = abs(voltages.magnitude(bus: bus, step: step) - magnitude)
                if difference > 1e-8 { Issue.record("\(note), step \(step), bus \(bus): \(difference) p.u.") }
            }
        }
    }

    @Test("each step of a random tree is solved as it is alone, whatever the number of steps")
    func trees() {
        for seed in UInt64(1)...60 {
            let system = System.random(seed)
            let series = series(system, steps: 1 + Int(seed) % 37, seed: seed + 1000)
            let voltages = TimeSeriesPowerFlow(network: system.network, tolerance: 1e-9).solve(series)
            expectEqual(voltages, series, system.network, "tree \(seed)")
        }
    }

    @Test("networks with loops go step by step to the same voltages")
    func loops() {
        for seed in UInt64(1)...10 {
            let system = System.random(seed, loops: 3)
            let series = series(system, steps: 5, seed: seed + 1000)
            expectEqual(
                TimeSeriesPowerFlow(network: system.network, tolerance: 1e-9).solve(series), series,
                system.network,
                "mesh \(seed)")
        }
    }

    @Test("what has no solution, and what has no voltage, holds zeros")
    func zerosWithoutSolution() {
        let buses = [10_000, 10_000, 0].map {
            Bus(name: "", nominalVoltage: Voltage($0), limits: 0.9...1.1)
        }
        let network = Network(
            buses: buses, branches: [PowerFlowSolverTests.line(0, 1, r: 1, x: 1)], source: 0,
            sourceVoltage: 1)
        var series = InjectionSeries(buses: 3, steps: 2)
        series.active[1, 0] = -1e6
        series.active[1, 1] = -1e9
        let voltages = TimeSeriesPowerFlow(network: network).solve(series)
        #expect(voltages.status[0] == .islanded && voltages.status[1] == .voltageCollapse)
        for bus in 0..<3 {
            #expect(voltages.real[bus, 1] == 0 && voltages.imaginary[bus, 1] == 0)
        }
        #expect(voltages.real[2, 0] == 0 && voltages.imaginary[2, 0] == 0)
    }

    /// One line of 1 + j1 Ω at 10 kV.
    private func line(buses: Int = 2) -> Network {
        Network(
            buses: (0..<buses).map { Bus(name: "\($0)", nominalVoltage: Voltage(10_000), limits: 0.9...1.1) },
            branches: [
                Branch(name: "0-1", from: 0, to: 1, resistance: Impedance(1), reactance: Impedance(1))
            ],
            source: 0, sourceVoltage: 1)
    }

    @Test("a step that has no solution is zero and says so, and disturbs no other step of its block")
    func diverged() {
        var series = InjectionSeries(buses: 2, steps: 20)
        for step in 0..<20 { series.active[1, step] = step == 7 ? -1e9 : -1e6 }
        let voltages = TimeSeriesPowerFlow(network: line()).solve(series)
        for step in 0..<20 {
            #expect(voltages.status[step].isSolved == (step != 7))
            #expect(voltages.magnitude(bus: 1, step: step).isFinite)
        }
        #expect(voltages.magnitude(bus: 1, step: 7) == 0)
        #expect(abs(voltages.magnitude(bus: 1, step: 8) - voltages.magnitude(bus: 1, step: 6)) < 1e-9)
    }

    @Test("what is not a number in one step stays there")
    func notANumber() {
        var series = InjectionSeries(buses: 2, steps: 16)
        series.active[1, 3] = .nan
        let voltages = TimeSeriesPowerFlow(network: line()).solve(series)
        #expect(voltages.status.filter { $0 == .converged }.count == 15 && !voltages.status[3].isSolved)
        #expect((0..<16).allSatisfy { voltages.magnitude(bus: 1, step: $0).isFinite })
    }

    @Test("a bus without a path to the source is at zero in every step, and the steps say so")
    func island() {
        let series = InjectionSeries(buses: 3, steps: 18)
        let voltages = TimeSeriesPowerFlow(network: line(buses: 3)).solve(series)
        #expect(voltages.status.allSatisfy { $0 == .islanded })
        #expect((0..<18).allSatisfy { voltages.magnitude(bus: 2, step: $0) == 0 })
        #expect((0..<18).allSatisfy { abs(voltages.magnitude(bus: 1, step: $0) - 1) < 1e-12 })
    }

    @Test("tables are equal where every step is, whatever a solver left past the last one")
    func equality() {
        var series = InjectionSeries(buses: 2, steps: 11)
        for step in 0..<11 { series.active[1, step] = -1e5 * Double(step) }
        let solved = TimeSeriesPowerFlow(network: line()).solve(series).real
        var copied = StepTable(rows: 2, steps: 11)
        for step in 0..<11 { for row in 0..<2 { copied[row, step] = solved[row, step] } }
        #expect(copied == solved && copied.hashValue == solved.hashValue)
        copied[1, 10] += 1e-9
        #expect(copied != solved)
    }
}
