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

    /// See `Tests/Golden/opf/README.md`.
    @Test(
        "MATPOWER's cases",
        arguments: [
            ("case9", 5216.026607747), ("case30", 565.20596640009), ("case30pwl", 5732.8),
            ("case118", 125947.881417866),
        ], DCBranchModel.allCases)
    func matpower(of: (name: String, cost: Double), branchModel: DCBranchModel) throws {
        let networkCase = try Cases.load(of.name)
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: branchModel).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / of.cost - 1) < 1e-9)
    }

    /// `scripts/test-cases` fetches them.
    @Test(
        "MATPOWER's large cases",
        arguments: [
            ("case9241pegase", 312410.977673), ("case13659pegase", 381773.401415),
        ])
    func large(name: String, cost: Double) throws {
        let file = Cases.vectors.appending(path: "../../../.build/test-cases/\(name).m").standardized
        guard FileManager.default.fileExists(atPath: file.path()) else {
            print("\(name) is skipped: \(file.path()) is not there")
            return
        }
        let networkCase = try CaseFile.load(path: file.path()).networkCase
        let optimum = try DCOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-8)
    }

    private func check(_ name: String, _ branchModel: DCBranchModel, _ cost: Double) throws {
        guard let folder = ProcessInfo.processInfo.environment["KARST_PGLIB"] else {
            print("pglib_opf_\(name) is skipped: KARST_PGLIB names no folder of pglib-opf")
            return
        }
        let networkCase = try CaseFile.load(path: "\(folder)/pglib_opf_\(name).m").networkCase
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: branchModel).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-8)
    }
}
