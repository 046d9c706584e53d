import ControlledPowerFlow
import Glibc
import Grid
import LinearAlgebra
import Testing

/// Loads that depend on voltage, on two buses where the answer is known.
@Suite struct LoadMixTests {
    private func voltage(_ mix: LoadMix?, resistance: Double, reactance: Double, load: Complex) throws
        -> Double
    {
        let controls = VoltageControls(loadMixes: mix.map { [$0] } ?? [])
        let solver = try ControlledTimeSeries(network: twoBuses(resistance, reactance), controls: controls)
        let given = demand(active: [-load.real * 1e6], reactive: [-load.imaginary * 1e6])
        let series = solver.solve(given)
        #expect(series.status == [.converged])
        return series.magnitude(bus: 1, step: 0)
    }

    /// An admittance p − jq behind z: |V| = 1/|1 + z·y|.
    @Test func constantImpedanceDivides() throws {
        let mix = LoadMix(bus: 1, constantCurrent: 0, constantImpedance: 1)
        let found = try voltage(mix, resistance: 8, reactance: 12, load: Complex(0.5, 0.3))
        let divider = Complex(1, 0) + Complex(0.08, 0.12) * Complex(0.5, -0.3)
        #expect(abs(found - 1 / divider.magnitude) < 1e-8)
    }

    /// A current in phase with the voltage through a resistance: |V| = 1 − r·p.
    @Test func constantCurrentDropsLinearly() throws {
        let mix = LoadMix(bus: 1, constantCurrent: 1, constantImpedance: 0)
        let found = try voltage(mix, resistance: 20, reactance: 0, load: Complex(0.7, 0))
        #expect(abs(found - (1 - 0.2 * 0.7)) < 1e-8)
    }

    /// Constant power through a resistance: V² − V + r·p = 0.
    @Test func constantPowerIsTheQuadratic() throws {
        let found = try voltage(nil, resistance: 20, reactance: 0, load: Complex(0.7, 0))
        #expect(abs(found - (1 + (1 - 4 * 0.2 * 0.7).squareRoot()) / 2) < 1e-8)
    }

    /// All three: r·p·(c + b·V + a·V²) = V·(1 − V), a quadratic again.
    @Test func aMixIsTheSumOfItsParts() throws {
        let mix = LoadMix(bus: 1, constantCurrent: 0.3, constantImpedance: 0.2)
        let found = try voltage(mix, resistance: 20, reactance: 0, load: Complex(0.7, 0))
        let k = 0.2 * 0.7
        let (a, b, c) = (1 + 0.2 * k, 0.3 * k - 1, 0.5 * k)
        #expect(abs(found - (-b + (b * b - 4 * a * c).squareRoot()) / (2 * a)) < 1e-8)
    }
}
