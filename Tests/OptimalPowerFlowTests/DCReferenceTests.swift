import CaseFile
import Foundation
import Grid
import OptimalPowerFlow
import Testing

/// Costs on which other solvers agree.
@Suite struct DCReferenceTests {
    @Test(
        "pglib-opf, plain model",
        arguments: [
            ("case14_ieee", 2051.526309), ("case118_ieee", 93100.729926), ("case300_ieee", 517851.075202),
            ("case1354_pegase", 1218182.036090), ("case2869_pegase", 2386379.368663),
            ("case8387_pegase", 2502807.506040),
        ])
    func plain(name: String, cost: Double) throws { try check(name, .plain, cost) }

    @Test(
        "pglib-opf, tapped model",
        arguments: [
            ("case14_ieee", 2051.526309), ("case118_ieee", 93132.679288), ("case300_ieee", 517585.534856),
            ("case1354_pegase", 1218096.855759), ("case2869_pegase", 2386235.329486),
        ])
    func tapped(name: String, cost: Double) throws { try check(name, .tapped, cost) }

    private func check(_ name: String, _ branchModel: DCBranchModel, _ cost: Double) throws {
        guard let folder = ProcessInfo.processInfo.environment["KARST_PGLIB"] else {
            print("pglib_opf_\(name) is skipped: KARST_PGLIB names no folder of pglib-opf")
            return
        }
        let networkCase = try CaseFile.load(path: "\(folder)/pglib_opf_\(name).m").networkCase
        let clock = ContinuousClock()
        let start = clock.now
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: branchModel).solve()
        print(
            name, branchModel, optimum.status, optimum.iterations, optimum.cost, optimum.primalResidual,
            optimum.dualResidual, optimum.gap, clock.now - start)
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-8)
    }
}
