import EconomicDispatch
import Foundation
import Scheduling

extension Job {
    static let dispatch = Job(name: DispatchJob.name, run: DispatchJob.run)
}

/// Rolling-horizon control of a microgrid: 8,760 linear programs of 24 hours, each from the state the one
/// before left. Microseconds of CPU time per plan, from the series in memory to the plan in memory.
private enum DispatchJob {
    static let name = "dispatch-mpc"

    @Sendable static func run() throws -> JobResult {
        let year = MicrogridYear()
        print("\(name): \(MicrogridYear.hours) windows of \(MicrogridYear.window) h, µs of CPU time per plan")
        let dispatcher = RollingOptimum()
        var states = [MicrogridYear.State()]
        var objectives: [Double] = []
        var optimal = 0
        for k in 0..<MicrogridYear.hours {
            let plan = dispatcher.plan(year.problem(k, states[k]))
            if plan.status == .optimal { optimal += 1 }
            objectives.append(plan.objective)
            states.append(year.state(after: plan))
        }
        func measure(_ dispatcher: RollingOptimum) -> Timing {
            Stopwatch.measure(runs: 5, warmUp: 0) {
                for k in 0..<MicrogridYear.hours { _ = dispatcher.plan(year.problem(k, states[k])) }
            }
        }
        let timing = measure(dispatcher)
        report("karst rolling optimum", timing.cpu, timing.wall, "\(optimal) optimal")
        let cold = measure(RollingOptimum(warm: false))
        report("without a hint", cold.cpu, cold.wall, "by interior point")

        let folder = try Peers.exchange(name)
        let numbers =
            year.series.flatMap { $0 } + states.dropLast().flatMap { [$0.stored, $0.running] } + objectives
        try numbers.withUnsafeBytes { try Data($0).write(to: folder.appending(path: "windows.f64")) }
        let peers = try Peers.run(
            "dispatch", packages: ["highspy", "piqp", "scipy"], arguments: [folder.path()])
        for peer in peers {
            report(peer.tool, peer.cpu, peer.wall, "cost differs by \(peer.difference) yuan")
        }
        let best = peers.min { $0.cpu < $1.cpu }
        return JobResult(
            ours: perPlan(timing.cpu), unit: "µs",
            peer: best.map { .init(tool: $0.tool, value: perPlan($0.cpu)) }, target: .ofPeer(0.4 / 3))
    }

    private static func perPlan(_ seconds: Double) -> Double { seconds / Double(MicrogridYear.hours) * 1e6 }

    private static func report(_ tool: String, _ cpu: Double, _ wall: Double, _ note: String) {
        print("  \(tool): \(perPlan(cpu).short) (wall \(perPlan(wall).short)), \(note)")
    }
}
