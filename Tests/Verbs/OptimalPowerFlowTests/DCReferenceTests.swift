import OptimalPowerFlow
import Testing

/// Costs on which other solvers agree.
@Suite struct DCReferenceTests {
    @Test(
        "pglib-opf, plain model", .needsPGLib,
        arguments: [
            ("case14_ieee", 2051.526309), ("case118_ieee", 93100.729926), ("case300_ieee", 517851.075202),
            ("case1354_pegase", 1218182.036090), ("case2869_pegase", 2386379.368663),
            ("case8387_pegase", 2502807.506040),
        ])
    func plain(name: String, cost: Double) throws { try check(name, .plain, cost) }

    @Test(
        "pglib-opf, tapped model", .needsPGLib,
        arguments: [
            ("case14_ieee", 2051.526309), ("case118_ieee", 93132.679288), ("case300_ieee", 517585.534856),
            ("case1354_pegase", 1218096.855759), ("case2869_pegase", 2386235.329486),
        ])
    func tapped(name: String, cost: Double) throws { try check(name, .tapped, cost) }

    /// See `Tests/Golden/opf/README.md`.
    @Test(
        "MATPOWER's cases",
        arguments: [
            ("wscc9", 5216.026607747), ("case30", 565.20596640009), ("case30pwl", 5732.8),
            ("ieee118", 125947.881417866),
        ], DCBranchModel.allCases)
    func matpower(of: (name: String, cost: Double), branchModel: DCBranchModel) throws {
        let networkCase = try Cases.load(of.name)
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: branchModel).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / of.cost - 1) < 1e-9)
    }

    @Test(
        "MATPOWER's large cases", .needsFetched(["case9241pegase", "case13659pegase"]),
        arguments: [
            ("case9241pegase", 312410.977673), ("case13659pegase", 381773.401415),
        ])
    func large(name: String, cost: Double) throws {
        let networkCase = try Cases.loadFetched(name)
        let optimum = try DCOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-8)
    }

    private func check(_ name: String, _ branchModel: DCBranchModel, _ cost: Double) throws {
        let networkCase = try Cases.loadPGLib(name)
        let optimum = try DCOptimalPowerFlow(networkCase, branchModel: branchModel).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-8)
    }
}
