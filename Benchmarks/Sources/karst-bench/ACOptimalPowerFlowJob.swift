import CaseFile
import Foundation
import Grid
import OptimalPowerFlow

extension Job {
    /// The AC optimal power flow of a case of pglib-opf, milliseconds of CPU time: from the case in memory,
    /// model and ordering included, to powers and split prices in memory. The peer's time is that of the
    /// solver alone.
    static let acOptimalPowerFlows: [Job] = [
        "case118_ieee", "case300_ieee", "case1354_pegase", "case2869_pegase",
    ].map { name in Job(name: "acopf-\(name)") { try ACOptimalPowerFlowJob(name: name).run() } }
}

private struct ACOptimalPowerFlowJob {
    let name: String

    func run() throws -> [JobResult] {
        guard let folder = ProcessInfo.processInfo.environment["KARST_PGLIB"] else {
            print("acopf-\(name): skipped, KARST_PGLIB names no folder of pglib-opf")
            return []
        }
        let path = "\(folder)/pglib_opf_\(name).m"
        let networkCase = try CaseFile.load(path: path).networkCase
        print("acopf-\(name): \(networkCase.network.buses.count) buses, ms of CPU time")
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        let loops = max(1, 1000 / networkCase.network.buses.count)
        func measure(_ solver: ACOptimalPowerFlow.LinearSolver) -> Double {
            let timing = Stopwatch.measure(runs: 5) {
                for _ in 0..<loops { _ = try? ACOptimalPowerFlow(networkCase).solve(linearSolver: solver) }
            }
            return timing.cpu / Double(loops) * 1000
        }
        let (ours, klu) = (measure(.blocks), measure(.klu))
        let residuals = optimum.residuals
        print(
            "  karst: \(ours.short), \(optimum.iterations) iterations, residuals "
                + "\([residuals.primal, residuals.dual, residuals.complementarity])")
        print("  karst with KLU: \(klu.short)")
        let peers = try Peers.run(
            "acopf", packages: ["numpy", "casadi"], arguments: [path, "\(optimum.cost)"])
        for peer in peers {
            print("  \(peer.tool): \((peer.cpu * 1000).short), cost differs by \(peer.difference)")
        }
        return [
            JobResult(
                ours: ours, unit: "ms", peer: peers.first.map { .init(tool: $0.tool, value: $0.cpu * 1000) },
                target: .ofPeer(0.5),
                isRight: optimum.status == .optimal && peers.allSatisfy { $0.difference < 1e-6 })
        ]
    }
}
