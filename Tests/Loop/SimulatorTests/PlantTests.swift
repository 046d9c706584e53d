import Agents
import Clearing
import Devices
import EconomicDispatch
import Grid
import Market
import Messaging
import Monitoring
import RunSamples
import Scheduling
import Simulator
import Testing

/// What the devices do with the setpoints in force.
@Suite struct PlantTests {
    /// Setpoints that arrive seven hours late ask for sun at night and for what a store no longer holds.
    private let late: SmallWorld = {
        var world = SmallWorld()
        world.link = Link(latency: VirtualTime(seconds: 25_200), jitter: .zero, loss: 0)
        world.hold = 28_800
        world.clearing = .none
        return world
    }()

    @Test func everyDeviceFollowsItsSetpointAsFarAsItsKindAllows() {
        let scenario = late.scenario
        let potentials = scenario.devices.map { $0.potentials(under: scenario.weather) }
        var states = scenario.devices.map(\.initialState)
        var cut = 0
        for record in Simulation(scenario) {
            for (index, device) in scenario.devices.enumerated() where index != SmallWorld.connection {
                let asked = record.inForce[index]?.power
                states[index] = device.follow(
                    asked, potential: potentials[index][record.step], state: states[index],
                    at: record.step, hours: 0.25)
                #expect(record.potential[index] == potentials[index][record.step])
                #expect(record.power[index] == states[index].power)
                #expect(record.stored[index] == states[index].stored)
                if let asked, abs((asked - record.power[index]).kilowatts) > 1 { cut += 1 }
            }
        }
        #expect(cut > 20, "setpoints that could not be followed: \(cut)")
    }

    @Test func busesInjectWhatTheirDevicesGiveAndTheConnectionGivesTheRest() {
        let scenario = late.scenario
        for record in Simulation(scenario) {
            var injected = Injections(buses: scenario.network.buses.count)
            for (index, device) in scenario.devices.enumerated() where index != SmallWorld.connection {
                injected.add(record.power[index], record.reactive[index], at: device.bus)
            }
            #expect(record.injections == injected)
            #expect(record.power[SmallWorld.connection] == record.point.sourcePower)
            #expect(record.reactive[SmallWorld.connection] == record.point.sourceReactive)
        }
    }

    /// A cable that cannot carry the demand: no voltage, no power, no energy metered.
    @Test func aStepWithoutSolutionServesNothing() {
        var world = SmallWorld()
        (world.days, world.wireFactor, world.method) = (1, 2000, .meritOrder)
        let scenario = world.scenario
        var (unsolved, stored) = (0, scenario.devices.map(\.initialState.stored))
        for record in Simulation(scenario) {
            defer { stored = record.stored }
            guard !record.point.status.isSolved else { continue }
            unsolved += 1
            #expect(record.power.allSatisfy { $0 == .zero } && record.reactive.allSatisfy { $0 == .zero })
            #expect(record.readings.allSatisfy { $0.given.count == 0 && $0.taken.count == 0 })
            #expect(record.stored == stored)
            #expect(record.injections.active.contains { $0 != .zero }, "what was asked of the network")
            #expect(record.alarms.map(\.kind) == [.diverged])
        }
        #expect(unsolved > 10)
    }
}
