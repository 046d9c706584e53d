import Devices
import Events
import Grid
import Scheduling
import Simulator

extension RunTables {
    /// Islands and energy not served by cause; none in a run without events.
    static func events(_ scenario: Scenario) -> [Table] {
        guard !scenario.events.isEmpty else { return [] }
        return [island, unserved] + (scenario.events.attacks.isEmpty ? [] : [contradiction])
    }

    static let island = Table(
        name: "island", title: "Islands, one row for each and step",
        fields: [
            .init("held_by", .string, "Device that holds the voltage"),
            .init("forming", .string, "Grid-forming devices that are up"),
            .init(
                "begin", .string, "How it came about in this step: new, black-start; empty where it goes on"),
            .init("buses", .integer, "Buses", unit: "1"),
            .init(
                "frequency_hz", .number, "Frequency after primary response, before the secondary response",
                unit: "Hz"),
            .init("demand_kw", .number, "Demand of its loads", unit: "kW"),
            .init(
                "reserve_used_kw", .number, "What its grid-forming devices give more than before the step",
                unit: "kW"),
            .init("headroom_kw", .number, "What its devices could give more for the step", unit: "kW"),
            .init("shed_kw", .number, "Demand that is shed in this step", unit: "kW"),
            .init("shed", .string, "Loads that are shed in this step"),
            .init("picked_up", .string, "Loads that are picked up in this step"),
        ])

    static let unserved = Table(
        name: "unserved", title: "Demand not served, one row for each load and step",
        fields: [
            .init("load", .string, "Load"),
            .init("cause", .string, "Why it is not served"),
            .init("unserved_kw", .number, "Demand not served", unit: "kW"),
        ])

    static let contradiction = Table(
        name: "contradiction", title: "What local checks notice, one row for each meter and step",
        fields: [
            .init("device", .string, "Device whose meter is looked at; empty: all meters together"),
            .init(
                "metered_kw", .number, "What the meter counts, positive when given; of all: given less taken",
                unit: "kW"),
            .init("expected_kw", .number, "What it should count; of all: the losses", unit: "kW"),
        ])
}

/// The tables of events of a run; nothing is written in a run without events.
struct EventTables {
    private let scenario: Scenario
    /// Islands and unserved demand, with attacks also contradictions, or none.
    let writers: [TableWriter]

    init(_ scenario: Scenario, in directory: String) throws(ExportError) {
        self.scenario = scenario
        writers = try RunTables.events(scenario).map { table throws(ExportError) in
            try TableWriter(table, in: directory)
        }
    }

    func write(_ record: Record, _ time: [UInt8]) throws(ExportError) {
        guard !writers.isEmpty else { return }
        for island in record.islanding?.islands ?? [] { try write(island, time, writers[0]) }
        if writers.count > 2 {
            for found in record.contradictions {
                writers[2].begin(time)
                writers[2].append(found.device.map { scenario.devices[$0.index].name } ?? "")
                writers[2].append(found.metered.kilowatts)
                writers[2].append(found.expected.kilowatts)
                try writers[2].end()
            }
        }
        let usual: UnservedCause = record.point.status.isSolved ? .dispatch : .noSolution
        for (index, device) in scenario.devices.enumerated() {
            let unserved = device.deviceKind.unserved(record.power[index], of: record.potential[index])
            guard unserved > .zero else { continue }
            writers[1].begin(time)
            writers[1].append(device.name)
            writers[1].append((record.islanding?.causes[index] ?? usual).rawValue)
            writers[1].append(unserved.kilowatts)
            try writers[1].end()
        }
    }

    private func write(
        _ island: Islanding.Island, _ time: [UInt8], _ writer: TableWriter
    ) throws(ExportError) {
        func names(_ devices: [DeviceID]) -> String {
            devices.map { scenario.devices[$0.index].name }.joined(separator: " ")
        }
        writer.begin(time)
        writer.append(names([island.slack]))
        writer.append(names(island.forming))
        writer.append(island.isBlackStart ? "black-start" : island.isNew ? "new" : "")
        writer.append(island.buses.count)
        writer.append(island.frequency)
        for power in [island.demand, island.reserveUsed, island.headroom, island.shedPower] {
            writer.append(power.kilowatts)
        }
        writer.append(names(island.shed))
        writer.append(names(island.pickedUp))
        try writer.end()
    }
}
