import Devices
import Grid
import PowerFlow
import RunSamples
import Scheduling
import Simulator
import Studies
import Testing

@Suite("Laws of studies")
struct StudyLaws {
    @Test(
        "what devices injected, gathered from the records, has the voltages of the records",
        arguments: [nil, ReactiveCapability.apparentPower(ApparentPower(130e3))])
    func gatheredInjectionsHaveTheVoltagesOfTheRecords(capability: ReactiveCapability?) {
        // With a capability the plan gives the inverters reactive power to hold the voltage and save losses.
        var world = SmallWorld()
        (world.days, world.wireFactor, world.capability) = (1, 8, capability)
        (world.rules.keepsNetworkLimits, world.rules.demand) = (true, .ignored)
        let scenario = world.scenario
        var injections = ScenarioInjections(scenario)
        let records = Array(Simulation(scenario))
        for record in records { injections.take(record) }
        let given = records.map { abs($0.reactive[SmallWorld.battery].value) }.max() ?? 0
        #expect(capability == nil ? given == 0 : given > 1e3)
        let flow = TimeSeriesPowerFlow(network: scenario.network, tolerance: 1e-10)
        let voltages = flow.solve(injections.series)
        for (step, record) in records.enumerated() {
            for (index, bus) in scenario.network.buses.enumerated() {
                let expected = record.point.voltage[index] / bus.nominalVoltage
                #expect((voltages.magnitude(bus: index, step: step) - expected).magnitude < 1e-8)
            }
        }
    }

    @Test("a typical plant is the one there is, and gives in the sun what that one could")
    func typicalSolarGivesWhatTheRoofCould() {
        var world = SmallWorld()
        world.days = 1
        let scenario = world.scenario
        let solar = scenario.typicalSolar
        #expect(.solar(solar) == scenario.devices[SmallWorld.solar].kind)
        let sunshine = scenario.sunshine(on: solar)
        let potential = scenario.devices[SmallWorld.solar].potentials(under: scenario.weather)
        #expect(sunshine.contains { $0 > 0.3 })
        for (part, power) in zip(sunshine, potential) {
            #expect((part * solar.capacity.value - power.value).magnitude < 1e-6)
        }
    }
}
