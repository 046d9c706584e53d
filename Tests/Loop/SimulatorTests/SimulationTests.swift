import Agents
import Messaging
import RunSamples
import Simulator
import Testing
import Timeline

/// The loop over the steps.
@Suite struct SimulationTests {
    private let scenario: Scenario = {
        var world = SmallWorld()
        world.days = 1
        return world.scenario
    }()

    @Test func thereIsOneRecordForEachStepInOrder() {
        let records = Array(Simulation(scenario))
        #expect(records.map(\.step) == Array(0..<96))
        #expect(records.map(\.interval) == Array(scenario.horizon))
        #expect(records.map { $0.plan != nil } == (0..<96).map { $0 % 4 == 0 })
        #expect(records.allSatisfy { $0.power.count == 6 && $0.sent.count == 6 && $0.readings.count == 6 })
    }

    /// A step with a plan ends every stage, a step without one all but the dispatch; messages are exchanged
    /// before and after the decision.
    @Test func stagesEndInTheOrderOfTheLoop() {
        var ended: [Stage] = []
        var steps: [[Stage]] = []
        for _ in Simulation(scenario, onStage: { ended.append($0) }) {
            steps.append(ended)
            ended = []
        }
        let after: [Stage] = [.clearing, .messages, .plant, .powerFlow, .monitoring, .metering, .settlement]
        for (step, stages) in steps.enumerated() {
            #expect(stages == [.forecast, .messages] + (step % 4 == 0 ? [.dispatch] : []) + after)
        }
    }

    @Test func aSimulationCanBeWalkedAgain() {
        var lossy = SmallWorld()
        lossy.link = Link(latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 8), loss: 0.2)
        let simulation = Simulation(lossy.scenario)
        #expect(simulation.map(\.power) == simulation.map(\.power))
    }
}
