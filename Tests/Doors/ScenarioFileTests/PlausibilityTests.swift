import Foundation
import ScenarioFile
import Testing
import TextFile

/// Values that are allowed one by one, and together are more often a wrong unit than meant, are used and
/// warned of at their place. That the shipped scenarios have none of them is a test of
/// `ShippedScenarioTests`.
@Suite struct PlausibilityTests {
    private func warnings(_ changes: [(String, String)]) throws -> [String] {
        let workshop = try Workshop()
        var text = Workshop.good
        for (old, new) in changes {
            #expect(text.contains(old), "the good scenario has no '\(old)'")
            text.replace(old, with: new)
        }
        try workshop.write("scenario.yaml", text)
        return try workshop.load().warnings.map {
            $0.description.replacing(workshop.folder.path + "/scenario.yaml:", with: "")
        }
    }

    private static let efficiency = "charge: 95 %, discharge: 94 %"
    private static let limits = "import_limit: 5 MW, export_limit: 100 kW"
    private static let second = "resistance: 1.1 ohm, reactance: 0.7 ohm"

    @Test(
        "what is hardly meant warns at its place",
        arguments: [
            (
                "    power: 60 kW", "    power: 60 MW",
                "27:15: warning: devices.battery.capacity: 200 kWh at 60000 kW last 12 s; check the units"
            ),
            (
                "capacity: 200 kWh", "capacity: 200 MWh",
                "27:15: warning: devices.battery.capacity: 200000 kWh at 60 kW last 3333 h; check the units"
            ),
            (
                efficiency, "charge: 60 %, discharge: 80 %",
                "29:17: warning: devices.battery.efficiency: a round trip keeps only 48 % of the energy"
            ),
            (
                "slope: 0.25 L/kWh", "slope: 2.5 L/kWh",
                "38:11: warning: devices.standby.fuel: intercept and slope make an efficiency of 4 % at full load, "
                    + "where a litre of diesel holds 10 kWh; check the units"
            ),
            (
                limits, "import_limit: 0 kW, export_limit: 0 kW",
                "39:44: warning: devices.grid.import_limit: the grid connection carries nothing: the microgrid is "
                    + "an island"
            ),
            (
                limits, "import_limit: 0 kW, export_limit: 100 kW",
                "39:44: warning: devices.grid.import_limit: the grid connection may only export: nothing can be "
                    + "bought"
            ),
            (
                "inverter: 120 kW", "inverter: 120 MW",
                "21:59: warning: devices.roof.inverter: the inverter has 80000 % of the capacity of the modules; "
                    + "check the units"
            ),
            (
                "inverter: 120 kW", "inverter: 30 kW",
                "21:59: warning: devices.roof.inverter: the inverter has 20 % of the capacity of the modules; "
                    + "check the units"
            ),
            (
                "design_flow: 1.8 m3/s", "design_flow: 18 m3/s",
                "23:42: warning: devices.gorge.capacity: the design flow over the head is 7416.36 kW; check the "
                    + "units"
            ),
            (
                "rated: 250 kW", "rated: 2.5 MW",
                "22:51: warning: devices.ridge.rated: the curve reaches only 250 kW; check the units"
            ),
            (
                second, "resistance: 0 ohm, reactance: 0.7 ohm",
                "12:7: warning: network.branches[1]: a branch of 0 ohm resistance has no losses"
            ),
            (
                second, "resistance: 0.000001 ohm, reactance: 0 ohm",
                "12:7: warning: network.branches[1]: 1e-06 ohm is less than any cable has; check the units"
            ),
            (
                "ampacity: 120 A", "ampacity: 12000 A",
                "11:7: warning: network.branches[0]: at its ampacity the branch loses more than half of the "
                    + "nominal voltage; check the units"
            ),
        ] as [(String, String, String)])
    func implausible(old: String, new: String, warning: String) throws {
        #expect(try warnings([(old, new)]) == [warning])
    }

    @Test(
        "what is unusual but meant does not warn",
        arguments: [
            ("    power: 60 kW", "    power: 4 MW"), ("capacity: 200 kWh", "capacity: 12 MWh"),
            (efficiency, "charge: 72 %, discharge: 72 %"), (limits, "import_limit: 1 kW, export_limit: 0 kW"),
            ("inverter: 120 kW", "inverter: 46 kW"), ("rated: 250 kW", "rated: 500 kW"),
            ("ampacity: 120 A", "ampacity: 1.5 kA"),
        ] as [(String, String)])
    func unusual(old: String, new: String) throws {
        #expect(try warnings([(old, new)]).isEmpty)
    }

    @Test("all of a scenario are told, in the order of their places")
    func several() throws {
        let told = try warnings([
            ("    power: 60 kW", "    power: 60 MW"), (Self.second, "resistance: 0 ohm, reactance: 0.7 ohm"),
            (Self.limits, "import_limit: 0 kW, export_limit: 0 kW"),
        ])
        #expect(told.map { $0.prefix { $0 != ":" } } == ["12", "27", "39"])
    }
}
