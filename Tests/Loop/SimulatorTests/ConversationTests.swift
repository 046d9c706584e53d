import Agents
import Clearing
import Grid
import Messaging
import RunSamples
import Scheduling
import Simulator
import Testing

/// How setpoints reach devices: the deadline, the hold, the fallback.
@Suite struct ConversationTests {
    private let dispatched = [0, 1, SmallWorld.solar, SmallWorld.battery, SmallWorld.genset]

    /// A plan is decided at half the deadline, 5 s into its step; setpoints of a plan made before leave at
    /// the step's begin. Each is in force in its own step if it takes no longer than the deadline of 10 s.
    @Test(arguments: [(latency: 4.0, isLate: false), (5, false), (6, true)])
    func aSetpointAfterTheDeadlineTakesEffectInTheNextStep(latency: Double, isLate: Bool) {
        var world = SmallWorld()
        world.days = 1
        world.deadline = 10
        world.clearing = .none
        world.link = Link(latency: VirtualTime(seconds: latency), jitter: .zero, loss: 0)
        let records = Array(Simulation(world.scenario))
        for (step, record) in records.enumerated() {
            let own = step % 4 != 0 || !isLate
            for device in dispatched {
                let expected = own ? record.sent[device] : step == 0 ? nil : records[step - 1].sent[device]
                #expect(record.inForce[device] == expected, "step \(step), device \(device)")
            }
        }
    }

    @Test("with a delay of one and a half steps, the setpoint in force is the one sent two steps ago")
    func delayed() {
        var world = SmallWorld()
        world.link = Link(latency: VirtualTime(seconds: 1350), jitter: .zero, loss: 0)
        let records = Array(Simulation(world.scenario))
        for (step, record) in records.enumerated() {
            for device in dispatched {
                #expect(record.inForce[device] == (step < 2 ? nil : records[step - 2].sent[device]))
            }
        }
        #expect(records[0].sent[0] != nil, "the controller knows every device from its commissioning")
        #expect(records[1].conversation.fallback == dispatched.count)
        #expect(records[2].conversation.held == dispatched.count)
    }

    @Test("a setpoint lapses when the step is further than the hold from the one it was meant for")
    func lapse() {
        var world = SmallWorld()
        world.link = Link(latency: VirtualTime(seconds: 1350), jitter: .zero, loss: 0)
        world.hold = 2 * SmallWorld.step - 1
        #expect(Simulation(world.scenario).allSatisfy { $0.inForce.allSatisfy { $0 == nil } })
        world.hold += 1
        #expect(!Simulation(world.scenario).dropFirst(2).contains { $0.inForce[0] == nil })
    }

    @Test(
        "over a lossy channel the last setpoint that got through is in force, until it lapses",
        arguments: [1, 2, 3])
    func lossy(seed: UInt64) {
        var world = SmallWorld()
        world.seed = seed
        world.link = Link(latency: VirtualTime(seconds: 0.04), jitter: .zero, loss: 0.6)
        let scenario = world.scenario
        let controller = NodeID(scenario.devices.count)
        let fates = scenario.devices.indices.map {
            delays(
                from: controller, to: NodeID($0), count: scenario.horizon.count,
                over: scenario.communication.network, seed: seed)
        }
        var sent = [Int](repeating: 0, count: scenario.devices.count)
        var last = [(step: Int, power: Power)?](repeating: nil, count: scenario.devices.count)
        var kept = 0
        for record in Simulation(scenario) {
            for device in dispatched {
                if let setpoint = record.sent[device] {
                    if fates[device][sent[device]] != nil { last[device] = (record.step, setpoint.power) }
                    sent[device] += 1
                }
                let isFresh =
                    last[device].map { (record.step - $0.step) * SmallWorld.step <= world.hold } ?? false
                #expect(record.inForce[device]?.power == (isFresh ? last[device]?.power : nil))
                if isFresh, last[device]?.step != record.step { kept += 1 }
            }
        }
        #expect(kept > 50)
    }

    @Test(
        "where nothing gets through, every device falls back: sun and loads run free, battery and genset rest"
    )
    func silence() {
        var world = SmallWorld()
        world.link = Link(latency: .zero, jitter: .zero, loss: 1)
        for record in Simulation(world.scenario) {
            #expect(record.power[SmallWorld.solar] == record.potential[SmallWorld.solar])
            #expect(record.power[0] == -record.potential[0])
            #expect(record.power[SmallWorld.battery] == .zero && record.power[SmallWorld.genset] == .zero)
        }
    }

    @Test("agents that repeat what is not answered get nearly every setpoint over links that lose 40 %")
    func ticks() {
        var world = SmallWorld()
        world.days = 1
        world.deadline = 10
        world.link = Link(latency: VirtualTime(seconds: 0.04), jitter: .zero, loss: 0.4)
        func own(_ scenario: Scenario) -> (share: Double, sent: Int) {
            var (own, all, sent) = (0, 0, 0)
            for record in Simulation(scenario) {
                own += dispatched.count { record.inForce[$0]?.interval == record.interval }
                all += dispatched.count
                sent += record.conversation.traffic.sent.messages
            }
            return (Double(own) / Double(all), sent)
        }
        let once = own(world.scenario)
        world.tick = 0.25
        let often = own(world.scenario)
        #expect(abs(once.share - 0.6) < 0.08)
        #expect(often.share > 0.99 && often.sent > once.sent)
    }
}
