import Devices
import Events
import Grid
import Islanding
import RunSamples
import Scheduling
import Simulator
import Testing

/// Islands plan and clear as the rest does: with the centre where it sits among them, else by themselves.
@Suite("Laws of plans within islands")
struct IslandPlanLaws {
    private static let outage = 64..<88

    /// The hamlet with a battery that forms islands and a genset that can, in an evening without the grid.
    private func world(_ events: [Event]) -> SmallWorld {
        var world = SmallWorld()
        world.days = 1
        world.batteryStart = 0.5
        world.forming = [
            SmallWorld.battery: GridForming(), SmallWorld.genset: GridForming(startTime: 600),
        ]
        world.islanding.endurance = Double(Self.outage.count * SmallWorld.step)
        world.events = events
        return world
    }

    private func records(_ world: SmallWorld) -> [Record] { Array(Simulation(world.scenario)) }

    private func unserved(_ records: ArraySlice<Record>) -> Double {
        records.reduce(0) { sum, record in
            sum + [0, 1].reduce(0) { $0 + (record.potential[$1] + record.power[$1]).kilowatts / 4 }
        }
    }

    /// Where every agent has crashed there is no agreement: the island lives by droop, endurance and
    /// priority.
    private var silence: [Event] {
        (0..<5).map { Event(.crash(device: $0, keepsState: false), in: Self.outage) }
    }

    /// The plan of an island looks as far ahead as the island must last: it starts the genset early, and
    /// serves more than an island without an agreement.
    @Test func anIslandWithAnAgreementServesMore() {
        let agreed = records(world([Event(.outage(connection: SmallWorld.connection), in: Self.outage)]))
        let silent = records(
            world([Event(.outage(connection: SmallWorld.connection), in: Self.outage)] + silence))
        #expect(unserved(agreed[Self.outage]) < 0.7 * unserved(silent[Self.outage]))
        #expect(agreed[Self.outage.lowerBound].plan != nil)
        #expect(Self.outage.allSatisfy { agreed[$0].inForce[SmallWorld.battery] != nil })
        #expect(Self.outage.dropFirst(4).allSatisfy { silent[$0].inForce[SmallWorld.battery] == nil })
        #expect(agreed[67].power[SmallWorld.genset] > silent[67].power[SmallWorld.genset] * 2)
        for step in Self.outage {
            let losses = agreed[step].point.losses
            #expect(abs((agreed[step].power.reduce(.zero, +) - losses).value) < 1)
            #expect(agreed[step].power[SmallWorld.connection] == .zero)
        }
    }

    /// Behind a cut the island has a controller of its own, beside its slack; the centre plans for the rest,
    /// and a member that hears nothing of it follows its own fallback.
    @Test func anIslandOfItsOwnAgreesByItself() throws {
        let cut = Event(.cut(branch: 1), in: Self.outage)
        let all = records(world([cut, Event(.partition(groups: [[2]]), in: Self.outage)]))
        for step in Self.outage {
            let island = try #require(all[step].islanding?.islands.first)
            #expect(island.price != nil && island.buses == [2, 3])
            #expect(all[step].inForce[SmallWorld.battery]?.interval == all[step].interval)
            #expect(all[step].inForce[SmallWorld.solar]?.interval != all[step].interval)
            #expect(all[step].clearedPrice(in: 0) != nil && all[step].clearedPrice(in: 0) != island.price)
        }
        let plan = try #require(all[Self.outage.lowerBound].plan)
        #expect(plan.power(of: SmallWorld.battery).allSatisfy { abs($0.value) < 1e-6 })
        #expect(plan.power(of: SmallWorld.connection, at: 0) > .zero)
        #expect(all[70].inForce[SmallWorld.solar] == nil)
    }
}
