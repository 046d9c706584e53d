import ControlledPowerFlow
import Grid
import Testing

@Suite struct CapacitorTests {
    private func series(
        _ measure: SwitchedCapacitor.Measure, stages: Int, active: [Double], reactive: [Double],
        mode: ControlledTimeSeries.Mode = .untilQuiet
    ) throws -> ControlledSeries {
        let capacitor = SwitchedCapacitor(
            bus: 1, stage: ReactivePower(200e3), stages: stages, measure: measure, delayOn: 60, delayOff: 20)
        let solver = try ControlledTimeSeries(
            network: twoBuses(5, 10), controls: VoltageControls(capacitors: [capacitor]), mode: mode)
        return solver.solve(demand(active: active, reactive: reactive))
    }

    /// On below 0.95 and off above 1.02, stage by stage, with what is between remembered.
    @Test func voltageSwitchesWithHysteresis() throws {
        let up = (0..<100).map { -1e4 * Double($0) }
        let loads = up + up.reversed()
        let series = try series(
            .voltage(bus: 1, on: 0.95, off: 1.02), stages: 3, active: loads, reactive: loads.map { $0 / 2 })
        var seen: Set<Int> = []
        for step in loads.indices {
            let (v, on) = (series.magnitude(bus: 1, step: step), series.stages(0, step: step))
            seen.insert(on)
            #expect(v >= 0.95 || on == 3)
            #expect(v <= 1.02 || on == 0)
        }
        #expect(seen.count >= 3)
        #expect(series.stages(0, step: 150) > series.stages(0, step: 49))
    }

    /// Between the thresholds the reactive power that comes down the line stays.
    @Test func reactiveFlowSwitches() throws {
        let vars = (0..<60).map { -1e4 * Double($0) }
        let series = try series(
            .reactive(branch: 0, on: ReactivePower(150e3), off: ReactivePower(-100e3)), stages: 2,
            active: vars, reactive: vars)
        for step in vars.indices {
            let flow = series.sourceReactive(step: step).value
            #expect(flow <= 150e3 + 1 || series.stages(0, step: step) == 2)
        }
        #expect(series.stages(0, step: 0) == 0)
        #expect(series.stages(0, step: 59) == 2)
    }

    /// Delays of 60 s on and 20 s off in snapshots of 20 s.
    @Test func delaysDiffer() throws {
        let loads = (0..<20).map { (2..<10).contains($0) ? -1e6 : 0.5e6 }
        let series = try series(
            .voltage(bus: 1, on: 0.95, off: 1.01), stages: 1, active: loads, reactive: loads.map { $0 / 2 },
            mode: .delayed(step: 20))
        let stages = loads.indices.map { series.stages(0, step: $0) }
        #expect(stages.firstIndex(of: 1) == 5)
        #expect(stages.lastIndex(of: 1) == 10)
    }

    /// The sooner one helps, and the other need not.
    @Test(arguments: [15.0, 45]) func theShorterDelayGoesFirst(delay: Double) throws {
        let controls = VoltageControls(
            tapChangers: [TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.04, delay: 30)],
            capacitors: [
                SwitchedCapacitor(
                    bus: 1, stage: ReactivePower(300e3), measure: .voltage(bus: 1, on: 0.97, off: 1.1),
                    delayOn: delay)
            ])
        let solver = try ControlledTimeSeries(network: twoBuses(5, 10, reversed: true), controls: controls)
        let series = solver.solve(demand(active: [-0.45e6], reactive: [-0.2e6]))
        #expect((series.stages(0, step: 0) == 1) == (delay < 30))
        #expect((series.tap(0, step: 0) > 0) == (delay > 30))
        #expect(series.magnitude(bus: 1, step: 0) > 0.97)
    }
}
