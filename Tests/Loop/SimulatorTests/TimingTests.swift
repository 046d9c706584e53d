import Agents
import Devices
import Messaging
import RunSamples
import Simulator
import Testing

/// When a step is agreed on, and how old the information is on which it is decided.
@Suite struct TimingTests {
    private static let link = Link(latency: VirtualTime(seconds: 0.25))

    private func records(_ topology: Communication.Topology, _ link: Link) -> [Record] {
        var scenario = SampleRun(steps: 3).scenario
        scenario.communication = scenario.communication.over(
            topology, buses: scenario.devices.map(\.bus), in: scenario.network, seed: 1, link: link)
        return Array(Simulation(scenario))
    }

    /// The controller decides after 5 s. Its seven devices hang on a star, on a tree with two children below
    /// each node (levels of 2, 4 and 1; the last is the grid connection, which gets no setpoint), in a ring
    /// of 8, and on a cable of two branches.
    @Test(
        "all have their setpoint one path after the decision, the longest of the topology",
        arguments: [
            (Communication.Topology.star, 1), (.mesh, 1), (.tree, 2), (.ring, 4), (.cable, 2),
        ])
    func paths(topology: Communication.Topology, hops: Int) {
        for record in records(topology, Self.link) {
            #expect(record.timing.after.map { abs($0 - 5 - 0.25 * Double(hops)) < 1e-9 } == true)
            #expect(record.timing.ages == record.power.map { _ in 5 })
        }
    }

    @Test("where setpoints take longer than the deadline allows, no step is agreed on")
    func late() {
        for record in records(.star, Link(latency: VirtualTime(seconds: 5.5))) {
            #expect(record.timing.after == nil && record.timing.ages.count == record.power.count)
        }
    }

    @Test("over links that lose everything, what is known grows older by a step in each step")
    func ages() {
        for (step, record) in records(.star, Link(latency: .zero, jitter: .zero, loss: 1)).enumerated() {
            #expect(record.timing.ages == record.power.map { _ in 900 * Double(step) + 5 })
        }
    }
}
