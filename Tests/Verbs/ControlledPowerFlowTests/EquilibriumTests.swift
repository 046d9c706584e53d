import ControlledPowerFlow
import Grid
import Testing

/// Whatever the controls do, the network balances and every inverter stands on its curve.
@Suite struct EquilibriumTests {
    @Test(arguments: 1...30, [0, 1, 5]) func randomFeedersBalance(seed: UInt64, loops: Int) throws {
        let feeder = RandomFeeder(seed: seed, steps: 100, loops: loops)
        let solver = try ControlledTimeSeries(network: feeder.network, controls: feeder.controls, segments: 3)
        let series = solver.solve(feeder.demand)
        let balance = Balance(feeder.network, feeder.controls, feeder.demand, series)
        for step in 0..<series.steps {
            #expect(series.status[step] == .converged)
            #expect(balance.mismatch(step) < 5e-8)
            #expect(balance.distanceFromCurves(step) < 1e-7)
        }
    }
}
