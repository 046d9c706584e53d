import Grid
import Studies
import Testing

/// What an outage leaves, worked out by hand.
@Suite struct OutageResultTests {
    private static let buses = (0..<4).map {
        Bus(name: "\($0)", nominalVoltage: Voltage(110_000), limits: 0.5...1.5)
    }

    /// p.u. on 100 MVA.
    private func line(_ from: Int, _ to: Int, rating: Double, _ reactance: Double = 0.1) -> Branch {
        Branch(
            name: "\(from)-\(to)", from: from, to: to, resistance: Impedance(1.21),
            reactance: Impedance(121 * reactance), rating: ApparentPower(rating))
    }

    private func report(
        _ lines: [Branch], loads: [(Int, Double)], generators: [NetworkCase.Generator] = [],
        origin: NetworkCase.Origin? = nil, _ verification: ContingencyAnalysis.Verification = .all
    ) throws -> ContingencyAnalysis.Result {
        let networkCase = NetworkCase(
            name: "", buses: Self.buses, branches: lines, sources: [.init(bus: 0, voltage: 1.02)],
            loads: loads.map { .init(name: "", bus: $0.0, active: Power($0.1 * 1e6), reactive: .zero) },
            generators: generators, basePower: Power(100e6), origin: origin)
        return try #require(ContingencyAnalysis(verification: verification).study(networkCase))
    }

    /// Two wires side by side, of 30 and 200 MVA. Without the first, all goes over the second, and the first
    /// carries nothing.
    @Test func aBranchThatIsOutIsNotLoaded() throws {
        let lines = [
            line(0, 1, rating: 30e6), line(0, 1, rating: 200e6), line(1, 2, rating: 1e9),
            line(2, 3, rating: 1e9),
        ]
        let result = try report(lines, loads: [(1, 60)])
        #expect(result.base.severity == .overload && result.base.mostLoaded == 0)
        let out = try #require(result.contingencies.first { $0.outage == .branch(0) })
        #expect(out.mostLoaded == 1 && out.overloads == 0 && out.severity == .secure)
        #expect((out.loading! - 0.303).magnitude < 0.003)
        // A part of the network that an outage de-energises is not loaded either.
        let cut = try #require(result.contingencies.first { $0.outage == .branch(2) })
        #expect(cut.mostLoaded == 0 && cut.status == .islanded)
    }

    /// Loads of 50, 60 and 30 MW in a row, and generators of 40 and 45 MW. Whatever these give, what is cut
    /// off goes without supply.
    @Test(arguments: [ContingencyAnalysis.Verification.all, .none])
    func loadBesideGenerationIsNotServedWhenCutOff(verification: ContingencyAnalysis.Verification) throws {
        let lines = (0..<3).map { line($0, $0 + 1, rating: 300e6) }
        let result = try report(
            lines, loads: [(1, 50), (2, 60), (3, 30)],
            generators: [
                .init(name: "", bus: 2, active: Power(40e6), activeLimits: .zero...Power(80e6), voltage: 1),
                .init(name: "", bus: 3, active: Power(45e6)),
            ], verification)
        for (branch, megawatts) in [140.0, 90, 30].enumerated() {
            let out = try #require(result.contingencies.first { $0.outage == .branch(branch) })
            #expect((out.unserved.value - megawatts * 1e6).magnitude < 1 && out.severity == .unserved)
        }
    }

    /// The same of a network that is cut to begin with, and of loads that depend on voltage.
    @Test func aDeadBusOfTheNetworkCountsItsLoads() throws {
        var lines = (0..<3).map { line($0, $0 + 1, rating: 300e6) }
        lines[1].isClosed = false
        let generator = NetworkCase.Generator(name: "", bus: 2, active: Power(70e6))
        let result = try report(lines, loads: [(1, 50), (2, 60), (3, 30)], generators: [generator])
        #expect((result.base.unserved.value - 90e6).magnitude < 1)
        var networkCase = NetworkCase(
            name: "", buses: Self.buses, branches: lines, sources: [.init(bus: 0, voltage: 1)],
            loads: [
                .init(
                    name: "", bus: 2, active: Power(60e6), reactive: .zero, constantCurrent: 0.25,
                    constantImpedance: 0.5),
                .init(name: "", bus: 2, active: Power(-5e6), reactive: .zero),
            ], generators: [generator], basePower: Power(100e6))
        #expect(networkCase.injections.demand(at: 2) == Power(60e6))
        networkCase.loads[0].isConnected = false
        #expect(networkCase.injections.demand(at: 2) == .zero)
    }

    /// Two equal units of three branches that meet at a bus of their own, beside each other. One goes out as
    /// a whole, and the other then carries all; its parts are no outages of their own.
    @Test(arguments: [ContingencyAnalysis.Verification.all, .none])
    func aUnitGoesOutWithAllItsBranches(verification: ContingencyAnalysis.Verification) throws {
        // Bus 3 is inside the first unit; the second is one branch each way.
        var lines = [
            line(0, 3, rating: 100e6, 0.05), line(3, 1, rating: 100e6, 0.05), line(3, 2, rating: 100e6, 0.05),
            line(0, 1, rating: 100e6), line(0, 2, rating: 100e6),
        ]
        for index in lines.indices { lines[index].ratedEnd = .to }
        var origin = NetworkCase.Origin()
        origin.buses = Self.buses.indices.map { .init(name: "\($0)", bus: $0) }
        origin.branches = lines.map { .init(from: $0.from, to: $0.to) }
        origin.loads = [1, 2]
        origin.units = [.init(name: "T", branches: [0, 1, 2], innerBus: 3)]
        origin.innerBranches = [4]
        let result = try report(lines, loads: [(1, 40), (2, 30)], origin: origin, verification)
        #expect(Set(result.contingencies.map(\.outage)) == [.unit(0), .branch(3)])
        let out = try #require(result.contingencies.first { $0.outage == .unit(0) })
        // Unity power factor at the ends that are rated.
        #expect(out.mostLoaded == 3 && out.overloads == 0 && out.status == .converged)
        #expect((out.loading! - 0.4).magnitude < (verification == .all ? 1e-6 : 0.02))
    }

    /// What one of two generators at a bus gave is shared by what is left: 100 MW at the bus, 300 MW at the
    /// source.
    @Test func aLostGeneratorIsReplacedInProportionToTheLargestPowers() throws {
        func unit(_ bus: Int, _ active: Double, most: Double) -> NetworkCase.Generator {
            .init(name: "", bus: bus, active: Power(active), activeLimits: .zero...Power(most), voltage: 1.02)
        }
        let generators = [unit(0, 0, most: 300e6), unit(1, 40e6, most: 100e6), unit(1, 40e6, most: 200e6)]
        let result = try report([line(0, 1, rating: 100e6)], loads: [(1, 100)], generators: generators, .none)
        let out = try #require(result.contingencies.first { $0.outage == .generator(2) })
        // 20 MW before, and three quarters of 40 MW more.
        #expect((out.loading! - 0.5).magnitude < 0.02)
    }
}
