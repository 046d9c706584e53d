import ControlledPowerFlow
import Grid
import Lanes
import Testing

@Suite struct StatusTests {
    /// Steps without a solution are zero and named so; those beside them are not touched.
    @Test(arguments: [-30e6, .nan, .infinity, -.infinity, 1e300])
    func whatCannotBeSolvedIsZero(load: Double) throws {
        let controls = VoltageControls(
            tapChangers: [TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02)],
            inverters: [
                InverterControl(
                    bus: 1, rating: ApparentPower(2e5), voltVar: .voltVarCategoryB, voltWatt: .voltWatt)
            ], loadMixes: [LoadMix(bus: 1, constantCurrent: 0.2, constantImpedance: 0.1)])
        let solver = try ControlledTimeSeries(network: twoBuses(5, 10), controls: controls, segments: 2)
        let calm = Array(repeating: -2e5, count: 8)
        var wild = calm
        wild[3] = load
        let sun = [calm.map { -$0 / 2 }]
        let expected = solver.solve(demand(active: calm, available: sun))
        var series = expected
        solver.solve(demand(active: wild, available: sun), into: &series)
        for step in calm.indices where step != 3 {
            #expect(series.status[step] == .converged)
            if step < 3 {
                #expect(series.magnitude(bus: 1, step: step) == expected.magnitude(bus: 1, step: step))
            }
        }
        #expect(!series.status[3].isSolved)
        for bus in 0..<2 { #expect(series.magnitude(bus: bus, step: 3) == 0) }
        #expect(series.inverterActive(0, step: 3) == .zero)
        #expect(series.sourcePower(step: 3) == .zero)
    }

    @Test func sunThatIsNoNumberIsNoSolution() throws {
        let unit = InverterControl(bus: 1, rating: ApparentPower(2e5), voltVar: .voltVarCategoryB)
        let solver = try ControlledTimeSeries(
            network: twoBuses(5, 10), controls: VoltageControls(inverters: [unit]), segments: 1)
        let series = solver.solve(demand(active: [0, 0, 0], available: [[1e5, .nan, 1e5]]))
        #expect(series.status.map(\.isSolved) == [true, false, true])
        #expect(series.inverterReactive(0, step: 1).value == 0)
    }

    /// What has no path to the source is dead, and the rest lives.
    @Test func deadBusesAreZero() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
        let network = Network(
            buses: [bus, bus, bus],
            branches: [
                Branch(name: "", from: 0, to: 1, resistance: Impedance(5), reactance: Impedance(5)),
                Branch(
                    name: "", from: 1, to: 2, resistance: Impedance(5), reactance: Impedance(5),
                    isClosed: false),
            ], source: 0, sourceVoltage: 1)
        var active = StepTable(rows: 3, steps: 2)
        for bus in 0..<3 { for step in 0..<2 { active[bus, step] = -1e5 } }
        let demand = ControlledDemand(
            active: active, reactive: active, available: StepTable(rows: 0, steps: 2))
        let series = try ControlledTimeSeries(network: network, controls: VoltageControls()).solve(demand)
        #expect(series.status == [.islanded, .islanded])
        #expect(series.magnitude(bus: 2, step: 1) == 0)
        let balance = Balance(network, VoltageControls(), demand, series)
        #expect(balance.mismatch(0) < 1e-7)
    }

    @Test func noStepsIsNoWork() throws {
        let solver = try ControlledTimeSeries(network: twoBuses(5, 10), controls: VoltageControls())
        #expect(solver.solve(demand(active: [])).status.isEmpty)
    }
}

@Suite struct RefusalTests {
    private let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)

    private func refusal(_ network: Network, _ controls: VoltageControls) -> ControlledTimeSeries.Refusal? {
        do {
            _ = try ControlledTimeSeries(network: network, controls: controls)
            return nil
        } catch {
            return error
        }
    }

    @Test func loopsWithoutImpedanceAndRegulators() {
        let line = { (from: Int, to: Int, reactance: Double) in
            Branch(
                name: "", from: from, to: to, resistance: Impedance(0), reactance: Impedance(reactance))
        }
        let loop = Network(
            buses: [bus, bus], branches: [line(0, 1, 1), line(0, 1, -1)], source: 0, sourceVoltage: 1)
        #expect(refusal(loop, VoltageControls()) == .loops)
        let held = Network(
            buses: [bus, bus], branches: [line(0, 1, 1)], sources: [.init(bus: 0, voltage: 1)],
            regulators: [.init(bus: 1, voltage: 1)])
        #expect(refusal(held, VoltageControls()) == .regulator(bus: 1))
    }

    @Test func controlsThatDoNotFit() {
        let network = twoBuses(5, 10)
        let good = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02)
        for bad in [
            TapChanger(branch: 1, bus: 1, voltage: 1, deadband: 0.02),
            TapChanger(branch: -1, bus: 1, voltage: 1, deadband: 0.02),
            TapChanger(branch: 0, bus: 0, voltage: 1, deadband: 0.02),
            TapChanger(branch: 0, bus: 7, voltage: 1, deadband: 0.02),
            TapChanger(branch: 0, positions: 2...5, bus: 1, voltage: 1, deadband: 0.02),
            TapChanger(branch: 0, positions: -200...200, bus: 1, voltage: 1, deadband: 0.02),
            TapChanger(branch: 0, bus: 1, voltage: .nan, deadband: 0.02),
            TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02, delay: -1),
            good,
        ] {
            let controls = VoltageControls(tapChangers: [good, bad])
            #expect(refusal(network, controls) == .tapChanger(1))
        }
        let capacitor = SwitchedCapacitor(
            bus: 1, stage: ReactivePower(1e5), measure: .voltage(bus: 1, on: 1.02, off: 0.98))
        #expect(refusal(network, VoltageControls(capacitors: [capacitor])) == .capacitor(0))
        let unit = InverterControl(bus: 2, rating: ApparentPower(1e5))
        #expect(refusal(network, VoltageControls(inverters: [unit])) == .inverter(0))
        let mix = LoadMix(bus: 1, constantCurrent: 0.8, constantImpedance: 0.4)
        #expect(refusal(network, VoltageControls(loadMixes: [mix])) == .loadMix(0))
        #expect(throws: ControlledTimeSeries.Refusal.step) {
            try ControlledTimeSeries(
                network: network, controls: VoltageControls(), mode: .delayed(step: .nan))
        }
    }
}
