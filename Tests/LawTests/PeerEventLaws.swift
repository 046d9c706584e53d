import Clearing
import DistributedDispatch
import EconomicDispatch
import Events
import Forecasting
import Grid
import Messaging
import Planning
import RunSamples
import Scheduling
import Simulator
import Testing

/// What events do to agents without a centre, in whole simulations of a day of the hamlet.
@Suite("Laws of events among agents without a centre")
struct PeerEventLaws {
    private static let loads = [0, 1]

    private static func records(_ events: [Event]) -> [Record] {
        var world = SmallWorld()
        (world.days, world.forecast, world.events) = (1, .persistence, events)
        var scenario = world.scenario
        scenario.peers = PeerSettings(ticks: 50, penalty: 1e7, timeout: 12)
        scenario.planning.clearing.deviation = EnergyCost(yuanPerKilowattHour: 0.1)
        return Array(Simulation(scenario))
    }

    /// Whether every load got what it wanted.
    private static func servesAll(_ record: Record) -> Bool {
        loads.allSatisfy { -record.power[$0].value >= record.potential[$0].value * (1 - 1e-9) }
    }

    @Test("a group that is cut off from the slack keeps its own plan, and sheds nothing")
    func partition() {
        // In the evening sun and loads alone cannot balance.
        let group = Self.loads + [SmallWorld.solar]
        let cut = 74..<86
        let records = Self.records([Event(.partition(groups: [group]), in: cut)])
        #expect(records.allSatisfy(Self.servesAll))
        for step in cut { #expect(records[step].conversation.held == group.count) }
        for step in Array(0..<74) + Array(86..<96) { #expect(records[step].conversation.held == 0) }
        // Plans of these hours lack three agents, for two loads share one.
        #expect(records[76].gap?.missing.count == 2 && records[92].gap?.missing.isEmpty == true)
    }

    @Test("a device whose agent crashed holds its last setpoint for a while, or none where the state is lost")
    func crash() {
        let battery = SmallWorld.battery
        let kept = Self.records([Event(.crash(device: battery, keepsState: true), in: 41..<52)])
        let last = kept[40].inForce[battery]
        // It holds for an hour.
        for step in 41..<45 { #expect(kept[step].inForce[battery] == last && last != nil) }
        for step in 45..<52 {
            #expect(kept[step].inForce[battery] == nil && kept[step].conversation.fallback == 1)
        }
        #expect(kept[52].inForce[battery]?.interval == kept[52].interval)
        let lost = Self.records([Event(.crash(device: battery, keepsState: false), in: 41..<52)])
        for step in 41..<52 { #expect(lost[step].inForce[battery] == nil) }
        #expect(lost[52].inForce[battery]?.interval == lost[52].interval)
        // The others agree without it, and it had no part in the plans of that time.
        #expect(lost[46].conversation.held == 0 && lost[44].gap?.missing.count == 1)
        #expect(lost.allSatisfy(Self.servesAll) && kept.allSatisfy(Self.servesAll))
    }

    @Test("where the slack's links lose everything, every agent keeps its own plan until they are well again")
    func link() {
        let event = Event(.link(device: SmallWorld.connection, loss: 1, latency: nil), in: 30..<40)
        let records = Self.records([event])
        for step in records.indices {
            #expect(records[step].conversation.held == ((30..<40).contains(step) ? 5 : 0))
        }
        #expect(records.allSatisfy(Self.servesAll))
    }

    @Test("the agents' bound is not above the centre's optimum, and their plan is near it")
    func gap() throws {
        for record in Self.records([]) {
            guard let plan = record.plan else { continue }
            let gap = try #require(record.gap)
            let optimum = RollingOptimum().plan(plan.problem).objective
            #expect(gap.bound <= optimum + 1e-6 * (1 + abs(optimum)))
            #expect(gap.cost >= optimum - 1e-6 * (1 + abs(optimum)))
            #expect(gap.cost - gap.bound <= 0.03 * abs(optimum) + 1, "\(gap)")
            #expect(gap.missing.isEmpty)
        }
    }
}
