import Grid
import Lanes
import LinearAlgebra
import PowerFlow
import TestSupport
import Testing

/// Loops, held voltages and their limits on the batched sweep, judged by Kirchhoff's laws.
@Suite("Loops and held voltages, many steps at once")
struct CompensationTests {
    private static let tolerance = 1e-9

    /// A system, and its injections scaled differently in each step.
    private func series(_ system: System, steps: Int, seed: UInt64) -> InjectionSeries {
        var random = SplitMix64(seed: seed)
        var series = InjectionSeries(buses: system.network.buses.count, steps: steps)
        for bus in system.network.buses.indices {
            for step in 0..<steps {
                let factor = Double.random(in: -0.5...1.5, using: &random)
                series.active[bus, step] = system.injections.active[bus].value * factor
                series.reactive[bus, step] = system.injections.reactive[bus].value * factor
            }
        }
        return series
    }

    private func regulated(_ system: System, seed: UInt64, limit: Double?) -> System {
        var random = SplitMix64(seed: seed)
        let network = system.network
        let candidates = network.buses.indices.filter {
            $0 != network.source && network.buses[$0].nominalVoltage.value == 10_000
        }
        let regulators = candidates.shuffled(using: &random).prefix(3).map { bus in
            Network.Regulator(
                bus: bus, voltage: Double.random(in: 0.99...1.03, using: &random),
                reactive: limit.map { ReactivePower(-$0)...ReactivePower($0) })
        }
        return System(
            network: Network(
                buses: network.buses, branches: network.branches, sources: network.sources,
                regulators: Array(regulators)),
            injections: system.injections)
    }

    /// Every step is solved by the sweep; Kirchhoff's laws hold at every bus that has no source; each
    /// regulator holds its voltage, or is at the limit that keeps it from doing so.
    private func expectSolved(
        _ voltages: VoltageSeries, _ series: InjectionSeries, _ network: Network, _ note: String
    ) {
        let sources = Set(network.sources.map(\.bus))
        for step in 0..<series.steps {
            guard voltages.status[step].isSolved else {
                Issue.record("\(note), step \(step): \(voltages.status[step])")
                continue
            }
            let voltage = network.buses.enumerated().map { bus, description in
                Complex(voltages.real[bus, step], voltages.imaginary[bus, step])
                    * description.nominalVoltage.value
            }
            var left = NetworkOracle(network: network).given(at: voltage)
            for bus in left.indices {
                left[bus] -= Complex(series.active[bus, step], series.reactive[bus, step])
            }
            for (index, regulator) in network.regulators.enumerated() {
                let q = voltages.regulatorReactive[index, step]
                left[regulator.bus] -= Complex(0, q)
                let gap = voltages.magnitude(bus: regulator.bus, step: step) - regulator.voltage
                let (least, most) = (
                    regulator.reactive?.lowerBound.value, regulator.reactive?.upperBound.value
                )
                let isWithin = (least.map { q >= $0 - 0.01 } ?? true) && (most.map { q <= $0 + 0.01 } ?? true)
                let isRight =
                    isWithin && abs(gap) < 1e-7 || q == most && gap < 1e-7 || q == least && gap > -1e-7
                #expect(isRight, "\(note), step \(step): regulator \(index) gives \(q), off by \(gap)")
            }
            let worst = left.indices.filter { !sources.contains($0) }.map { left[$0].magnitude }.max() ?? 0
            // Loops and reactive powers are as exact as their voltages: some ten watts of a megawatt.
            #expect(worst < 20, "\(note), step \(step): \(worst) VA left over")
        }
    }

    static let methods: [PowerFlowSolver.Method] = [.sweep, .newton]

    @Test(arguments: [1, 3, 8], methods) func loops(count: Int, method: PowerFlowSolver.Method) {
        for seed in UInt64(600)..<630 {
            let system = System.random(seed, loops: count)
            let series = series(system, steps: 19, seed: seed)
            let flow = TimeSeriesPowerFlow(
                network: system.network, method: method, tolerance: Self.tolerance)
            expectSolved(flow.solve(series), series, system.network, "loops \(seed)")
        }
    }

    @Test(arguments: [nil, 1e5, 2e4] as [Double?], methods)
    func regulators(limit: Double?, method: PowerFlowSolver.Method) {
        for seed in UInt64(700)..<720 {
            for loops in [0, 2] {
                let system = regulated(.random(seed, loops: loops), seed: seed, limit: limit)
                let series = series(system, steps: 19, seed: seed)
                let flow = TimeSeriesPowerFlow(
                    network: system.network, method: method, tolerance: Self.tolerance)
                expectSolved(flow.solve(series), series, system.network, "regulators \(seed), loops \(loops)")
            }
        }
    }

    @Test func theNumberOfWorkersChangesNothing() {
        let system = regulated(.random(801, loops: 2), seed: 801, limit: 5e4)
        let series = series(system, steps: 700, seed: 801)
        for method in Self.methods {
            let one = TimeSeriesPowerFlow(network: system.network, method: method, workers: 1).solve(series)
            let three = TimeSeriesPowerFlow(network: system.network, method: method, workers: 3).solve(series)
            #expect(one == three)
        }
    }
}
