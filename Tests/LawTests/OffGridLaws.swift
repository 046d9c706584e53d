import Devices
import Events
import Grid
import Islanding
import RunSamples
import Scheduling
import Simulator
import Testing

/// Microgrids without an external grid, and studies without data of a network.
@Suite("Laws of microgrids without a grid, and without a network")
struct OffGridLaws {
    private func world(_ change: (inout SmallWorld) -> Void) -> [Record] {
        var world = SmallWorld()
        world.forming = [
            SmallWorld.battery: GridForming(), SmallWorld.genset: GridForming(startTime: 600),
        ]
        change(&world)
        return Array(Simulation(world.scenario))
    }

    /// Every step balances, the voltage stands, and no power comes from outside; plans are made all the time.
    @Test(arguments: [false, true])
    func aMicrogridWithoutAGridBalancesEveryStep(isOneBus: Bool) throws {
        let all = world {
            $0.hasGrid = false
            $0.isOneBus = isOneBus
            $0.loadFactor = 0.5
        }
        for record in all {
            let losses = record.point.losses
            #expect(abs((record.power.reduce(.zero, +) - losses).value) < 1)
            #expect(record.point.status == .converged && record.islanding?.deadBuses == [])
            let island = try #require(record.islanding?.islands.first)
            #expect(!island.isNew && island.forming.contains(DeviceID(SmallWorld.battery)))
            #expect(record.inForce[SmallWorld.battery]?.interval == record.interval)
        }
        #expect(all.count { $0.plan != nil } == 48)
        #expect(all.contains { $0.power[SmallWorld.genset] > .zero })
        #expect(all.contains { $0.power[SmallWorld.genset] == .zero })
        // Half of the loads is served once the genset has had the time to start; forecasts are perfect.
        let unserved = all.dropFirst().reduce(Power.zero) { $0 + $1.potential[0] + $1.power[0] }
        #expect(unserved < Power(1))
    }

    /// A study at one bus is that of a network whose wires have no impedance.
    @Test func oneBusIsANetworkWithoutImpedance() {
        let one = world { $0.isOneBus = true }
        let wired = world {
            $0.wireFactor = 1e-12
            $0.reactance = 1e-12
        }
        for (a, b) in zip(one, wired) {
            for device in a.power.indices {
                #expect(abs((a.power[device] - b.power[device]).value) <= 1e-9 * 1e6)
            }
            #expect(abs(a.point.losses.value) == 0)
        }
    }

    /// Losses that are stated are drawn from the connection, or from who holds the voltage.
    @Test(arguments: [true, false])
    func statedLossesAreDelivered(hasGrid: Bool) {
        let all = world {
            $0.hasGrid = hasGrid
            $0.isOneBus = true
            $0.loadFactor = 0.5
            $0.lossShare = 0.05
        }
        for record in all {
            let served = -(record.power[0] + record.power[1]).value
            #expect(abs(record.point.losses.value - 0.05 * served) <= 1e-6 * served)
            #expect(abs((record.power.reduce(.zero, +) - record.point.losses).value) < 1)
        }
    }

    /// A microgrid whose only grid-forming device fails is dark, starts again by itself, and says why.
    @Test func withoutItsFormerItIsDark() {
        let all = world {
            $0.hasGrid = false
            $0.loadFactor = 0.1
            $0.forming = [SmallWorld.battery: GridForming(startTime: 300)]
            $0.events = [Event(.fail(device: SmallWorld.battery), in: 40..<44)]
        }
        #expect((40..<44).allSatisfy { all[$0].power.allSatisfy { $0 == .zero } })
        #expect(all[40].islanding?.causes[0] == .exhausted || all[40].islanding?.causes[0] == .shedding)
        #expect(all[46].power[0] < .zero && all[45].islanding?.islands.first?.isBlackStart == true)
    }
}
