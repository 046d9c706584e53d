import Foundation
import Grid
import PowerFlow

extension Job {
    static let powerFlow = Job(name: PowerFlowJob.name, run: PowerFlowJob.run)
}

/// A year of steps on a 33-bus radial feeder: from the injections in memory to the voltages in memory.
/// Nanoseconds of CPU time per bus and step, all solved to a mismatch of 1e-8 p.u.
private enum PowerFlowJob {
    static let name = "powerflow-ieee33"

    @Sendable static func run() throws -> JobResult {
        let year = try FeederYear()
        print("\(name): \(FeederYear.steps) steps of 33 buses, ns of CPU time per bus-step")
        let batch = measureBatch(year)
        report("karst batched sweep", batch.cpu, batch.wall, "voltages")
        let sweep = measure(year, .sweep, steps: FeederYear.steps)
        report("karst sweep, step by step", sweep.timing.cpu, sweep.timing.wall, "mismatch \(sweep.mismatch)")
        let newton = measure(year, .newton, steps: FeederYear.steps / 10)
        report(
            "karst Newton, LAPACK (every tenth step)", newton.timing.cpu * 10, newton.timing.wall * 10,
            "mismatch \(newton.mismatch)")

        let folder = try Peers.exchange(name)
        try year.write(to: folder.appending(path: "injections.f64"))
        try sweep.magnitudes.withUnsafeBytes {
            try Data($0).write(to: folder.appending(path: "voltages.f64"))
        }
        let branches = Peers.root.appending(path: "../Tests/Golden/powerflow/ieee33/branch.csv")
        let peers = try Peers.run(
            "powerflow", packages: ["lightsim2grid", "power-grid-model"],
            arguments: [folder.path(), branches.path()])
        for peer in peers { report(peer.tool, peer.cpu, peer.wall, "|V| differs by \(peer.difference) p.u.") }
        let best = peers.min { $0.cpu < $1.cpu }
        return JobResult(
            ours: perBusStep(batch.cpu), unit: "ns",
            peer: best.map { .init(tool: $0.tool, value: perBusStep($0.cpu)) }, target: .ofPeer(0.025))
    }

    private static func perBusStep(_ seconds: Double) -> Double {
        seconds / Double(FeederYear.steps * 33) * 1e9
    }

    private static func report(_ tool: String, _ cpu: Double, _ wall: Double, _ note: String) {
        print("  \(tool): \(perBusStep(cpu).short) (wall \(perBusStep(wall).short)), \(note)")
    }

    private static func measureBatch(_ year: FeederYear) -> Timing {
        var series = InjectionSeries(buses: 33, steps: FeederYear.steps)
        for (step, injections) in year.injections.enumerated() {
            for bus in 0..<33 {
                series.active[bus, step] = injections.active[bus].value
                series.reactive[bus, step] = injections.reactive[bus].value
            }
        }
        let solver = TimeSeriesPowerFlow(network: year.network)
        var voltages = VoltageSeries(buses: 33, steps: series.steps)
        return Stopwatch.measure { solver.solve(series, into: &voltages) }
    }

    private static func measure(_ year: FeederYear, _ method: PowerFlowSolver.Method, steps: Int)
        -> (timing: Timing, mismatch: Double, magnitudes: [Double])
    {
        let solver = PowerFlowSolver(network: year.network, method: method)
        var point = OperatingPoint(buses: 33, branches: 32)
        var magnitudes = [Double](repeating: 0, count: steps * 33)
        var mismatch = 0.0
        let stride = FeederYear.steps / steps
        let timing = Stopwatch.measure {
            for step in 0..<steps {
                solver.solve(year.injections[step * stride], into: &point)
                mismatch = max(mismatch, point.status == .converged ? point.mismatch : .infinity)
                for bus in 0..<33 { magnitudes[step * 33 + bus] = point.voltage[bus].value / 12_660 }
            }
        }
        return (timing, mismatch, magnitudes)
    }
}
