import DCPowerFlow
import Grid
import TestSupport
import Testing

@Suite struct DCPowerFlowTests {
    /// Reactances in p.u. on 1 MW and 1 kV; base 1 MW.
    private func network(_ buses: Int, _ lines: [(Int, Int, Double)], shift: Double = 0) -> Network {
        Network(
            buses: (0..<buses).map { Bus(name: "\($0)", nominalVoltage: Voltage(1000), limits: 0.9...1.1) },
            branches: lines.enumerated().map { index, line in
                Branch(
                    name: "\(index)", from: line.0, to: line.1, resistance: Impedance(0.01),
                    reactance: Impedance(line.2), phaseShift: index == 0 ? shift : 0)
            }, source: 0, sourceVoltage: 1)
    }

    @Test func aTriangleSharesByReactance() {
        let triangle = network(3, [(0, 1, 0.1), (1, 2, 0.1), (0, 2, 0.1)])
        var injections = Injections(buses: 3)
        injections.active[1] = Power(-3e5)
        let point = triangle.flow(injections)
        #expect(point.status == .converged && near(point.sourcePower.value, 3e5))
        for (branch, flow) in [2e5, -1e5, 1e5].enumerated() {
            #expect(near(point.powerFrom[branch].value, flow))
            #expect(point.powerTo[branch] == -point.powerFrom[branch])
        }
        #expect(near(point.angle[1], -0.02) && near(point.angle[2], -0.01))
        #expect(near(point.current[0].value, 2e5 / (3.0.squareRoot() * 1000)))
    }

    /// A shift of φ around a loop of 0.1 + 0.1 p.u. drives φ/0.2 round it.
    @Test func aPhaseShifterDrivesALoop() {
        let point = network(2, [(0, 1, 0.1), (0, 1, 0.1)], shift: 0.02).flow(Injections(buses: 2))
        #expect(near(point.powerFrom[0].value, -1e5) && near(point.powerFrom[1].value, 1e5))
        #expect(near(point.sourcePower.value, 0, absolute: 1e-3))
    }

    @Test func shuntsAndVoltageDependentLoadsTakeTheirNominalPower() {
        let bus = Bus(name: "", nominalVoltage: Voltage(1000), limits: 0.9...1.1, shuntConductance: 0.1)
        let line = Branch(name: "", from: 0, to: 1, resistance: .zero, reactance: Impedance(0.1))
        var injections = Injections(buses: 2)
        let zeros = [ReactivePower](repeating: .zero, count: 2)
        injections.constantCurrent = .init(active: [.zero, Power(-2e4)], reactive: zeros)
        injections.constantImpedance = .init(active: [.zero, Power(-3e4)], reactive: zeros)
        let point = Network(buses: [bus, bus], branches: [line], source: 0, sourceVoltage: 1).flow(injections)
        #expect(near(point.powerFrom[0].value, 1.5e5) && near(point.sourcePower.value, 2.5e5))
    }

    @Test func aWireWithoutReactanceIsNoShortCircuit() {
        let wires = network(2, [(0, 1, 0), (0, 1, 0.01)])
        var injections = Injections(buses: 2)
        injections.active[1] = Power(-1e5)
        let point = wires.flow(injections)
        #expect(near(point.powerFrom[0].value, 5e4) && near(point.powerFrom[1].value, 5e4))
    }

    @Test(arguments: 0..<60)
    func everyBusKeepsItsBalance(seed: UInt64) {
        let mesh = RandomMesh(seed)
        let (network, point) = (mesh.network, mesh.network.flow(mesh.injections))
        #expect(point.status == .islanded && point.mismatch < 1e-9)
        var outflow = network.buses.map {
            $0.shuntConductance * $0.nominalVoltage.value * $0.nominalVoltage.value
        }
        for (index, branch) in network.branches.enumerated() {
            outflow[branch.from] += point.powerFrom[index].value
            outflow[branch.to] += point.powerTo[index].value
            guard branch.isClosed else {
                #expect(point.powerFrom[index] == .zero)
                continue
            }
            let turned = point.angle[branch.from] - point.angle[branch.to] - branch.phaseShift
            let voltage = network.buses[branch.to].nominalVoltage.value
            let flow = voltage * voltage / branch.reactance.value / branch.ratio * turned
            #expect(near(point.powerFrom[index].value, flow))
        }
        let sources = Set(network.sources.map(\.bus))
        var remainder = 0.0
        for bus in network.buses.indices {
            let missing = outflow[bus] - mesh.injections.active[bus].value
            if sources.contains(bus) {
                remainder += missing
            } else if point.voltage[bus] != .zero {
                #expect(missing.magnitude < 1e-2)
            } else {
                #expect(near(point.unserved.value, max(0, -mesh.injections.active[bus].value)))
            }
        }
        #expect(near(point.sourcePower.value, remainder))
        for source in network.sources { #expect(point.angle[source.bus] == source.angle) }
    }

    @Test func whatIsNotFiniteIsNoSolution() {
        let line = network(2, [(0, 1, 0.1)])
        var injections = Injections(buses: 2)
        injections.active[1] = Power(.nan)
        let point = line.flow(injections)
        #expect(point.status == .diverged && point.angle == [0, 0] && point.powerFrom == [.zero])
        #expect(DCPowerFlowSolver(network: line)?.screenBranchOutages(injections) == [])
        #expect(DCPowerFlowSolver(network: network(2, [(0, 1, .nan)])) == nil)
        #expect(DCPowerFlowSolver(network: network(2, [(0, 1, 0.1), (0, 1, -0.1)])) == nil)
    }

    @Test func aSourceAloneIsSolved() {
        let point = network(1, []).flow(Injections(buses: 1))
        #expect(point.status == .converged && point.sourcePower == .zero)
    }
}
