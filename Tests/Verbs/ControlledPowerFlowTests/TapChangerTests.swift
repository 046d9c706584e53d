import ControlledPowerFlow
import Grid
import Lanes
import Testing

@Suite struct TapChangerTests {
    private let changer = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02)

    private func series(
        _ changer: TapChanger, reversed: Bool = true, active: [Double],
        mode: ControlledTimeSeries.Mode = .untilQuiet
    ) throws -> ControlledSeries {
        let solver = try ControlledTimeSeries(
            network: twoBuses(3, 6, reversed: reversed),
            controls: VoltageControls(tapChangers: [changer]), mode: mode, segments: 1)
        return solver.solve(demand(active: active, reactive: active.map { $0 / 2 }))
    }

    /// Within the band nothing moves; out of it, until the voltage is back.
    @Test func theDeadbandIsRespected() throws {
        let ramp: [Double] = (0..<400).map { step in
            let height = step < 200 ? step : 400 - step
            return -5000 * Double(height)
        }
        let series = try series(changer, active: ramp)
        var moves = 0
        for step in 0..<ramp.count {
            #expect(abs(series.magnitude(bus: 1, step: step) - 1) <= 0.01 + 1e-9)
            guard step > 0, series.tap(0, step: step) != series.tap(0, step: step - 1) else { continue }
            moves += 1
            // One position brings it back from the edge of the band by one step.
            #expect(abs(series.magnitude(bus: 1, step: step) - 1) < 0.0055)
        }
        #expect(moves > 10)
    }

    /// The same tap, drawn at one end of its branch or at the other: a position up at the far end raises what
    /// a position down at the near end raises.
    @Test func bothEndsHold() throws {
        let loads = (0..<50).map { -2.5e4 * Double($0) }
        let far = try series(changer, reversed: true, active: loads)
        let near = try series(changer, reversed: false, active: loads)
        #expect(far.tap(0, step: 49) > 3)
        #expect(near.tap(0, step: 49) < -3)
        for step in loads.indices {
            #expect(abs(near.magnitude(bus: 1, step: step) - 1) <= 0.01)
            #expect(abs(far.magnitude(bus: 1, step: step) - 1) <= 0.01)
        }
    }

    /// A deadband narrower than a step leaves half a step at most, and does not hunt.
    @Test func aNarrowBandDoesNotHunt() throws {
        let narrow = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.001)
        let loads = (0..<200).map { -4.3e3 * Double($0) }
        let series = try series(narrow, active: loads)
        for step in loads.indices {
            #expect(series.status[step] == .converged)
            #expect(abs(series.magnitude(bus: 1, step: step) - 1) < 0.00625 / 2 * 1.1)
        }
    }

    @Test func positionsHaveEnds() throws {
        let short = TapChanger(branch: 0, positions: -2...2, bus: 1, voltage: 1, deadband: 0.02)
        let series = try series(short, active: [0, -1.2e6, 1.5e6])
        #expect(series.tap(0, step: 1) == 2)
        #expect(series.tap(0, step: 2) == -2)
        #expect(series.status == [.converged, .converged, .converged])
    }

    /// Snapshots of 10 s, 30 s delay, 5 s from one move to the next: the load comes at step 3; the tap moves
    /// at 30 s, and catches up with what it owes by its clock.
    @Test func theDelayIsKept() throws {
        let slow = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02, delay: 30, pause: 5)
        let loads = (0..<20).map { $0 < 3 ? 0.0 : -1.2e6 }
        let series = try series(slow, active: loads, mode: .delayed(step: 10))
        let taps = loads.indices.map { series.tap(0, step: $0) }
        #expect(Array(taps[0..<6]) == [0, 0, 0, 0, 0, 0])
        #expect(Array(taps[6..<9]) == [1, 3, 5])
        let quiet = try self.series(changer, active: [-1.2e6])
        #expect(abs(taps[19] - quiet.tap(0, step: 0)) <= 2)
        #expect(abs(series.magnitude(bus: 1, step: 19) - 1) <= 0.01)
    }

    /// A dip shorter than the delay moves nothing: the clock starts anew.
    @Test func shortDipsAreForgotten() throws {
        let slow = TapChanger(branch: 0, bus: 1, voltage: 1, deadband: 0.02, delay: 30)
        let loads = (0..<40).map { $0 % 4 == 3 ? 0.0 : -0.5e6 }
        let series = try series(slow, active: loads, mode: .delayed(step: 10))
        #expect(loads.indices.allSatisfy { series.tap(0, step: $0) == 0 })
    }

    /// With the drop of the line beyond it, a changer at its head holds the far end.
    @Test func dropIsCompensated() throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
        let network = Network(
            buses: [bus, bus, bus],
            branches: [
                Branch(name: "", from: 1, to: 0, resistance: Impedance(0), reactance: Impedance(3)),
                Branch(name: "", from: 1, to: 2, resistance: Impedance(4), reactance: Impedance(4)),
            ], source: 0, sourceVoltage: 1)
        let changer = TapChanger(
            branch: 0, step: 0.002, bus: 1, voltage: 1, deadband: 0.004, dropResistance: Impedance(4),
            dropReactance: Impedance(4))
        let solver = try ControlledTimeSeries(
            network: network, controls: VoltageControls(tapChangers: [changer]))
        var active = StepTable(rows: 3, steps: 30)
        for step in 0..<30 { active[2, step] = -1e4 * Double(step) }
        let series = solver.solve(
            ControlledDemand(
                active: active, reactive: active, available: StepTable(rows: 0, steps: 30)))
        for step in 0..<30 { #expect(abs(series.magnitude(bus: 2, step: step) - 1) <= 0.002 + 1e-8) }
        #expect(series.magnitude(bus: 1, step: 29) > 1.01)
    }
}
