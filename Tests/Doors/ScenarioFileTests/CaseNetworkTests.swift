import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import TestSupport
import Testing

@Suite("Scenarios on the case file of another tool")
struct CaseNetworkTests {
    private let sections = """
        network: {case: case.m}
        loads: {shapes: shapes.csv, from_case: flat, value_of_lost_load: 20 yuan/kWh}
        devices:
          roof: {kind: solar, bus: 18, capacity: 150 kW, inverter: 120 kW, tilt: 15 deg, azimuth: 180 deg}
          grid: {kind: grid, bus: 1, import_limit: 5 MW, export_limit: 100 kW,
                 tariff: guizhou-tou, feed_in: 0.2 yuan/kWh}

        """

    private func workshop(_ changes: (String, String)...) throws -> Workshop {
        let workshop = try Workshop()
        let begin = try #require(Workshop.good.range(of: "network:\n")).lowerBound
        let end = try #require(Workshop.good.range(of: "communication:\n")).lowerBound
        let market = try #require(Workshop.good.range(of: "market:\n")).lowerBound
        let own = changes.reduce(sections) { $0.replacing($1.0, with: $1.1) }
        try workshop.write(
            "scenario.yaml",
            Workshop.good[..<begin] + own + Workshop.good[end..<market]
                + "market: {rules: guizhou-sample-2026}\n")
        let file = Checkout.root.appending(path: "Tests/Golden/powerflow/ieee33/case.m")
        try workshop.write("case.m", bytes: Array(Data(contentsOf: file)))
        return workshop
    }

    /// The feeder of Baran and Wu: 33 buses, 37 branches of which five are open, 3,715 kW of load.
    @Test("network and loads are those of the case")
    func loads() throws {
        let scenario = try workshop().load().template.scenario()
        #expect(scenario.network.buses.count == 33 && scenario.network.branches.count { !$0.isClosed } == 5)
        let loads = scenario.devices.compactMap { $0.load }
        #expect(loads.count == 32 && scenario.devices[0].bus == 17)
        let nominal = loads.reduce(0) { $0 + $1.expected.reduce(0) { max($0, $1.kilowatts) } }
        #expect(abs(nominal - 3715 * 0.5) < 1)
    }

    @Test("limits of the scenario replace those of the case")
    func limits() throws {
        let scenario = try workshop(("{case: case.m}", "{case: case.m, limits: {voltage: 0.93..1.07 pu}}"))
            .load()
            .template.scenario()
        #expect(scenario.network.buses.allSatisfy { $0.limits == 0.93...1.07 })
    }

    @Test(
        "one mistake, one line",
        arguments: [
            ("case: case.m", "case: other.m", "network.case: 'other.m': there is no such file"),
            (
                "case: case.m", "case: shapes.csv",
                "network.case: 'shapes.csv' is neither a MATPOWER file (.m), nor"
            ),
            ("kind: grid, bus: 1", "kind: grid, bus: 2", "must be on the source bus '1'"),
            ("bus: 18", "bus: 99", "devices.roof.bus: no bus is called '99'"),
            ("from_case: flat", "from_case: round", "loads.from_case: no shape is called 'round'"),
            ("network: {case: case.m}", "network: none", "loads.from_case: there are no loads of a case"),
        ])
    func mistakes(_ old: String, _ new: String, _ line: String) throws {
        let found = try workshop((old, new)).mistakes()
        #expect(found.contains { $0.contains(line) }, "\(found)")
    }
}
