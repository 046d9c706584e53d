import Grid
import Testing
import UnbalancedPowerFlow

@Suite struct UnbalancedLawTests {
    /// Ohm's law on every line and Kirchhoff's at every phase of every bus, from the published numbers alone.
    @Test func lawsHoldOnRandomFeeders() throws {
        for seed in UInt64(1)...300 {
            let network = UnbalancedNetwork.random(seed, loops: Int(seed % 4))
            let point = try UnbalancedPowerFlowSolver(network: network, tolerance: 1e-10).solve()
            #expect(point.status == .converged, "\(seed)")
            let phasors = Phasors(point, network)
            #expect(phasors.ohm < 1e-5, "\(seed): \(phasors.ohm) V")
            #expect(phasors.kirchhoff < 1e-5, "\(seed): \(phasors.kirchhoff) A")
        }
    }

    /// What the source gives is what loads take at their voltages, and losses.
    @Test func sourceGivesLoadsAndLosses() throws {
        for seed in UInt64(1)...50 {
            let network = UnbalancedNetwork.random(seed, loops: 1)
            let constant = UnbalancedNetwork(
                buses: network.buses, branches: network.branches,
                loads: network.loads.map {
                    UnbalancedNetwork.Load(
                        name: $0.name, bus: $0.bus, connection: $0.connection, active: $0.active,
                        reactive: $0.reactive)
                }, source: network.source)
            let point = try UnbalancedPowerFlowSolver(network: constant).solve()
            let taken = constant.loads.flatMap(\.active).reduce(.zero, +)
            let given = point.sourcePower.reduce(.zero, +)
            #expect((given - taken - point.losses).value.magnitude < 0.1, "\(seed)")
        }
    }

    /// Two buses, equal phases: |V₂|² is the larger root of x² + (2(rp + xq) − V₁²)·x + |z|²|s|² = 0, by
    /// phase.
    @Test func balancedTwoBusesHaveTheirKnownRoot() throws {
        let network = UnbalancedNetwork(
            buses: Sample.buses(2), branches: [Sample.line(0, 1, .abc, Sample.balanced(0.3, 0.6))],
            loads: [Sample.load(1, [300, 300, 300], [150, 150, 150])], source: .init(bus: 0, voltage: 1.02))
        let point = try UnbalancedPowerFlowSolver(network: network, tolerance: 1e-10).solve()
        let v = 1.02 * network.buses[0].nominalPhaseVoltage
        let half = v * v / 2 - (0.3 * 300e3 + 0.6 * 150e3)
        let root = half + (half * half - 0.45 * (300e3 * 300e3 + 150e3 * 150e3)).squareRoot()
        for phase in 0..<3 {
            #expect((point.voltage[3 + phase].value - root.squareRoot()).magnitude < 1e-5)
            #expect(point.returning[0].value < 1e-6)
        }
    }

    /// Where the phases are equal, a delta takes the currents of a wye of the same power.
    @Test(arguments: [(0.0, 0.0), (1, 0), (0, 1)])
    func deltaIsWyeWhereBalanced(current: Double, impedance: Double) throws {
        let points = try [UnbalancedNetwork.Load.Connection.wye, .delta].map { connection in
            try UnbalancedPowerFlowSolver(
                network: UnbalancedNetwork(
                    buses: Sample.buses(2), branches: [Sample.line(0, 1, .abc, Sample.balanced(0.3, 0.6))],
                    loads: [
                        Sample.load(
                            1, [300, 300, 300], [150, 150, 150], connection, current: current,
                            impedance: impedance)
                    ],
                    capacitors: [
                        .init(
                            name: "C", bus: 1, connection: connection,
                            reactive: [.init(kilovars: 50), .init(kilovars: 50), .init(kilovars: 50)])
                    ], source: .init(bus: 0)), tolerance: 1e-10
            ).solve()
        }
        for at in 0..<6 {
            #expect((points[0].voltage[at] - points[1].voltage[at]).value.magnitude < 1e-5)
        }
    }

    /// Two equal lines side by side are one of half the impedance, and share its current.
    @Test func parallelLinesShare() throws {
        let load = Sample.load(1, [400, 100, 0], [100, 50, 20])
        func solve(_ branches: [UnbalancedNetwork.Branch]) throws -> UnbalancedPoint {
            try UnbalancedPowerFlowSolver(
                network: UnbalancedNetwork(
                    buses: Sample.buses(2), branches: branches, loads: [load], source: .init(bus: 0)),
                tolerance: 1e-10
            ).solve()
        }
        let one = try solve([Sample.line(0, 1, .abc, Sample.impedance * 0.5)])
        let two = try solve([Sample.line(0, 1), Sample.line(0, 1)])
        for phase in 0..<3 {
            #expect((one.voltage[3 + phase] - two.voltage[3 + phase]).value.magnitude < 1e-5)
            #expect((two.current[phase] - two.current[3 + phase]).value.magnitude < 1e-5)
            #expect((two.current[phase] * 2 - one.current[phase]).value.magnitude < 1e-4)
        }
    }

    /// The transformer's hours, without load. A side that is not grounded is tied to earth by a millionth of
    /// the rating.
    @Test(arguments: [
        (UnbalancedNetwork.Transformer.Connection.YNyn0, 0.0), (.Dyn1, -30), (.Dyn11, 30), (.Dd0, 0),
        (.Yd1, -30),
        (.Yd11, 30),
    ]) func transformerTurns(connection: UnbalancedNetwork.Transformer.Connection, degrees: Double) throws {
        let low = UnbalancedNetwork.Bus(name: "low", nominalVoltage: Voltage(400))
        let network = UnbalancedNetwork(
            buses: Sample.buses(1) + [low], branches: [Sample.transformer(0, 1, connection)],
            source: .init(bus: 0))
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect((point.angle[3] * 180 / .pi - degrees).magnitude < 1e-6)
        #expect((point.voltage[3].value - low.nominalPhaseVoltage).magnitude < 1e-5)
    }

    @Test func anOpenSwitchLeavesAnIsland() throws {
        let cut = UnbalancedNetwork.Branch(
            name: "switch", from: 1, to: 2, element: .line(impedance: .zero, susceptance: .zero),
            isClosed: false)
        let network = UnbalancedNetwork(
            buses: Sample.buses(3), branches: [Sample.line(0, 1), cut],
            loads: [Sample.load(1, [50, 0, 0], [0, 0, 0]), Sample.load(2, [30, 20, -10], [0, 0, 0])],
            source: .init(bus: 0))
        let point = try UnbalancedPowerFlowSolver(network: network).solve()
        #expect(point.status == .islanded)
        #expect(point.unserved == Power(kilowatts: 50))
        #expect(point.voltage[6...].allSatisfy { $0 == .zero })
        #expect(point.sourcePower[0] > Power(kilowatts: 50))
    }

    /// Beyond what the line can carry there is no solution, and none is claimed; the next step is untouched.
    @Test(arguments: [1e3, 1e300, .infinity, .nan]) func noSolutionIsNoResult(factor: Double) throws {
        let network = UnbalancedNetwork.random(7, loops: 1)
        let solver = try UnbalancedPowerFlowSolver(network: network)
        let point = solver.solve(factor: factor)
        #expect(!point.status.isSolved)
        #expect(point.voltage.allSatisfy { $0 == .zero } && point.sourcePower.allSatisfy { $0 == .zero })
        #expect(solver.solve() == (try UnbalancedPowerFlowSolver(network: network).solve()))

        let demand = DemandSeries(shapes: [[1, factor, 1]], loads: network.loads.map { _ in 0 })
        let series = try UnbalancedTimeSeries(network: network).solve(demand)
        #expect(series.status.map(\.isSolved) == [true, false, true])
        for bus in network.buses.indices {
            #expect(series.magnitude(bus: bus, phase: 0, step: 1) == 0)
            let difference =
                series.magnitude(bus: bus, phase: 0, step: 2) - series.magnitude(bus: bus, phase: 0, step: 0)
            #expect(difference.magnitude < 1e-8)
        }
    }
}
