import CaseFile
import Foundation
import Grid
import OptimalPowerFlow

extension Job {
    /// The DC optimal power flow of a case of pglib-opf, milliseconds of CPU time: from the case in memory,
    /// model and ordering included, to powers and prices in memory. The peers' time is that of the solver's
    /// own set-up and solution, their matrices being ready.
    static let dcOptimalPowerFlows: [Job] = [
        "case118_ieee", "case300_ieee", "case1354_pegase", "case2869_pegase", "case8387_pegase",
    ].map { name in Job(name: "dcopf-\(name)") { try DCOptimalPowerFlowJob(name: name).run() } }
}

private struct DCOptimalPowerFlowJob {
    let name: String

    func run() throws -> [JobResult] {
        guard let folder = ProcessInfo.processInfo.environment["KARST_PGLIB"] else {
            print("dcopf-\(name): skipped, KARST_PGLIB names no folder of pglib-opf")
            return []
        }
        let path = "\(folder)/pglib_opf_\(name).m"
        let networkCase = try CaseFile.load(path: path).networkCase
        print("dcopf-\(name): \(networkCase.network.buses.count) buses, ms of CPU time")
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: .plain).solve()
        let loops = max(1, 10_000 / networkCase.network.buses.count)
        func measure(_ solver: DCOptimalPowerFlow.LinearSolver) throws -> Double {
            let timing = Stopwatch.measure(runs: 7) {
                for _ in 0..<loops {
                    _ = try? DCOptimalPowerFlow(networkCase, branchModel: .plain).solve(linearSolver: solver)
                }
            }
            return timing.cpu / Double(loops) * 1000
        }
        let (ours, klu) = (try measure(.blocks), try measure(.klu))
        let residuals = [optimum.primalResidual, optimum.dualResidual, optimum.gap]
        print("  karst: \(ours.short), \(optimum.iterations) iterations, residuals and gap \(residuals)")
        print("  karst with KLU: \(klu.short)")
        let peers = try Peers.run(
            "dcopf", packages: ["numpy", "scipy", "piqp", "highspy"],
            arguments: [path, "\(optimum.cost)"])
        for peer in peers {
            print("  \(peer.tool): \((peer.cpu * 1000).short), cost differs by \(peer.difference)")
        }
        // A peer that is far off has not solved the same problem.
        let best = peers.filter { $0.difference < 1e-4 }.min { $0.cpu < $1.cpu }
        let isRight = peers.contains { $0.tool.hasPrefix("HiGHS") && $0.difference < 1e-6 }
        return [
            JobResult(
                ours: ours, unit: "ms", peer: best.map { .init(tool: $0.tool, value: $0.cpu * 1000) },
                target: .ofPeer(1), isRight: optimum.status == .optimal && (peers.isEmpty || isRight))
        ]
    }
}
