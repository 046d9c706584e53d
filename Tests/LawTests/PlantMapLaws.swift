import Devices
import Planning
import RunSamples
import Scheduling
import Simulator
import Testing
import Weather

@Suite("Laws of what a planner knows")
struct PlantMapLaws {
    /// All values within a value, by their types' names.
    private func types(within value: Any, into found: inout Set<String>) {
        found.insert(String(reflecting: type(of: value)))
        for child in Mirror(reflecting: value).children { types(within: child.value, into: &found) }
    }

    @Test("the map of a plant holds neither weather nor devices, and no series over the run")
    func nothingTrue() {
        let scenario = SmallWorld().scenario
        var found: Set<String> = []
        types(within: PlantMap(scenario), into: &found)
        #expect(found.contains(String(reflecting: PlantMap.Device.self)))
        #expect(!found.contains { $0.contains("Weather.") || $0.contains("Devices.") })
        // Powers over the run: the demand of a load, the potential of a plant, the prices of the connection.
        #expect(!found.contains { $0.hasPrefix("Swift.Array<Grid.Quantity") })
        // The search itself works: the scenario holds all of them.
        var all: Set<String> = []
        for device in scenario.devices { types(within: device, into: &all) }
        types(within: scenario.weather.place, into: &all)
        #expect(all.contains { $0.contains("Weather.") } && all.contains { $0.contains("Devices.") })
        #expect(all.contains { $0.hasPrefix("Swift.Array<Grid.Quantity") })
    }

    @Test("the map is the same whatever the loads take")
    func sameMap() {
        var other = SmallWorld()
        other.loadFactor = 1.7
        let map = PlantMap(SmallWorld().scenario)
        #expect(map == PlantMap(other.scenario))
    }
}
