import CaseFile
import Foundation
import Grid
import OptimalPowerFlow
import Testing

/// Costs that Ipopt found: see `Tests/Golden/opf/README.md`.
@Suite struct ACReferenceTests {
    @Test(
        "MATPOWER's cases",
        arguments: [
            ("case9", 5296.686202), ("case14", 8081.524735), ("case30", 576.8923328),
            ("case30pwl", 5835.066525), ("case57", 41737.78672), ("case118", 129660.694),
        ])
    func matpower(name: String, cost: Double) throws {
        let networkCase = try Cases.load(name)
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-7)
        ACCheck(networkCase, optimum).expectOptimal()
    }

    @Test(
        "pglib-opf",
        arguments: [
            ("case14_ieee", 2178.0804), ("case118_ieee", 97213.607), ("case300_ieee", 565219.97),
            ("case1354_pegase", 1258843.99), ("case2869_pegase", 2462790.43),
        ])
    func pglib(name: String, cost: Double) throws {
        guard let folder = ProcessInfo.processInfo.environment["KARST_PGLIB"] else {
            print("AC pglib_opf_\(name) is skipped: KARST_PGLIB names no folder of pglib-opf")
            return
        }
        try check("\(folder)/pglib_opf_\(name).m", cost)
    }

    /// `scripts/test-cases` fetches it.
    @Test("MATPOWER's case of 13,659 buses")
    func large() throws {
        let file = Cases.vectors.appending(path: "../../../.build/test-cases/case13659pegase.m").standardized
        guard FileManager.default.fileExists(atPath: file.path()) else {
            print("AC case13659pegase is skipped: \(file.path()) is not there")
            return
        }
        try check(file.path(), 386106.55)
    }

    private func check(_ path: String, _ cost: Double) throws {
        let networkCase = try CaseFile.load(path: path).networkCase
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-6)
        let residuals = optimum.residuals
        #expect(max(residuals.primal, residuals.dual, residuals.complementarity) <= 1e-8)
        ACCheck(networkCase, optimum).expectOptimal()
    }
}
