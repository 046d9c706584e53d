import Agents
import Devices
import EconomicDispatch
import Forecasting
import Glibc
import Grid
import Messaging
import RunSamples
import Scheduling
import Simulator
import Testing

@Suite("Laws of energy")
struct EnergyLaws {
    private static let worlds: [SmallWorld] = {
        var lossy = SmallWorld()
        lossy.link = Link(latency: VirtualTime(seconds: 0.04), jitter: VirtualTime(seconds: 12), loss: 0.3)
        lossy.forecast = .persistence
        var byRule = SmallWorld()
        byRule.method = .meritOrder
        var scarce = SmallWorld()
        scarce.importLimit = Power(kilowatts: 110)
        return [SmallWorld(), lossy, byRule, scarce]
    }()

    @Test(
        "what is given, less what is taken, is what the wires lose, in every step", arguments: worlds.indices)
    func balance(world: Int) {
        for record in Simulation(Self.worlds[world].scenario) {
            let given = record.power.reduce(0) { $0 + $1.value }
            #expect(record.point.status == .converged)
            #expect(record.point.mismatch <= 1e-8)
            #expect(abs(given - record.point.losses.value) * 0.25e-3 < 1e-6, "kWh in step \(record.step)")
        }
    }

    @Test(
        "losses are I²R of the currents, and the ends of each branch differ by them",
        arguments: worlds.indices)
    func ohm(world: Int) {
        let scenario = Self.worlds[world].scenario
        for record in Simulation(scenario) {
            var sum = 0.0
            for (index, branch) in scenario.network.branches.enumerated() {
                let current = record.point.current[index].value
                let heat = 3 * current * current * branch.resistance.value
                sum += heat
                let ends = record.point.powerFrom[index] + record.point.powerTo[index]
                #expect(abs(ends.value - heat) < 1e-2)
            }
            #expect(abs(sum - record.point.losses.value) < 1e-6 * max(1, sum))
        }
    }

    @Test("the source gives the reactive power that loads and cables take", arguments: worlds.indices)
    func reactive(world: Int) {
        let scenario = Self.worlds[world].scenario
        for record in Simulation(scenario) {
            var taken = -0.3 * (record.power[0].value + record.power[1].value)
            for (current, branch) in zip(record.point.current, scenario.network.branches) {
                taken += 3 * current.value * current.value * branch.reactance.value
            }
            #expect(taken > 0 && abs(record.point.sourceReactive.value - taken) < 1e-2)
        }
    }

    @Test("no store leaves its bounds, and each step accounts for what it held", arguments: worlds.indices)
    func storage(world: Int) {
        let scenario = Self.worlds[world].scenario
        guard case .battery(let battery) = scenario.devices[SmallWorld.battery].kind else {
            Issue.record("no battery")
            return
        }
        var stored = battery.capacity.value * battery.initialStateOfCharge
        for record in Simulation(scenario) {
            let now = record.stored[SmallWorld.battery].value
            let power = record.power[SmallWorld.battery].value
            #expect(now >= battery.capacity.value * 0.1 - 1e-9 && now <= battery.capacity.value * 0.95 + 1e-9)
            let change = power > 0 ? -power / 0.95 * 0.25 : -power * 0.95 * 0.25
            #expect(abs(now - stored - change) < 1e-6)
            stored = now
        }
    }

    @Test("no device gives more than it can or takes more than it wants", arguments: worlds.indices)
    func limits(world: Int) {
        for record in Simulation(Self.worlds[world].scenario) {
            let sun = record.power[SmallWorld.solar]
            #expect(sun >= .zero && sun <= record.potential[SmallWorld.solar])
            for load in [0, 1] {
                #expect(record.power[load] <= .zero && -record.power[load] <= record.potential[load])
            }
            let genset = record.power[SmallWorld.genset].kilowatts
            #expect(genset == 0 || (24 - 1e-9...80 + 1e-9).contains(genset))
        }
    }

    @Test("no load is shed while the connection has room", arguments: [2.0, 5, 15])
    func shedding(loadFactor: Double) {
        var world = SmallWorld()
        world.loadFactor = loadFactor
        world.days = 4
        var shed = 0
        for record in Simulation(world.scenario).dropFirst(96) {
            let served = record.power[0] + record.power[1]
            let unserved = record.potential[0] + record.potential[1] + served
            guard unserved > Power(kilowatts: 1) else { continue }
            shed += 1
            // What is left is the error of expecting the losses of the plan before.
            #expect(record.power[SmallWorld.connection] > Power(kilowatts: 199), "step \(record.step)")
        }
        #expect(shed > 10)
    }

    @Test("a narrower connection never imports more")
    func narrowerConnection() {
        func imported(_ world: SmallWorld) -> Double {
            Simulation(world.scenario).reduce(0) {
                $0 + max(0, $1.power[SmallWorld.connection].value) * 0.25e-3
            }
        }
        var scarce = SmallWorld()
        scarce.importLimit = Power(kilowatts: 110)
        #expect(imported(scarce) <= imported(SmallWorld()) + 1e-6)
    }
}
