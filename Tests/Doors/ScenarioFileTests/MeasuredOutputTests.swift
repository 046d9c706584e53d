import Devices
import Foundation
import Grid
import ScenarioFile
import Simulator
import Testing

@Suite("Plants and loads driven by a measured series")
struct MeasuredOutputTests {
    private let workshop: Workshop

    init() throws {
        workshop = try Workshop()
        let rows = Workshop.demand(Array(0..<96)).split(separator: "\n").enumerated().map { index, row in
            index == 0 ? "\(row),school_kvar,meter_kwh" : "\(row),\(index - 49),1"
        }
        try workshop.write("series.csv", rows.joined(separator: "\n"))
    }

    private func add(_ devices: String) throws {
        try workshop.write(
            "scenario.yaml", Workshop.good.replacingOccurrences(of: "devices:", with: "devices:\n" + devices))
    }

    private static let output = "output: {file: series.csv, column: school_kw}"
    private static let reactive = "reactive: {file: series.csv, column: school_kvar}"

    @Test("a sun, wind or hydro plant can give what was measured, and keeps its kind")
    func plants() throws {
        try add(
            """
              shed: {kind: solar, bus: 2, capacity: 120 kW, inverter: 100 kW, \(Self.output),
                     \(Self.reactive)}
              hill: {kind: wind, bus: 2, turbines: 2, rated: 50 kW, \(Self.output)}
              mill: {kind: hydro, bus: 2, capacity: 100 kW, \(Self.output), power_factor: 0.9}

            """)
        #expect(workshop.mistakes() == [])
        let scenario = try workshop.load().scenario
        for (name, kind) in [("shed", DeviceKind.solar), ("hill", .wind), ("mill", .hydro)] {
            let device = try #require(scenario.devices.first { $0.name == name })
            #expect(device.deviceKind == kind)
            #expect(
                device.potentials(under: scenario.weather)
                    == (0..<96).map { Power(kilowatts: Double($0)) })
            // A measured plant is curtailed as any other.
            let state = DeviceState(power: .zero, stored: .zero)
            let after = device.follow(Power(20e3), potential: Power(30e3), state: state, at: 0, hours: 0.25)
            #expect(after.power == Power(20e3))
        }
        let shed = try #require(scenario.devices.first { $0.name == "shed" })
        // In step 80 it gives 80 kW with 32 kvar; half the power has half the reactive power.
        #expect(shed.reactive(Power(80e3), at: 80) == ReactivePower(32e3))
        #expect(shed.reactive(Power(40e3), at: 80) == ReactivePower(16e3))
    }

    @Test("a measured load takes its measured reactive power, less where it is shed")
    func load() throws {
        try add(
            "  hall: {kind: load, bus: 2, demand: {file: series.csv, column: school_kw}, \(Self.reactive)}\n")
        #expect(workshop.mistakes() == [])
        let hall = try #require(try workshop.load().scenario.devices.first { $0.name == "hall" })
        #expect(hall.reactive(Power(-80e3), at: 80) == ReactivePower(-32e3))
        #expect(hall.reactive(Power(-20e3), at: 80) == ReactivePower(-8e3))
        #expect(hall.reactive(.zero, at: 0) == ReactivePower(48e3))
    }

    @Test(
        "every mistake has its place",
        arguments: [
            (
                "solar, capacity: 90 kW, inverter: 90 kW, \(output)",
                "the output reaches 95 kW, more than the largest power of the plant, 90 kW"
            ),
            (
                "wind, turbines: 2, rated: 50 kW, hub_height: 40 m, \(output)",
                "not allowed beside 'output', which says what the plant gives"
            ),
            (
                "hydro, capacity: 100 kW, output: {file: series.csv, column: school_kvar}",
                "says kvar, but an output is a power in kW; name a column in kW"
            ),
            (
                "hydro, capacity: 100 kW, \(output), reactive: {file: series.csv, column: school_kw}",
                "says kW, but a reactive power is in kvar; name a column in kvar"
            ),
            (
                "hydro, capacity: 100 kW, power_factor: 0.9, \(output), \(reactive)",
                "not allowed beside 'reactive', which says the reactive power of each step"
            ),
            (
                "hydro, capacity: 100 kW, output: {file: series.csv, column: meter_kwh}",
                "says kWh, but an output is a power in kW; divide the energy of each step by its length"
            ),
            ("hydro, capacity: 100 kW, output: {file: series.csv, column: none_kw}", "no column is called"),
        ])
    func refusals(device: String, message: String) throws {
        try add("  extra: {bus: 2, kind: \(device)}\n")
        let mistakes = workshop.mistakes()
        #expect(mistakes.count == 1)
        #expect(mistakes.contains { $0.hasPrefix("scenario.yaml:") && $0.contains(message) }, "\(mistakes)")
    }
}
