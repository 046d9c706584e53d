import Clearing
import DispatchSamples
import Foundation
import Grid
import Scheduling

extension Job {
    /// One step cleared by bid curves, from the plan and the measurements to the powers: CPU time. No peer
    /// clears a market of devices with stores in one call.
    static let clearings: [Job] = [
        clearing(devices: 44, unit: "µs", scale: 1e6, bound: 20),
        clearing(devices: 10_000, unit: "ms", scale: 1e3, bound: 5),
    ]

    private static func clearing(devices: Int, unit: String, scale: Double, bound: Double) -> Job {
        Job(name: "clearing_\(devices)") { () -> JobResult in
            let sample = ClearingSample(devices: devices, seed: 1)
            let repeats = max(1, 200_000 / devices)
            var cleared = StepClearing(of: sample.plan, at: sample.step, measured: sample.measured)
            let timing = Stopwatch.measure(runs: 15) {
                for _ in 0..<repeats {
                    cleared = StepClearing(of: sample.plan, at: sample.step, measured: sample.measured)
                }
            }
            let powers = cleared.powers.map(\.value)
            let left = powers.reduce(0, +) - sample.plan.problem.losses[sample.step].value
            let size = powers.reduce(0) { $0 + abs($1) }
            print("clearing_\(devices): remainder \((abs(left) / size).short) of the powers")
            return JobResult(
                ours: timing.cpu / Double(repeats) * scale, unit: unit, target: .bound(bound),
                isRight: abs(left) <= 1e-9 * size)
        }
    }
}
