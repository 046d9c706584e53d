import Clearing
import EconomicDispatch
import Forecasting
import Grid
import Planning
import Results
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing

@Suite("Laws of steps cleared on what is measured")
struct ClearingLaws {
    /// Two days of which the second comes otherwise than the first, by which it is forecast.
    private func otherDay(_ clearing: ClearingSettings, later factor: Double) -> SmallWorld {
        var world = SmallWorld()
        world.forecast = .persistence
        world.laterLoadFactor = factor
        world.clearing = clearing
        return world
    }

    private func cost(_ world: SmallWorld) -> Double {
        let scenario = world.scenario
        let hindsight = Hindsight(scenario)
        var conduct = Conduct(scenario)
        var summary = Summary(scenario)
        for record in Simulation(scenario) {
            conduct.take(record)
            summary.add(record)
        }
        return ComparisonTable.Row(summary, conduct.costs(in: hindsight), bound: nil).cost
    }

    @Test("what comes as forecast costs the same, cleared or as planned")
    func perfectForecastsLeaveNothingToClear() {
        var world = SmallWorld()
        world.clearing = .none
        let planned = cost(world)
        world.clearing = ClearingSettings()
        let cleared = cost(world)
        #expect(abs(cleared - planned) < 2e-4 * abs(planned), "\(cleared) and \(planned) yuan")
    }

    @Test("what comes otherwise costs less cleared than as planned", arguments: [0.7, 1.3])
    func clearingPays(factor: Double) {
        let planned = cost(otherDay(.none, later: factor))
        let cleared = cost(otherDay(ClearingSettings(), later: factor))
        #expect(cleared < planned, "\(cleared) and \(planned) yuan")
    }

    @Test(
        "the connection stays within its limits: loads are shed, and no store charges then",
        arguments: [120.0, 150], [ClearingSettings.Sight.step, .last])
    func limits(limit: Double, sees: ClearingSettings.Sight) {
        var world = otherDay(ClearingSettings(sees: sees), later: 1.4)
        (world.importLimit, world.exportLimit) = (Power(kilowatts: limit), Power(kilowatts: 20))
        var (shed, full) = (0.0, 0)
        for record in Simulation(world.scenario) {
            let exchange = record.power[SmallWorld.connection]
            #expect(exchange <= Power(kilowatts: limit + 2e-3) && exchange >= Power(kilowatts: -20 - 2e-3))
            let unserved = record.potential[0] + record.potential[1] + record.power[0] + record.power[1]
            shed += unserved.kilowatts
            if exchange >= Power(kilowatts: limit - 1e-3) { full += 1 }
            if unserved > Power(kilowatts: 1e-3) {
                #expect(record.power[SmallWorld.battery] >= .zero, "step \(record.step)")
            }
        }
        #expect(full > 5 && (limit > 130 || shed > 1), "\(full) steps at the limit, \(shed) kW shed")
    }

    @Test("no store gives into an export, which earns less than its energy")
    func exports() {
        var steps = 0
        for record in Simulation(otherDay(ClearingSettings(), later: 0.5).scenario) {
            guard record.power[SmallWorld.connection] < Power(-1) else { continue }
            steps += 1
            #expect(record.power[SmallWorld.battery] < Power(1), "step \(record.step)")
        }
        #expect(steps > 3)
    }

    @Test("stores hold the planned exchange as far as they can")
    func exchange() throws {
        var world = otherDay(ClearingSettings(method: .exchange), later: 1.1)
        world.batteryStart = 0.6
        var held = 0
        for record in Simulation(world.scenario) {
            let planned = try #require(record.decision?.exchange).lowerBound
            let battery = record.power[SmallWorld.battery].kilowatts
            let stored = record.stored[SmallWorld.battery].kilowattHours
            let isFree = abs(battery) < 59.9 && stored > 20.1 && stored < 189.9
            guard isFree else { continue }
            held += 1
            #expect(abs((record.power[SmallWorld.connection] - planned).value) < 2, "step \(record.step)")
        }
        #expect(held > 50)
    }

    @Test("rules are asked again in each step", arguments: [DispatchMethod.selfConsumption, .peakShaving])
    func rules(method: DispatchMethod) {
        var world = otherDay(ClearingSettings(), later: 0.6)
        world.method = method
        for record in Simulation(world.scenario) where record.power[SmallWorld.connection] < Power(-50) {
            #expect(record.power[SmallWorld.battery] < Power(50), "step \(record.step)")
        }
    }
}
