import DCPowerFlow
import Grid
import LinearAlgebra
import Testing

/// What the factors foretell, against networks solved anew.
@Suite struct OutageTests {
    private func solver(_ network: Network) throws -> DCPowerFlowSolver {
        try #require(DCPowerFlowSolver(network: network))
    }

    private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).map { ($0 - $1).magnitude }.max() ?? 0
    }

    @Test(arguments: 0..<30)
    func transfersAddUpToTheFlow(seed: UInt64) throws {
        let mesh = RandomMesh(3 * seed + 1, hasShifters: false)
        let solver = try solver(mesh.network)
        let matrix = solver.transferMatrix()
        var none = Injections(buses: mesh.network.buses.count)
        let before = mesh.network.flow(none)
        none.active = mesh.injections.active
        let after = mesh.network.flow(none)
        for branch in mesh.network.branches.indices {
            let row = solver.transferFactors(ofBranch: branch)
            let flow = zip(row, mesh.injections.active).reduce(0) { $0 + $1.0 * $1.1.value }
            let change = after.powerFrom[branch].value - before.powerFrom[branch].value
            #expect((flow - change).magnitude < 1e-9 * 1e7)
            let stored = row.indices.map { matrix[branch, $0] }
            #expect(largestDifference(row, stored) < 1e-11)
        }
        let last = mesh.network.buses.count - 1
        let between = solver.transferFactors(from: 0, to: last)
        let difference = between.indices.map { matrix[$0, 0] - matrix[$0, last] }
        #expect(largestDifference(between, difference) < 1e-11)
    }

    @Test(arguments: 0..<60)
    func outageFactorsGiveTheFlowsSolvedAnew(seed: UInt64) throws {
        let mesh = RandomMesh(seed)
        let solver = try solver(mesh.network)
        let before = mesh.network.flow(mesh.injections)
        for branch in mesh.network.branches.indices {
            let after = mesh.network.opening(branch).flow(mesh.injections)
            let cutsOff = after.voltage != before.voltage
            guard let factors = solver.outageFactors(ofBranch: branch) else {
                #expect(cutsOff || !mesh.network.branches[branch].isClosed)
                continue
            }
            #expect(!cutsOff)
            let foretold = factors.indices.map {
                before.powerFrom[$0].value + factors[$0] * before.powerFrom[branch].value
            }
            #expect(largestDifference(foretold, after.powerFrom.map(\.value)) < 1e-9 * 1e7)
        }
    }

    private func expect(
        _ outage: ScreenedOutage, _ point: OperatingPoint, _ network: Network, unserved: Double
    ) {
        #expect((outage.unserved.value - unserved).magnitude < 1e-6)
        let watched = network.branches.indices.filter {
            network.limit($0).isFinite && network.branches[$0].isClosed
                && point.voltage[network.branches[$0].from] != .zero
        }
        let loadings = watched.map { point.powerFrom[$0].value.magnitude / network.limit($0) }
        guard let worst = loadings.max() else {
            #expect(outage.loading == nil && outage.mostLoaded == nil && outage.overloads == 0)
            return
        }
        #expect((outage.loading! - worst).magnitude < 1e-8 * max(1, worst))
        let named = point.powerFrom[outage.mostLoaded!].value.magnitude / network.limit(outage.mostLoaded!)
        #expect((named - worst).magnitude < 1e-8 * max(1, worst))
        #expect(outage.overloads == loadings.count { $0 > 1 })
    }

    @Test(arguments: 0..<90)
    func screeningAgreesWithSolvingAnew(seed: UInt64) throws {
        let mesh = RandomMesh(seed)
        let solver = try solver(mesh.network)
        let outages = solver.screenBranchOutages(mesh.injections)
        #expect(solver.screenBranchOutages(mesh.injections, workers: 3) == outages)
        #expect(
            outages.map(\.index)
                == mesh.network.branches.indices.filter { mesh.network.branches[$0].isClosed })
        let before = mesh.network.flow(mesh.injections)
        for outage in outages {
            let opened = mesh.network.opening(outage.index)
            let after = opened.flow(mesh.injections)
            let lost = after.unserved.value - before.unserved.value
            expect(outage, after, opened, unserved: lost)
            #expect(outage.status == .islanded)
            let carried = before.powerFrom[outage.index].value.magnitude
            #expect((outage.lost.value - carried).magnitude < 1e-6)
        }
    }

    /// Changes are in proportion to the flows before, wherever those come from.
    @Test func screeningStartsAtTheFlowsGiven() throws {
        let mesh = RandomMesh(11)
        let solver = try solver(mesh.network)
        var before = mesh.network.flow(mesh.injections)
        let plain = solver.screenBranchOutages(mesh.injections)
        let same = solver.screenBranchOutages(mesh.injections, from: before)
        for branch in mesh.network.branches.indices {
            before.powerFrom[branch] = before.powerFrom[branch] * 3
            before.powerTo[branch] = before.powerTo[branch] * 3
        }
        let tripled = solver.screenBranchOutages(mesh.injections, from: before)
        for index in plain.indices {
            guard let loading = plain[index].loading else { continue }
            #expect((same[index].loading! - loading).magnitude < 1e-9 * (1 + loading))
            #expect((tripled[index].loading! - 3 * loading).magnitude < 1e-8 * (1 + loading))
        }
        before.status = .diverged
        #expect(solver.screenBranchOutages(mesh.injections, from: before) == plain)
    }

    @Test(arguments: 0..<40)
    func generatorOutagesAgreeWithSolvingAnew(seed: UInt64) throws {
        let mesh = RandomMesh(seed)
        let network = mesh.network
        let outages = try solver(network).screenGeneratorOutages(mesh.generators, mesh.injections)
        let again = try solver(network).screenGeneratorOutages(mesh.generators, mesh.injections, workers: 2)
        #expect(again == outages)
        let live = network.flow(mesh.injections).voltage.map { $0 > .zero }
        #expect(outages.map(\.index) == mesh.generators.indices.filter { live[mesh.generators[$0].bus] })
        for outage in outages {
            var injections = mesh.injections
            let lost = mesh.generators[outage.index]
            injections.active[lost.bus] -= lost.active
            #expect(outage.lost == lost.active)
            let others = network.regulators.filter { $0.bus != lost.bus && live[$0.bus] }
            let total = Double(network.sources.count) + 0.5 * Double(others.count)
            for regulator in others { injections.active[regulator.bus] += lost.active * (0.5 / total) }
            expect(outage, network.flow(injections), network, unserved: 0)
            let foretold = try solver(network).injections(
                mesh.injections, without: outage.index, of: mesh.generators)
            let differences = zip(foretold.active, injections.active).map { ($0 - $1).value.magnitude }
            #expect(differences.max()! < 1e-6)
        }
    }

    /// Two islands, each with its source: what one lacks the other does not give. A generator at a source
    /// is the source's; one that is not connected is not lost.
    @Test func remaindersStayInTheirIsland() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(1000), limits: 0.9...1.1)
        let line = { (from: Int, to: Int) in
            Branch(
                name: "", from: from, to: to, resistance: .zero, reactance: Impedance(0.1),
                rating: ApparentPower(1e5))
        }
        let network = Network(
            buses: [bus, bus, bus, bus], branches: [line(0, 1), line(2, 3)],
            sources: [.init(bus: 0, voltage: 1), .init(bus: 2, voltage: 1)],
            regulators: [
                .init(bus: 1, voltage: 1, participation: 1), .init(bus: 3, voltage: 1, participation: 1),
            ])
        var generators = [(1, 5e4), (3, 7e4), (0, 5e4)].map {
            NetworkCase.Generator(name: "", bus: $0.0, active: Power($0.1), voltage: 1)
        }
        var injections = Injections(buses: 4)
        injections.active[1] = Power(5e4)
        var outages = try solver(network).screenGeneratorOutages(generators, injections)
        #expect(outages.map(\.index) == [0, 1] && outages.allSatisfy { $0.status == .converged })
        #expect(outages[0].loading! < 1e-12 && outages[0].overloads == 0)
        #expect((outages[1].loading! - 0.7).magnitude < 1e-12 && outages[1].mostLoaded == 1)
        generators[0].isConnected = false
        outages = try solver(network).screenGeneratorOutages(generators, injections)
        #expect(outages.map(\.index) == [1])
    }

    /// A regulator that two generators uphold keeps the weight of the one that is left.
    @Test func aRegulatorKeepsTheWeightOfWhatIsLeft() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(1000), limits: 0.9...1.1)
        func unit(_ bus: Int, _ most: Double) -> NetworkCase.Generator {
            NetworkCase.Generator(
                name: "", bus: bus, active: Power(1e4), activeLimits: .zero...Power(most), voltage: 1)
        }
        let networkCase = NetworkCase(
            name: "", buses: [bus, bus],
            branches: [Branch(name: "", from: 0, to: 1, resistance: .zero, reactance: Impedance(0.1))],
            sources: [.init(bus: 0, voltage: 1)], loads: [],
            generators: [unit(0, 3e4), unit(1, 1e4), unit(1, 5e4)], basePower: Power(1e6))
        let solver = try solver(networkCase.network)
        for (lost, left) in [(1, 5.0), (2, 1.0)] {
            let after = solver.injections(
                networkCase.injections, without: lost, of: networkCase.generators)
            #expect((after.active[1].value - 1e4 - 1e4 * left / (3 + left)).magnitude < 1e-9)
            #expect(after.demand(at: 1) == .zero)
        }
    }

    /// Opening one of two lines in series with a capacitor that cancels the other leaves no single solution.
    @Test func aResonanceIsTold() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(1000), limits: 0.9...1.1)
        let lines = [0.1, -0.1, 0.05].map {
            Branch(
                name: "", from: 0, to: 1, resistance: .zero, reactance: Impedance($0),
                rating: ApparentPower(1e5))
        }
        let network = Network(buses: [bus, bus], branches: lines, source: 0, sourceVoltage: 1)
        var injections = Injections(buses: 2)
        injections.active[1] = Power(-1e4)
        let solver = try solver(network)
        let outages = solver.screenBranchOutages(injections)
        #expect(outages.map(\.status) == [.converged, .converged, .diverged])
        #expect(outages[2].loading == nil && solver.outageFactors(ofBranch: 2) == nil)
        #expect((outages[0].loading! - 0.2).magnitude < 1e-12 && outages[0].mostLoaded == 2)
    }
}
