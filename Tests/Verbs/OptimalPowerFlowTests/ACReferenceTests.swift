import Grid
import OptimalPowerFlow
import Testing

/// Costs that Ipopt found: see `Tests/Golden/opf/README.md`.
@Suite struct ACReferenceTests {
    @Test(
        "MATPOWER's cases",
        arguments: [
            ("wscc9", 5296.686202), ("ieee14", 8081.524735), ("case30", 576.8923328),
            ("case30pwl", 5835.066525), ("ieee57", 41737.78672), ("ieee118", 129660.694),
        ])
    func matpower(name: String, cost: Double) throws {
        let networkCase = try Cases.load(name)
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-7)
        ACCheck(networkCase, optimum).expectOptimal()
    }

    @Test(
        "pglib-opf", .needsPGLib,
        arguments: [
            ("case14_ieee", 2178.0804), ("case118_ieee", 97213.607), ("case300_ieee", 565219.97),
            ("case1354_pegase", 1258843.99), ("case2869_pegase", 2462790.43),
        ])
    func pglib(name: String, cost: Double) throws {
        try check(Cases.loadPGLib(name), cost)
    }

    @Test("MATPOWER's case of 13,659 buses", .needsFetched(["case13659pegase"]))
    func large() throws { try check(Cases.loadFetched("case13659pegase"), 386106.55) }

    private func check(_ networkCase: NetworkCase, _ cost: Double) throws {
        let optimum = try ACOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .optimal)
        #expect(abs(optimum.cost / cost - 1) < 1e-6)
        let residuals = optimum.residuals
        #expect(max(residuals.primal, residuals.dual, residuals.complementarity) <= 1e-8)
        ACCheck(networkCase, optimum).expectOptimal()
    }
}
