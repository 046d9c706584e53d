import ControlledPowerFlow
import Grid
import Lanes
import LinearAlgebra
import Testing

@Suite struct InverterTests {
    @Test func defaultCurvesPassTheirPoints() {
        for curve in [VoltageCurve.voltVarCategoryA, .voltVarCategoryB, .voltWatt] {
            for point in curve.points { #expect(curve.output(at: point.voltage) == point.output) }
        }
        #expect(VoltageCurve.voltVarCategoryB.output(at: 0.5) == 0.44)
        #expect(VoltageCurve.voltVarCategoryB.output(at: 1.05) == -0.22)
        #expect(abs(VoltageCurve.voltWatt.output(at: 1.08) - 0.6) < 1e-12)
        #expect(VoltageCurve.voltWatt.output(at: 2) == 0.2)
    }

    /// At the source's own bus the voltage is given, so each point of a curve is met exactly.
    @Test(arguments: [0.8, 0.9, 0.92, 0.95, 0.98, 1, 1.02, 1.05, 1.08, 1.2])
    func pointsAreMet(voltage: Double) throws {
        let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
        let network = Network(buses: [bus], branches: [], source: 0, sourceVoltage: voltage)
        let unit = InverterControl(bus: 0, rating: ApparentPower(1e6), voltVar: .voltVarCategoryB)
        let solver = try ControlledTimeSeries(network: network, controls: VoltageControls(inverters: [unit]))
        let zero = StepTable(rows: 1, steps: 1)
        let series = solver.solve(ControlledDemand(active: zero, reactive: zero, available: zero))
        let wanted = VoltageCurve.voltVarCategoryB.output(at: voltage) * 1e6
        #expect(abs(series.inverterReactive(0, step: 0).value - wanted) < 1e-6)
        #expect(abs(series.sourceReactive(step: 0).value + wanted) < 1e-6)
    }

    /// Its rating leaves reactive power what active power does not take, or the other way round.
    @Test(arguments: [InverterControl.Priority.active, .reactive])
    func theRatingIsShared(priority: InverterControl.Priority) throws {
        let unit = InverterControl(
            bus: 1, rating: ApparentPower(1e6), voltVar: .voltVarCategoryB, priority: priority)
        let solver = try ControlledTimeSeries(
            network: twoBuses(10, 4), controls: VoltageControls(inverters: [unit]))
        let available = (0..<25).map { 5e4 * Double($0) }
        let series = solver.solve(
            demand(active: available.map { _ in 0 }, available: [available]))
        var isShared = false
        for step in available.indices {
            let p = series.inverterActive(0, step: step).value
            let q = series.inverterReactive(0, step: step).value
            #expect((p * p + q * q).squareRoot() < 1e6 * (1 + 1e-7))
            let wish = VoltageCurve.voltVarCategoryB.output(at: series.magnitude(bus: 1, step: step)) * 1e6
            if priority == .active { #expect(abs(p - min(available[step], 1e6)) < 0.1) }
            if priority == .reactive { #expect(abs(q - wish) < 0.1) }
            if p < available[step] - 1 || abs(q - wish) > 1 { isShared = true }
        }
        #expect(isShared)
    }

    /// Twenty steep inverters at the end of a weak line would swing if each answered for itself.
    @Test func manyOnOneCableComeToRest() throws {
        let steep = VoltageCurve([.init(0.99, 0.6), .init(1.01, -0.6)])
        let units = (0..<20).map { _ in
            InverterControl(bus: 1, rating: ApparentPower(100e3), voltVar: steep)
        }
        let network = twoBuses(5, 12)
        let controls = VoltageControls(inverters: units)
        let solver = try ControlledTimeSeries(network: network, controls: controls)
        let steps = 50
        let given = demand(
            active: (0..<steps).map { 4e4 * Double($0 - 25) },
            available: units.map { _ in (0..<steps).map { 1e3 * Double($0) } })
        let series = solver.solve(given)
        let balance = Balance(network, controls, given, series)
        for step in 0..<steps {
            #expect(series.status[step] == .converged)
            #expect(series.iterations[step] < 60)
            #expect(balance.mismatch(step) < 1e-7)
            #expect(balance.distanceFromCurves(step) < 1e-7)
        }
    }
}
