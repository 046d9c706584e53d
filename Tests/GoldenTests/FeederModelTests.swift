import Grid
import LinearAlgebra
import Testing
import UnbalancedPowerFlow

/// Every circuit of Tests/Golden/feeder-models against OpenDSS.
@Suite struct FeederModelTests {
    @Test func modelsAreThere() {
        #expect(FeederModel.names.count >= 17)
    }

    /// Every node's voltage to 2e-8 of nominal, the losses to a millionth, the taps equal.
    @Test(arguments: FeederModel.names) func statesAreThoseOfOpenDSS(name: String) throws {
        let model = try FeederModel(name)
        let point = try FeederPowerFlow(feeder: model.feeder).solve()
        #expect(point.status == .converged)
        #expect(point.positions == model.taps)
        let nodes = model.feeder.nodes
        for answer in model.answers {
            let index = try #require(nodes.firstIndex(of: answer.node))
            let difference = (point.voltage[index] - answer.voltage).magnitude
            let nominal = model.feeder.buses[answer.node.bus].nominalPhaseVoltage
            #expect(difference < 2e-8 * nominal, "\(answer.node)")
        }
        #expect((point.losses.value - model.losses).magnitude < 1e-6 * model.losses)
    }

    /// Step by step through a day: taps and closed steps are OpenDSS's in every one.
    @Test(arguments: FeederModel.names) func daysAreThoseOfOpenDSS(name: String) throws {
        let model = try FeederModel(name)
        let demand = DemandSeries(
            shapes: [model.shape], loads: model.feeder.loads.map { _ in 0 }, interval: model.interval)
        var solved = 0
        try FeederTimeSeries(feeder: model.feeder).solve(demand) { states in
            for step in states.steps {
                let taps = model.feeder.tapControls.indices.map { states.position($0, step) }
                #expect(taps == model.steps[step].taps, "step \(step)")
                let closed = model.closed { states.closed($0, step) }
                #expect(closed == model.steps[step].closed, "step \(step)")
                solved += 1
            }
        }
        #expect(solved == model.steps.count)
    }
}
