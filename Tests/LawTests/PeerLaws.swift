import Agents
import Clearing
import Forecasting
import Grid
import Messaging
import Planning
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing

/// Agents that agree without a centre, in whole simulations.
@Suite("Laws of agents without a centre")
struct PeerLaws {
    /// A day of the hamlet; the agents talk over links of this kind, every 0.2 s.
    private static func scenario(_ link: Link, peers: PeerSettings?) -> Scenario {
        var world = SmallWorld()
        (world.days, world.forecast) = (1, .persistence)
        world.link = link
        var scenario = world.scenario
        scenario.peers = peers
        scenario.planning.clearing.deviation = EnergyCost(yuanPerKilowattHour: peers == nil ? 0.001 : 0.1)
        return scenario
    }

    private static let settings = PeerSettings(ticks: 60)
    private static let poor = Link(
        latency: VirtualTime(seconds: 0.2), jitter: VirtualTime(seconds: 0.8), loss: 0.3)

    private static func cost(_ scenario: Scenario) -> Double {
        var conduct = Conduct(scenario)
        for record in Simulation(scenario) { conduct.take(record) }
        return conduct.costs(in: Hindsight(scenario)).total
    }

    @Test("they cost little more than the centre, also when a third of the messages is lost")
    func cost() {
        let centre = Self.cost(Self.scenario(.perfect, peers: nil))
        for link in [Link.perfect, Self.poor] {
            let own = Self.cost(Self.scenario(link, peers: Self.settings))
            #expect(own <= centre + 0.02 * abs(centre), "\(own) \(centre)")
        }
    }

    @Test("the same seed gives the same records, and every device a setpoint")
    func repeats() {
        let a = Array(Simulation(Self.scenario(Self.poor, peers: Self.settings)))
        let b = Array(Simulation(Self.scenario(Self.poor, peers: Self.settings)))
        #expect(a.map(\.power) == b.map(\.power))
        #expect(a.map(\.conversation) == b.map(\.conversation))
        for record in a {
            let others = record.inForce.indices.filter { $0 != SmallWorld.connection }
            #expect(others.allSatisfy { record.inForce[$0] != nil })
        }
        #expect(a.contains { $0.conversation.traffic.lost.messages > 0 })
    }

    @Test("without any message each agent keeps to its own plan")
    func silent() {
        let dead = Link(latency: .zero, jitter: .zero, loss: 1)
        let records = Array(Simulation(Self.scenario(dead, peers: PeerSettings(ticks: 5, penalty: 1e7))))
        // Nobody but the connection hears of the slack, and it alone knows a price.
        #expect(records.allSatisfy { $0.conversation.held == 5 })
        #expect(records.allSatisfy { $0.conversation.traffic.delivered.messages == 0 })
    }
}
