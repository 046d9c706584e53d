import Devices
import EconomicDispatch
import Events
import Grid
import Islanding
import Market
import Messaging
import Results
import RunSamples
import Scheduling
import Simulator
import Testing

/// The hamlet, with events whose consequences are known.
@Suite("Laws of events")
struct EventLaws {
    private func world(_ events: [Event], _ change: (inout SmallWorld) -> Void = { _ in }) -> SmallWorld {
        var world = SmallWorld()
        world.days = 1
        world.method = .meritOrder
        world.events = events
        change(&world)
        return world
    }

    private func records(_ world: SmallWorld) -> [Record] { Array(Simulation(world.scenario)) }

    /// No grid-forming device: three hours of nothing, whose energy is that of the loads. Contents, and the
    /// meter of the connection, stand still.
    @Test func anOutageWithoutGridFormingDevicesIsDark() {
        let strong: (inout SmallWorld) -> Void = { $0.importLimit = Power(kilowatts: 600) }
        let world = world([Event(.outage(connection: SmallWorld.connection), in: 40..<52)], strong)
        let (all, quiet) = (records(world), records(self.world([], strong)))
        var summary = Summary(world.scenario)
        for record in all { summary.add(record) }
        for step in 40..<52 {
            #expect(all[step].power.allSatisfy { $0 == .zero })
            #expect(all[step].stored == all[39].stored)
            #expect(all[step].readings.last!.given.count == 0 && all[step].readings.last!.taken.count == 0)
            #expect(all[step].islanding?.causes[0] == .outage)
        }
        let wanted = (40..<52).reduce(0.0) { sum, step in
            sum + 0.25 * (quiet[step].potential[0] + quiet[step].potential[1]).value
        }
        #expect(summary.resilience.unserved.map(\.cause) == [.outage])
        #expect(abs(summary.unserved.value - wanted) < 1e-3)
        #expect(summary.resilience.unservedHours == 3 && summary.resilience.disconnectedHours == 3)
        #expect(summary.resilience.islandedHours == 0)
        // Until then nothing differs, and afterwards the loads make up for it.
        for step in 0..<40 { #expect(all[step].power == quiet[step].power) }
        #expect(all[52].potential[0] > quiet[52].potential[0] && all[52].islanding != nil)
        #expect(all[70].islanding == nil)
    }

    /// The battery alone, at rest at midday, takes the workshop: the houses do not fit. After the outage it
    /// waits for the reconnect delay, which ends within the next step.
    @Test func aBatteryHoldsAnIsland() throws {
        let world = world([Event(.outage(connection: SmallWorld.connection), in: 8..<12)]) {
            $0.forming[SmallWorld.battery] = GridForming()
            $0.batteryStart = 0.9
            $0.priority = 0
        }
        let all = records(world)
        let first = try #require(all[8].islanding?.islands.first)
        #expect(first.isNew && first.slack == DeviceID(SmallWorld.battery) && first.buses == [0, 1, 2, 3])
        #expect(first.shed == [DeviceID(0)] && all[8].power[0] == .zero)
        #expect(all[8].power[1] == -all[8].potential[1] && all[8].islanding?.causes[0] == .shedding)
        // The battery gives the load and the losses of the wires; droop is 2 Hz over 60 kW.
        let losses = all[8].point.losses
        #expect(abs((all[8].power[3] + all[8].power[1] + all[8].power[2] - losses).value) < 1)
        let change = (all[8].power[3] - all[7].power[3]).kilowatts
        #expect(abs(first.frequency - (50 - change / 30)) < 1e-6)
        #expect(all[12].islanding?.waiting == [3] && all[12].power[5] == .zero)
        #expect(all[13].islanding?.synchronised == [3] && all[13].power[5] > .zero)
        #expect(all[13].power[0] == -all[13].potential[0])
    }

    /// A genset that is off and can start: dark for its start time, then block by block.
    @Test func aGensetStartsADeadNetwork() throws {
        let world = world([Event(.outage(connection: SmallWorld.connection), in: 8..<24)]) {
            $0.forming[SmallWorld.genset] = GridForming(startTime: 1200)
            $0.islanding.stepLoad = 1
        }
        let all = records(world)
        for step in 8..<10 { #expect(all[step].islanding?.deadBuses == [0, 1, 2, 3]) }
        let island = try #require(all[10].islanding?.islands.first)
        #expect(island.isBlackStart && island.slack == DeviceID(SmallWorld.genset))
        #expect(island.pickedUp.count == 1 && all[10].islanding?.causes.compactMap { $0 } == [.pickUp])
        #expect(all[10].power[4] >= Power(kilowatts: 24) && all[10].power[4] <= Power(kilowatts: 80))
        var summary = Summary(world.scenario)
        for record in all { summary.add(record) }
        #expect(summary.resilience.blackStarts == 1 && summary.resilience.synchronisations == 1)
        #expect(summary.resilience.formingHours.map(\.device) == [DeviceID(SmallWorld.genset)])
    }

    /// Behind a cut, the island does what it does when all the rest is dark; and the rest does what it does
    /// when the island is not there.
    @Test(arguments: [0, 1, 2])
    func aCutFeederAgreesLikeTwo(branch: Int) {
        let forming: (inout SmallWorld) -> Void = {
            $0.forming[SmallWorld.battery] = GridForming()
            $0.batteryStart = 0.9
        }
        let cut = records(world([Event(.cut(branch: branch), in: 0..<96)], forming))
        let alone = records(
            world(
                [
                    Event(.cut(branch: branch), in: 0..<96),
                    Event(.outage(connection: SmallWorld.connection), in: 0..<96),
                ], forming))
        let gone = records(
            world(
                (0..<5).map { Event(.leave(device: $0), in: 0..<96) }.filter { event in
                    guard case .leave(let device) = event.action else { return false }
                    return [1, 3, 2, 3, 2][device] > branch
                }, forming))
        for step in 0..<96 {
            for device in 0..<5 where [1, 3, 2, 3, 2][device] > branch {
                #expect(abs((cut[step].power[device] - alone[step].power[device]).value) < 1e-3)
                #expect(abs((cut[step].stored[device] - alone[step].stored[device]).value) < 1e-3)
            }
            for device in [0, 1, 2, 3, 4, 5] where device == 5 || [1, 3, 2, 3, 2][device] <= branch {
                #expect(abs((cut[step].power[device] - gone[step].power[device]).value) < 1)
            }
        }
    }

    /// Once events and their consequences have ended, the run is that of a world that begins in this state.
    @Test func afterTheLastEventNothingIsLeft() throws {
        let events = [
            Event(.outage(connection: SmallWorld.connection), in: 20..<26),
            Event(.cut(branch: 1), in: 24..<30),
            Event(.fail(device: SmallWorld.battery), in: 22..<23),
            Event(.crash(device: 2, keepsState: false), in: 28..<32),
        ]
        let disturbed = records(world(events) { $0.forming[SmallWorld.battery] = GridForming() })
        let rest = try #require(
            (30..<90).first { step in
                step % 4 == 0 && disturbed[(step - 1)...].allSatisfy { $0.islanding == nil }
            })
        let quiet = records(
            world([]) {
                $0.forming[SmallWorld.battery] = GridForming()
                $0.firstStep = rest
                $0.batteryStart = disturbed[rest - 1].stored[3].kilowattHours / 200
            })
        #expect(rest < 60 && quiet.count == 96 - rest)
        for (a, b) in zip(disturbed[rest...], quiet) {
            #expect(a.interval == b.interval && a.potential == b.potential)
            for device in a.power.indices { #expect(abs((a.power[device] - b.power[device]).value) < 1e-3) }
        }
    }

    /// A partition, a crash and a slow link reach the wires only through setpoints: devices keep theirs for
    /// the hold time, then fall back.
    @Test func whatTouchesMessagesIsNoIsland() {
        let all = records(
            world([
                Event(.partition(groups: [[3]]), in: 40..<60),
                Event(.crash(device: 2, keepsState: false), in: 40..<50),
                Event(.link(device: 0, loss: 1, latency: nil), in: 40..<50),
            ]))
        #expect(all.allSatisfy { $0.islanding == nil && $0.point.status == .converged })
        #expect(
            all[40].inForce[3]?.interval == all[39].interval
                && all[60].inForce[3]?.interval == all[60].interval)
        #expect(all[43].inForce[3] != nil && all[45].inForce[3] == nil && all[45].power[3] == .zero)
        #expect(all[40].inForce[2] == nil && all[40].power[2] == all[40].potential[2])
        #expect(
            all[40].conversation.traffic.lost.messages > 0 && all[39].conversation.traffic.lost.messages == 0)
        #expect(all[50].inForce[2] != nil && all[50].inForce[0] != nil)
    }

    /// A scenario without events is the scenario of before, bit for bit, also with grid-forming devices.
    @Test func withoutEventsNothingChanges() {
        let (plain, able) = (
            records(world([])), records(world([]) { $0.forming[SmallWorld.battery] = GridForming() })
        )
        for (a, b) in zip(plain, able) {
            #expect(a.power == b.power && a.point == b.point && a.islanding == nil && b.islanding == nil)
        }
    }

    /// A device that joins plays its part from then on: the plan is made at once.
    @Test func whoJoinsIsPlannedAtOnce() {
        let all = records(
            world([Event(.join(device: SmallWorld.battery), in: 30..<96)]) {
                $0.absent = [SmallWorld.battery]
                $0.batteryStart = 0.9
            })
        #expect((0..<30).allSatisfy { all[$0].power[3] == .zero && all[$0].potential[3] == .zero })
        #expect(all[30].plan != nil && all[29].plan == nil && all[30].sent[3] != nil)
        #expect(all[30...].contains { $0.power[3] != .zero })
    }
}
