import CaseFile
import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import TestSupport
import Testing
import TextFile

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

    /// The loads of the made-up tables over the five quarters of an hour that their profiles have.
    @Test("loads follow the profiles of a folder of SimBench tables")
    func ownProfiles() throws {
        let workshop = try self.workshop(
            ("network: {case: case.m}", "network: {case: simbench}"),
            ("from_case: flat", "from_case: own-profiles"),
            ("bus: 18", "bus: LV Bus"), ("kind: grid, bus: 1", "kind: grid, bus: HV Bus"))
        let folder = Checkout.golden.appending(path: "casefile/simbench")
        try FileManager.default.copyItem(at: folder, to: workshop.folder.appending(path: "simbench"))
        var text = try String(contentsOfFile: workshop.scenario, encoding: .utf8)
        text.replace(try Regex("time: .*"), with: "time: {start: 2026-01-01, duration: 1 h, step: 15 min}")
        try workshop.write("scenario.yaml", text)

        let loaded = try workshop.load()
        #expect(loaded.inputs.map(\.path).contains("simbench/LoadProfile.csv"))
        #expect(loaded.warnings.contains { $0.message.contains("the profile of 'Battery 1' gives power") })
        let devices = loaded.template.scenario().devices
        let expected: [(name: String, active: [Double], reactive: [Double])] = [
            ("Load 1", [480, 540, 1200, 240], [200, 220, 360, 40]),
            ("Load 3", [16.5, 139.5, 37.5, 150], [2.8, 8.4, 12, 20]),
        ]
        for row in expected {
            let load = try #require(devices.first { $0.name == row.name }?.load)
            let (active, reactive) = (load.demand.map(\.kilowatts), load.reactive.map(\.kilovars))
            #expect(near(active, row.active, absolute: 1e-9))
            #expect(near(reactive, row.reactive, absolute: 1e-9))
        }

        // The plan knows the losses behind a transformer that turns the voltage by 150°: nothing is shed.
        for record in Simulation(loaded.template.scenario()) {
            for (device, power) in zip(devices, record.power) {
                guard let load = device.load else { continue }
                #expect(near(power.value, -load.demand[record.step].value))
            }
        }

        // An hour is the mean of its quarters.
        try workshop.write("scenario.yaml", text.replacing("step: 15 min", with: "step: 1 h"))
        let hour = try workshop.load().template.scenario().devices.first { $0.name == "Load 3" }?.load
        #expect(
            near(hour?.demand.map(\.kilowatts) ?? [], [(0.11 + 0.93 + 0.25 + 1) * 150 / 4], absolute: 1e-9))
    }

    @Test("only a folder of SimBench tables has profiles")
    func noProfiles() throws {
        let found = try workshop(("from_case: flat", "from_case: own-profiles")).mistakes()
        #expect(
            found.contains { $0.contains("only a case in a folder of SimBench tables has profiles") },
            "\(found)")
    }

    @Test("the tables that a case is written as are the network and the loads of the case")
    func tables() throws {
        let file = Checkout.root.appending(path: "Tests/Golden/powerflow/ieee33/case.m").path
        let read = try CaseFile.load(path: file).networkCase
        let tables = try NetworkTables(read, shape: "flat")
        #expect(tables.warnings.map(\.message) == ["5 open branches are left out"])
        let workshop = try self.workshop(
            ("network: {case: case.m}\n", ""),
            (
                "loads: {shapes: shapes.csv, from_case: flat, value_of_lost_load: 20 yuan/kWh}\n",
                tables.files[0].text + "  shapes: shapes.csv\n  value_of_lost_load: 20 yuan/kWh\n"
            ))
        for table in tables.files.dropFirst() { try workshop.write(table.name, table.text) }
        let scenario = try workshop.load().template.scenario()

        let closed = read.network.branches.filter(\.isClosed)
        #expect(scenario.network.branches.count == closed.count)
        for (own, written) in zip(scenario.network.branches, closed) {
            #expect(scenario.network.buses[own.from].name == read.network.buses[written.from].name)
            #expect(scenario.network.buses[own.to].name == read.network.buses[written.to].name)
            #expect(own.resistance == written.resistance && own.reactance == written.reactance)
        }
        #expect(scenario.network.buses[0].nominalVoltage == read.network.buses[0].nominalVoltage)
        #expect(scenario.network.sourceVoltage == read.network.sourceVoltage)
        for load in read.loads {
            let device = try #require(scenario.devices.first { $0.name == load.name })
            #expect(scenario.network.buses[device.bus].name == read.network.buses[load.bus].name)
            #expect(near(device.load?.demand[0].value, load.active.value / 2))
        }
    }

    @Test("what tables of a scenario cannot hold is refused")
    func noTables() throws {
        let folder = Checkout.golden.appending(path: "casefile/simbench").path
        let read = try CaseFile.load(path: folder).networkCase
        let error = #expect(throws: FileMistakes.self) { try NetworkTables(read, shape: "flat") }
        let text = error?.description ?? ""
        #expect(text.contains("3 nominal voltages") && text.contains("bus 'HV Bus'"), "\(text)")
        #expect(text.contains("'network: {case: FILE}'"))
    }
}
