import Devices
import Grid
import PowerFlow
import RunSamples
import Simulator
import Studies
import Testing

@Suite("Laws of studies")
struct StudyLaws {
    @Test("what devices injected, gathered from the records, has the voltages of the records")
    func gatheredInjectionsHaveTheVoltagesOfTheRecords() {
        var world = SmallWorld()
        world.days = 1
        let scenario = world.scenario
        var injections = ScenarioInjections(scenario)
        let records = Array(Simulation(scenario))
        for record in records { injections.take(record) }
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
