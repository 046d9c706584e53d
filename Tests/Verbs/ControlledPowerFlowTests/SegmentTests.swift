import ControlledPowerFlow
import Grid
import Testing

/// The result is that of one run from begin to end, however the time is cut.
@Suite struct SegmentTests {
    private static let modes: [ControlledTimeSeries.Mode] = [
        .untilQuiet, .delayed(step: 900), .delayed(step: 20),
    ]

    @Test(arguments: 1...6, [0, 1, 2])
    func cutsDoNotShow(seed: UInt64, mode: Int) throws {
        let feeder = RandomFeeder(seed: seed, steps: 300, loops: Int(seed % 3))
        func solve(_ segments: Int, _ workers: Int) throws -> ControlledSeries {
            try ControlledTimeSeries(
                network: feeder.network, controls: feeder.controls, mode: Self.modes[mode],
                segments: segments, workers: workers
            ).solve(feeder.demand)
        }
        let whole = try solve(1, 1)
        for segments in [2, 16, 37, 1000] {
            let cut = try solve(segments, 1)
            #expect(cut.status == whole.status)
            for step in 0..<whole.steps {
                #expect(cut.tap(0, step: step) == whole.tap(0, step: step))
                for capacitor in 0..<2 {
                    #expect(cut.stages(capacitor, step: step) == whole.stages(capacitor, step: step))
                }
                for bus in feeder.network.buses.indices {
                    let difference =
                        cut.magnitude(bus: bus, step: step) - whole.magnitude(bus: bus, step: step)
                    #expect(abs(difference) < 1e-7)
                }
            }
        }
        #expect(try solve(16, 2) == solve(16, 1))
        #expect(try solve(37, 3) == solve(37, 1))
    }

    /// Controls that never forget: in snapshots shorter than a delay that is longer than the whole time, and
    /// with a capacitor that only a rare load switches.
    @Test func longMemoryIsCarried() throws {
        let steps = 400
        let capacitor = SwitchedCapacitor(
            bus: 1, stage: ReactivePower(300e3), measure: .voltage(bus: 1, on: 0.9, off: 1.1))
        let loads = (0..<steps).map { $0 == 7 ? -1.5e6 : -0.4e6 }
        let given = demand(active: loads, reactive: loads.map { $0 / 2 })
        for segments in [1, 2, 16, 64] {
            let solver = try ControlledTimeSeries(
                network: twoBuses(5, 10), controls: VoltageControls(capacitors: [capacitor]),
                segments: segments)
            let series = solver.solve(given)
            #expect((0..<steps).allSatisfy { series.stages(0, step: $0) == ($0 < 7 ? 0 : 1) })
        }
    }

    /// A result that is used again keeps nothing of what it held.
    @Test func aResultCanBeOverwritten() throws {
        let feeder = RandomFeeder(seed: 3)
        let other = RandomFeeder(seed: 4)
        let solver = try ControlledTimeSeries(network: feeder.network, controls: feeder.controls)
        let fresh = solver.solve(feeder.demand)
        var again = solver.solve(other.demand)
        solver.solve(feeder.demand, into: &again)
        #expect(again == fresh)
    }
}
