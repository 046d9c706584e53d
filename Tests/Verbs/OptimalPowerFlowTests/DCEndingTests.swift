import Grid
import OptimalPowerFlow
import Testing

/// What cannot be solved, and what should not be asked.
@Suite struct DCEndingTests {
    private func status(_ networkCase: NetworkCase) throws -> DCOptimum.Status {
        try DCOptimalPowerFlow(networkCase).solve().status
    }

    @Test("more demand than all units together", arguments: 1...10 as ClosedRange<UInt64>)
    func tooMuch(seed: UInt64) throws {
        var networkCase = Cases.drawn(seed: seed, buses: 10)
        networkCase.loads[3].active = Power(1.9e9)
        let optimum = try DCOptimalPowerFlow(networkCase).solve()
        #expect(optimum.status == .infeasible)
        // What all units together cannot give is the least; with what is named the case can be solved, with
        // a little less it cannot.
        let most = networkCase.generators.reduce(0) { $0 + $1.activeLimits!.upperBound.value }
        let load = networkCase.loads.reduce(0) { $0 + $1.active.value }
        #expect(optimum.missing.reduce(0) { $0 + $1.active.value } > load - most - 1e3)
        #expect(optimum.missing.contains { $0.bus == 3 })
        for (part, expected) in [(1.000_01, DCOptimum.Status.optimal), (0.99, .infeasible)] {
            var helped = networkCase
            for missing in optimum.missing {
                helped.loads.append(
                    .init(
                        name: "", bus: missing.bus, active: Power(-part * missing.active.value),
                        reactive: .zero))
            }
            #expect(try status(helped) == expected)
        }
    }

    @Test("a line that is too weak")
    func weakLine() throws {
        var networkCase = try Cases.load("wscc9")
        let network = networkCase.network
        #expect(try status(networkCase) == .optimal)
        // Bus 9 is fed by two lines, which carry 250 MVA each, and takes 125 MW.
        for (rating, expected) in [(70.0, DCOptimum.Status.optimal), (60, .infeasible)] {
            let branches = network.branches.map { branch in
                let isWeak = [branch.from, branch.to].contains { network.buses[$0].name == "9" }
                return Branch(
                    name: branch.name, from: branch.from, to: branch.to, resistance: branch.resistance,
                    reactance: branch.reactance, rating: isWeak ? ApparentPower(rating * 1e6) : branch.rating)
            }
            networkCase = NetworkCase(
                name: "weak", buses: network.buses, branches: branches, sources: network.sources,
                loads: networkCase.loads, generators: networkCase.generators, basePower: network.basePower)
            for losses in [false, true] {
                let optimum = try DCOptimalPowerFlow(networkCase, losses: losses).solve()
                #expect(optimum.status == expected, "\(rating)")
                guard expected == .infeasible, !losses else { continue }
                #expect(optimum.missing.map { network.buses[$0.bus].name } == ["9"])
                #expect(abs(optimum.missing[0].active.value - 5e6) < 1e3)
            }
        }
    }

    /// Two islands, each with its own reference; a bus alone, with and without load.
    @Test("islands")
    func islands() throws {
        var networkCase = Cases.drawn(seed: 3, buses: 8)
        let network = networkCase.network
        let whole = try DCOptimalPowerFlow(networkCase).solve()
        func joined(_ extraLoad: Double) -> NetworkCase {
            let shifted = network.branches.map {
                Branch(
                    name: $0.name, from: $0.from + 8, to: $0.to + 8, resistance: $0.resistance,
                    reactance: $0.reactance, ratio: $0.ratio, phaseShift: $0.phaseShift, rating: $0.rating,
                    angleLimits: $0.angleLimits)
            }
            let generators =
                networkCase.generators
                + networkCase.generators.map {
                    var unit = $0
                    unit.bus += 8
                    return unit
                }
            var loads =
                networkCase.loads
                + networkCase.loads.map {
                    var load = $0
                    load.bus += 8
                    return load
                }
            loads.append(.init(name: "", bus: 16, active: Power(extraLoad), reactive: .zero))
            return NetworkCase(
                name: "two", buses: network.buses + network.buses + [network.buses[0]],
                branches: network.branches + shifted, sources: network.sources, loads: loads,
                generators: generators, basePower: network.basePower)
        }
        let both = try DCOptimalPowerFlow(joined(0)).solve()
        #expect(both.status == .optimal)
        #expect(abs(both.cost - 2 * whole.cost) < 1e-7 * whole.cost)
        #expect(both.references[3] == 0 && both.references[12] >= 8 && both.references[16] == 16)
        let alone = try DCOptimalPowerFlow(joined(1e6)).solve()
        #expect(alone.status == .infeasible && alone.missing.map(\.bus) == [16])
        #expect(abs(alone.missing[0].active.value - 1e6) < 1e2)
        networkCase.generators = []
        #expect(try status(networkCase) == .infeasible)
    }

    @Test("a case without costs, or with costs that are not convex")
    func mistakes() throws {
        var networkCase = try Cases.load("wscc9")
        networkCase.generators[0].cost = nil
        networkCase.generators[1].cost = .polynomial(constant: 0, linear: 1, quadratic: -1)
        networkCase.generators[2].cost = .piecewise([
            .init(power: .zero, cost: 0), .init(power: Power(1e6), cost: 2),
            .init(power: Power(2e6), cost: 3),
        ])
        let error = #expect(throws: CaseMistake.self) { try DCOptimalPowerFlow(networkCase) }
        #expect(
            error?.messages == [
                "generator 'gen-1' has no cost that is understood",
                "the cost of generator 'gen-2' is not convex, or not finite",
                "the cost of generator 'gen-3' is not convex, or not finite",
            ])
    }
}
