import CaseFile
import ControlledPowerFlow
import DCPowerFlow
import FeederFile
import Foundation
import Grid
import Lanes
import PowerFlow
import TestSupport
import Testing
import UnbalancedPowerFlow

/// The examples in the doc comments of networks and power flows, and what they answer.
@Suite("Examples: networks and power flow")
struct NetworkExamples {
    /// The network of the first example, which the next ones use.
    private let network = Network(
        buses: ["substation", "village"].map {
            Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
        },
        branches: [
            Branch(
                name: "cable", from: 0, to: 1, resistance: Impedance(1.2), reactance: Impedance(0.7),
                ampacity: Current(250))
        ], source: 0, sourceVoltage: 1)

    @Test("a network of two buses")
    func twoBuses() {
        let buses = ["substation", "village"].map {
            Bus(name: $0, nominalVoltage: Voltage(10_000), limits: 0.93...1.07)
        }
        let cable = Branch(
            name: "cable", from: 0, to: 1, resistance: Impedance(1.2), reactance: Impedance(0.7),
            ampacity: Current(250))
        let network = Network(buses: buses, branches: [cable], source: 0, sourceVoltage: 1)

        #expect(network == self.network)
    }

    @Test("one power flow")
    func powerFlow() {
        var injections = Injections(buses: 2)
        injections.active[1] = -Power(kilowatts: 900)
        injections.reactive[1] = -ReactivePower(kilovars: 300)
        let solver = PowerFlowSolver(network: network)
        var point = OperatingPoint(buses: 2, branches: 1)
        solver.solve(injections, into: &point)
        print(point.status, point.voltage[1])  // Converged, 9.87 kV.

        #expect(point.status == .converged && (point.voltage[1].value - 9870).magnitude < 5)
    }

    @Test("a power flow over the steps of a day")
    func timeSeries() {
        var day = InjectionSeries(buses: 2, steps: 96)
        for step in 0..<96 { day.active[1, step] = step < 48 ? -300_000 : -900_000 }
        let powerFlow = TimeSeriesPowerFlow(network: network, workers: 2)
        let voltages = powerFlow.solve(day)
        let lowest = (0..<96).map { voltages.magnitude(bus: 1, step: $0) }.min()  // 0.989 p.u.

        #expect(((lowest ?? 0) - 0.989).magnitude < 5e-4)
    }

    @Test("transfer factors of a ring")
    func transferFactors() {
        let buses = ["a", "b", "c"].map {
            Bus(name: $0, nominalVoltage: Voltage(110_000), limits: 0.9...1.1)
        }
        let lines = [(0, 1), (1, 2), (0, 2)].map { from, to in
            Branch(name: "", from: from, to: to, resistance: .zero, reactance: Impedance(10))
        }
        let ring = Network(buses: buses, branches: lines, source: 0, sourceVoltage: 1)
        guard let solver = DCPowerFlowSolver(network: ring) else { return }
        let factors = solver.transferFactors(from: 0, to: 2)  // One third by b, two thirds directly.

        for (factor, expected) in zip(factors, [1.0 / 3, 1.0 / 3, 2.0 / 3]) {
            #expect((factor - expected).magnitude < 1e-12)
        }
    }

    @Test("a house on one phase of a cable")
    func unbalanced() throws {
        let buses = ["transformer", "house"].map {
            UnbalancedNetwork.Bus(name: $0, nominalVoltage: Voltage(400))
        }
        let impedance = PhaseMatrix(real: [0.2, 0.05, 0.05, 0.2, 0.05, 0.2])
        let cable = UnbalancedNetwork.Branch(
            name: "cable", from: 0, to: 1, element: .line(impedance: impedance, susceptance: .zero))
        let load = UnbalancedNetwork.Load(
            name: "house", bus: 1, active: [Power(5000), .zero, .zero], reactive: [.zero, .zero, .zero])
        let feeder = UnbalancedNetwork(
            buses: buses, branches: [cable], loads: [load], source: .init(bus: 0))
        let point = try UnbalancedPowerFlowSolver(network: feeder).solve()
        let phaseA = point.voltage[3 * 1 + 0]  // 226.5 V against earth.

        #expect((phaseA.value - 226.5).magnitude < 0.2)
    }

    @Test("a tap changer over a day")
    func controlled() throws {
        let changer = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02)
        let day = StepTable(rows: 2, steps: 24)
        var demand = ControlledDemand(
            active: day, reactive: day, available: StepTable(rows: 0, steps: 24))
        for hour in 18..<24 { demand.active[1, hour] = -2_000_000 }
        let powerFlow = try ControlledTimeSeries(
            network: network, controls: VoltageControls(tapChangers: [changer]))
        let series = powerFlow.solve(demand)
        let evening = series.tap(0, step: 20)  // Lower the ratio, raise the voltage.

        #expect(evening < 0 && series.magnitude(bus: 1, step: 20) > 0.989)
    }

    @Test("a case in the format of MATPOWER")
    func matpower() throws {
        let text = """
            function mpc = two
            mpc.version = '2';
            mpc.baseMVA = 100;
            mpc.bus = [1 3 0 0 0 0 1 1 0 110 1 1.1 0.9; 2 1 50 20 0 0 1 1 0 110 1 1.1 0.9];
            mpc.gen = [1 0 0 100 -100 1 100 1 200 0];
            mpc.branch = [1 2 0.01 0.1 0 60 0 0 0 0 1 -360 360];
            """
        let loaded = try CaseFile.parse(Array(text.utf8), name: "two.m", format: .matpower)
        print(loaded.networkCase.network.branches[0].reactance)  // 0.1 p.u. are 12.1 Ω.

        #expect((loaded.networkCase.network.branches[0].reactance.value - 12.1).magnitude < 1e-9)
    }

    @Test("a feeder in a folder of tables")
    func feeder() throws {
        let path = Checkout.golden.appending(path: "unbalanced/ieee13").path

        let feeder = try FeederFolder.load(path: path).network
        let point = try UnbalancedPowerFlowSolver(network: feeder).solve()
        print(point.status, point.losses)

        #expect(point.status == .converged && point.losses > .zero)
    }

    @Test("a feeder as an OpenDSS script")
    func script() throws {
        let path = Checkout.golden.appending(path: "opendss").path

        let script = try OpenDSSFile.load(path: path + "/secondaries.dss", root: path)
        let point = try FeederPowerFlow(feeder: script.feeder).solve()
        print(script.name, point.status, point.positions)

        #expect(point.status == .converged && point.positions == [1, 1, 1])
    }
}
