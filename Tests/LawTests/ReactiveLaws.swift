import Agents
import Clearing
import Grid
import Messaging
import Planning
import RunSamples
import Scheduling
import Simulator
import Testing

@Suite("Laws of reactive power")
struct ReactiveLaws {
    private static let size = 130e3

    /// Over thin wires, with inverters that can give reactive power.
    private func world(_ change: (inout SmallWorld) -> Void = { _ in }) -> SmallWorld {
        var world = SmallWorld()
        world.wireFactor = 8
        (world.rules.keepsNetworkLimits, world.rules.demand) = (true, .ignored)
        world.capability = .apparentPower(ApparentPower(Self.size))
        change(&world)
        return world
    }

    private func tangent(_ record: Record) -> Double {
        let own = SmallWorld.connection
        return abs(record.reactive[own].value) / max(abs(record.power[own].value), 1)
    }

    @Test("no device leaves its circle, and what was planned for it is what it gives")
    func circle() {
        var largest = 0.0
        for record in Simulation(world().scenario) {
            for device in [SmallWorld.solar, SmallWorld.battery] {
                let (p, q) = (record.power[device].value, record.reactive[device].value)
                #expect(p * p + q * q <= Self.size * Self.size * (1 + 1e-12))
                largest = max(largest, abs(q))
            }
            #expect(record.reactive[SmallWorld.genset] == .zero)
        }
        #expect(largest > 10e3)
    }

    @Test("reactive power on the spot saves losses")
    func losses() {
        func lost(_ world: SmallWorld) -> Double {
            Simulation(world.scenario).reduce(0) { $0 + $1.point.losses.value }
        }
        #expect(lost(world()) < 0.99 * lost(world { $0.capability = nil }))
    }

    @Test("the power factor at the connection is kept")
    func powerFactor() {
        // tan φ of 0.98
        let tangent = 0.2031
        func beyond(_ world: SmallWorld) -> Int {
            Simulation(world.scenario).count { record in
                abs(record.power[SmallWorld.connection].value) > 5e3 && self.tangent(record) > tangent
            }
        }
        #expect(beyond(world { ($0.rules.powerFactor, $0.clearing) = (0.98, .none) }) == 0)
        #expect(beyond(world { ($0.rules.powerFactor, $0.capability) = (0.98, nil) }) > 40)
    }

    @Test("a device that hears nothing gives no reactive power")
    func fallback() {
        let deaf = world { $0.link = Link(latency: .zero, jitter: .zero, loss: 1) }
        for record in Simulation(deaf.scenario) {
            #expect(record.reactive[SmallWorld.solar] == .zero)
            #expect(record.reactive[SmallWorld.battery] == .zero)
        }
    }

    @Test("without a look at the network no reactive power is planned")
    func unseen() {
        var blind = world { $0.rules.keepsNetworkLimits = false }
        let records = Array(Simulation(blind.scenario))
        #expect(records.allSatisfy { $0.reactive[SmallWorld.battery] == .zero })
        blind.capability = nil
        for (with, without) in zip(records, Simulation(blind.scenario)) {
            #expect(zip(with.power, without.power).allSatisfy { abs(($0 - $1).value) < 1 })
        }
    }
}
