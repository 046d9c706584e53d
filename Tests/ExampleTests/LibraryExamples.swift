import CaseFile
import Devices
import Export
import Foundation
import Grid
import PowerFlow
import Report
import Results
import ScenarioFile
import Settlement
import Simulator
import TestSupport
import Testing

/// What the packages in `Examples` do, and what they answer.
@Suite("Examples: packages that use the library")
struct LibraryExamples {
    private let path = Checkout.root.appending(path: "Scenarios/first-day/scenario.yaml").path

    @Test("battery-size: a scenario from its file, another battery, a run, its directory")
    func batterySize() throws {
        let output = NSTemporaryDirectory() + "karst-example-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let (name, size) = ("farm-battery", 400.0)

        let loaded = try ScenarioFile.load(path: path)
        var template = loaded.template
        try template.change(name) { $0.battery?.capacity = Energy(kilowattHours: size) }
        let scenario = template.scenario(seed: 7)
        let inputs = loaded.inputs.map { FileDigest(name: $0.path, bytes: $0.bytes) }
        let writer = try RunWriter(scenario, inputs: inputs, in: RunDirectory(at: output))
        for record in Simulation(scenario) { try writer.take(record) }
        try writer.finish()
        try writer.add(RunReport(writer.summary).html(), as: "report.html")
        try writer.publish()
        print("\(output): a bill of \(writer.summary.bill.yuan) yuan")

        // A battery twice as large, which starts at the same state of charge, makes the day cheaper.
        var asFiled = Summary(loaded.template.scenario(seed: 7))
        for record in Simulation(loaded.template.scenario(seed: 7)) { _ = asFiled.add(record) }
        #expect(writer.summary.bill < asFiled.bill)
        let data = try Data(contentsOf: URL(filePath: output + "/manifest.json"))
        let manifest = try JSONDecoder().decode(Manifest.self, from: data)
        #expect(manifest.status == .complete && manifest.overrides == ["farm-battery, changed"])
        #expect(manifest.inputs.map(\.name).contains("scenario.yaml"))
        #expect(manifest.outputs.map(\.name).contains("report.html"))
    }

    @Test("power-flow: the voltages of a case file")
    func powerFlow() throws {
        let path = Checkout.golden.appending(path: "casefile/simbench").path

        let networkCase = try CaseFile.load(path: path).networkCase
        let network = networkCase.network
        let solver = PowerFlowSolver(network: network)
        var point = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count,
            regulators: network.regulators.count)
        solver.solve(networkCase.injections, into: &point)
        print("\(point.status), losses of \(point.losses.kilowatts) kW")
        for (bus, voltage) in zip(network.buses, point.voltage) {
            print(bus.name, voltage / bus.nominalVoltage)
        }

        #expect(network.buses.count { $0.name.hasPrefix("MV") } == 4)
        for row in try GoldenTable("casefile/simbench/voltages").rows {
            let bus = network.buses.firstIndex { $0.name == row.text("bus") }
            let voltage = bus.map { point.voltage[$0] / network.buses[$0].nominalVoltage }
            #expect(bus == nil || near(voltage, row["vm_pu"], relative: 1e-6), "\(row)")
        }
    }

    @Test("a template is changed by the name of a device")
    func change() throws {
        var template = try ScenarioFile.load(path: path).template
        try template.change("farm-battery") { $0.battery?.capacity = Energy(kilowattHours: 400) }
        let scenario = template.scenario(seed: 7)

        let battery = try #require(scenario.devices.first { $0.name == "farm-battery" }?.battery)
        #expect(battery.capacity == Energy(kilowattHours: 400))
    }

    @Test("a device that is not there is refused with the names of those that are")
    func unknown() throws {
        var template = try ScenarioFile.load(path: path).template
        let error = #expect(throws: UnknownDevice.self) {
            try template.change("farm-batery") { $0.battery?.capacity = Energy(kilowattHours: 400) }
        }
        #expect(error?.known.contains("farm-battery") == true)
        #expect(template.overrides.isEmpty)
    }

    @Test("a load with variation varies around the demand it is given")
    func load() throws {
        let path = Checkout.root.appending(path: "Scenarios/no-network/scenario.yaml").path
        var template = try ScenarioFile.load(path: path).template
        let old = try #require(template.scenario(seed: 7).devices.first { $0.name == "offices" }?.load)
        let doubled = template.devices.first { $0.name == "offices" }?.load?.demand.map { $0 * 2 }
        try template.change("offices") { $0.load?.demand = doubled ?? [] }
        let new = try #require(template.scenario(seed: 7).devices.first { $0.name == "offices" }?.load)
        #expect(Set(old.demand.prefix(4)).count > 1)
        #expect(near(new.peak.value, 2 * old.peak.value))
        #expect(zip(old.demand, new.demand).allSatisfy { near($1.value, 2 * $0.value) })
        #expect(new.expected == old.expected.map { $0 * 2 })
    }
}
