import Agents
import Clearing
import Grid
import Market
import Messaging
import Monitoring
import Planning
import RunSamples
import Simulator
import Testing

@Suite("Laws of limits")
struct LimitLaws {
    @Test("an alarm rings just when the exchange passes the limit of its own direction")
    func exchange() {
        var world = SmallWorld()
        world.clearing = .none
        world.link = Link(latency: .zero, jitter: .zero, loss: 1)
        world.loadFactor = 0.3
        world.importLimit = Power(kilowatts: 40)
        world.exportLimit = Power(kilowatts: 20)
        var rung: [Alarm.Kind: Int] = [:]
        for record in Simulation(world.scenario) {
            let exchange = record.power[SmallWorld.connection].kilowatts
            let kinds = record.alarms.map(\.kind)
            #expect(kinds.contains(.importLimit) == (exchange > 40))
            #expect(kinds.contains(.exportLimit) == (exchange < -20))
            for kind in kinds { rung[kind, default: 0] += 1 }
        }
        #expect(rung[.importLimit] ?? 0 > 10 && rung[.exportLimit] ?? 0 > 10)
    }

    @Test("a plan that keeps the network's limits, followed exactly, breaks no voltage that others break")
    func keptVoltages() {
        var world = SmallWorld()
        world.clearing = .none
        world.wireFactor = 24
        func undervoltages() -> Int {
            Simulation(world.scenario).reduce(0) { sum, record in
                sum + record.alarms.count { $0.kind == .undervoltage }
            }
        }
        let ignored = undervoltages()
        world.rules.keepsNetworkLimits = true
        let kept = undervoltages()
        #expect(ignored > 20)
        #expect(kept == 0, "\(ignored) without the limits")
    }

    @Test("a plan keeps the rating of a branch that has no ampacity, and an alarm tells where it is exceeded")
    func keptRatings() {
        var world = SmallWorld()
        world.clearing = .none
        world.ampacity = nil
        world.rating = ApparentPower(98e3)
        world.days = 1
        func overloads() -> Int {
            Simulation(world.scenario).reduce(0) { sum, record in
                let most = record.point.apparentPower(of: 0)
                let rung = record.alarms.filter { $0.kind == .powerOverload }
                #expect(rung.contains { $0.place == 0 } == (most.value > 98e3 * (1 + 1e-6)))
                #expect(!record.alarms.contains { $0.kind == .overload })
                return sum + rung.count
            }
        }
        let ignored = overloads()
        world.rules.keepsNetworkLimits = true
        let kept = overloads()
        #expect(ignored > 20)
        #expect(kept == 0, "\(ignored) without the limits")
    }

    @Test("where the wires cannot carry it, the step says so, and nothing flows or is served in it")
    func divergence() {
        var world = SmallWorld()
        world.wireFactor = 3000
        var diverged = 0
        for record in Simulation(world.scenario) where !record.point.status.isSolved {
            diverged += 1
            #expect(record.alarms.map(\.kind) == [.diverged])
            #expect(record.point.losses == .zero)
            #expect(record.power.allSatisfy { $0 == .zero })
            #expect(record.readings.allSatisfy { $0 == .zero })
        }
        #expect(diverged > 100)
    }
}
