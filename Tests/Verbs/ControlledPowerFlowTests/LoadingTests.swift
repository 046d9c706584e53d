import ControlledPowerFlow
import Grid
import Lanes
import LinearAlgebra
import Testing

@Suite struct LoadingTests {
    /// What the sources give and the loads take differs by the losses.
    @Test(arguments: 1...10) func lossesBalance(seed: UInt64) throws {
        let feeder = RandomFeeder(seed: seed, steps: 60)
        let series = try ControlledTimeSeries(network: feeder.network, controls: feeder.controls)
            .solve(feeder.demand)
        let loadings = BranchLoadings(series, network: feeder.network, controls: feeder.controls)
        let balance = Balance(feeder.network, feeder.controls, feeder.demand, series)
        for step in 0..<60 {
            let given = feeder.network.buses.indices.reduce(0) { $0 + balance.given($1, step).real }
            let source = series.sourcePower(step: step).value
            // The shunt of the source's own bus is in what the source gives, and in `given`.
            let expected = given * 1e6 + source
            #expect(abs(loadings.losses[step] - expected) < 0.1)
            #expect(loadings.losses[step] > 0)
        }
    }

    /// 1 MW and nothing else through 100 Ω·10⁻² at 10 kV: 1 p.u. of current is 57.735 A.
    @Test func loadingIsOfTheLimitThatBinds() throws {
        func loadings(_ ampacity: Current?, _ rating: ApparentPower?) throws -> BranchLoadings {
            let bus = Bus(name: "", nominalVoltage: Voltage(10_000), limits: 0.9...1.1)
            let network = Network(
                buses: [bus, bus],
                branches: [
                    Branch(
                        name: "", from: 0, to: 1, resistance: Impedance(1), reactance: Impedance(0),
                        ampacity: ampacity, rating: rating)
                ], source: 0, sourceVoltage: 1)
            let mix = LoadMix(bus: 1, constantCurrent: 1, constantImpedance: 0)
            let controls = VoltageControls(loadMixes: [mix])
            let series = try ControlledTimeSeries(network: network, controls: controls)
                .solve(demand(active: [0, -1e6, -0.5e6]))
            return BranchLoadings(series, network: network, controls: controls)
        }
        let amps = 1e6 / (3.0.squareRoot() * 10_000)
        let byCurrent = try loadings(Current(50), ApparentPower(10e6))
        #expect(abs(byCurrent.peak(0) - amps / 50) < 1e-8)
        #expect((0..<byCurrent.loading.steps).count { byCurrent.loading[0, $0] > 1 } == 1)
        // The larger apparent power is at the source's end, where the voltage is 1.
        let byPower = try loadings(Current(500), ApparentPower(0.8e6))
        #expect(abs(byPower.peak(0) - 1 / 0.8) < 1e-8)
        #expect(abs(byPower.loading[0, 2] - 0.5 / 0.8) < 1e-8)
        let free = try loadings(nil, nil)
        #expect(free.peak(0) == 0)
        #expect(abs(free.losses[1] - 3 * amps * amps) < 1e-3)
    }
}
