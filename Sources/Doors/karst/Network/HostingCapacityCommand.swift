import ArgumentParser
import Devices
import Export
import Foundation
import Grid
import Report
import ScenarioFile
import Simulator
import Studies
import TextFile

struct HostingCapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosting-capacity",
        abstract: "Finds the hosting capacity of each bus: the largest new solar plant within all limits.",
        discussion: """
            Simulates the scenario once. Then adds a solar plant to one bus after another, and to all at \
            once, and finds the largest plant that causes no new violation of a voltage, branch or export \
            limit in any step. The other devices keep their powers. The directory holds report.html with a \
            map, hosting-capacity.csv and hosting-capacity.json.

            EXAMPLES
              karst hosting-capacity Scenarios/wujiang-valley/scenario.yaml
              karst hosting-capacity scenario.yaml --dispatch merit-order --bus 18 --bus 33
              karst hosting-capacity scenario.yaml --power-factor 0.95 --json --quiet
            """)

    @OptionGroup var source: ScenarioOptions
    @Option(name: .customLong("bus"), help: "Bus to study. May be repeated. Default: all but the source.")
    var buses: [String] = []
    @Option(
        help: "Power factor of the new plants, above 0 and at most 1. Below 1 they consume reactive power.")
    var powerFactor = 1.0
    @Option(help: "Resolution of the capacities, 0.001 to 100000 kW.")
    var resolution = 1.0
    @Option(
        help: """
            Tilt of the new plants, 0 (horizontal) to 90 degrees. Default: that of the scenario's largest \
            plant; without a plant, the latitude.
            """)
    var tilt: Double?
    @Option(
        help: """
            Azimuth of the new plants, 0 to 360 degrees clockwise from north. Default: that of the \
            scenario's largest plant; without a plant, towards the equator.
            """)
    var azimuth: Double?
    @Flag(help: "Ignore the export limit of the grid connection; keep voltage and branch limits.")
    var ignoreExportLimit = false
    @Option(help: "Number of threads of the study. Default: one per processor.")
    var workers: Int?
    @Option(
        help: "New directory to write. Default: runs/<scenario>-hosting-capacity-<n>.",
        transform: outputPath)
    var output: String?
    @Flag(help: "Print no progress and no table.")
    var quiet = false
    @Flag(help: "Print the results as JSON on standard output, in place of the table.")
    var json = false

    func validate() throws {
        guard powerFactor > 0, powerFactor <= 1 else {
            throw ValidationError("--power-factor must be above 0 and at most 1")
        }
        guard (0.001...100_000).contains(resolution) else {
            throw ValidationError("--resolution must be 0.001 to 100000 kW")
        }
        guard (0...90).contains(tilt ?? 0), (0...360).contains(azimuth ?? 0) else {
            throw ValidationError("--tilt must be 0 to 90 degrees, --azimuth 0 to 360")
        }
        guard (1...256).contains(workers ?? 1) else { throw ValidationError("--workers must be 1 to 256") }
    }

    func run() throws {
        let scenario = try source.load(quiet: quiet).template.scenario(seed: source.seed)
        guard scenario.connections.count < 2 else {
            note(
                "karst: a hosting capacity is found for a network with one grid connection; this scenario has "
                    + "\(scenario.connections.count), and how they share the export is not decided")
            throw ExitCode(2)
        }
        guard scenario.feeder == nil else {
            throw ValidationError(
                "hosting capacity is searched on balanced networks; the network of this scenario is a feeder "
                    + "of three phases")
        }
        let sites = try named(buses, in: scenario)
        let directory =
            try output.map { try RunDirectory(at: $0) }
            ?? .next(for: scenario.name + " hosting capacity")
        directory.isRemovedOnInterruption()
        let solar = plant(in: scenario)
        let study = HostingCapacity(
            network: scenario.network, injections: try simulate(scenario).series,
            sunshine: scenario.sunshine(on: solar),
            exportLimit: ignoreExportLimit
                ? nil : scenario.connection.flatMap { scenario.devices[$0].externalGrid?.exportLimit },
            reactiveRatio: -(1 - powerFactor * powerFactor).squareRoot() / powerFactor,
            resolution: Power(kilowatts: resolution))
        let started = ContinuousClock.now
        let result = study.study(
            sites.isEmpty ? study.candidates : sites,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount)
        let taken = (ContinuousClock.now - started).formatted(.units(fractionalPart: .show(length: 2)))
        if !quiet { note("studied in \(taken)") }
        let table = HostingTable(scenario, study, result)
        try directory.write(HostingReport(scenario, study, result, solar: solar).html(), as: "report.html")
        try directory.write(table.csv, as: "hosting-capacity.csv")
        try directory.write(table.json, as: "hosting-capacity.json")
        try directory.publish()
        if json {
            try Terminal.put(String(decoding: table.json, as: UTF8.self) + "\n")
        } else if !quiet {
            try Terminal.show(text(table, scenario.name, directory.path))
        }
    }

    /// Places of the named buses; ends with exit code 2 where a name is unknown.
    private func named(_ names: [String], in scenario: Scenario) throws -> [Int] {
        let buses = scenario.network.buses
        var known: Set<String> = []
        return try names.filter { known.insert($0).inserted }.map { name in
            guard let bus = buses.firstIndex(where: { $0.name == name }) else {
                note(
                    "karst: --bus \(name): no such bus; the buses are \(buses.map(\.name).joined(separator: ", "))"
                )
                throw ExitCode(2)
            }
            return bus
        }
    }

    private func plant(in scenario: Scenario) -> Solar {
        let typical = scenario.typicalSolar
        return Solar(
            capacity: typical.capacity, inverterCapacity: typical.inverterCapacity,
            tilt: tilt ?? typical.tilt, azimuth: azimuth ?? typical.azimuth, albedo: typical.albedo,
            losses: typical.losses, temperatureCoefficient: typical.temperatureCoefficient)
    }

    private func simulate(_ scenario: Scenario) throws -> ScenarioInjections {
        var injections = ScenarioInjections(scenario)
        var progress = quiet ? nil : Progress(total: scenario.horizon.count)
        for record in Simulation(scenario) {
            injections.take(record)
            progress?.advance(to: record.step + 1)
            try checkInterruption(after: record.step)
        }
        return injections
    }

    private func text(_ table: HostingTable, _ name: String, _ directory: String) -> String {
        let width = max(4, table.rows.compactMap { $0.bus?.count }.max() ?? 0)
        let reasons = table.rows.map(\.reason.count).max() ?? 0
        func line(_ row: HostingTable.Row) -> String {
            let capacity = row.capacityKilowatts.formatted(
                .number.precision(.fractionLength(table.decimals)).locale(Locale(identifier: "en_US"))
            )
            return "  \((row.bus ?? "all").padding(toLength: width, withPad: " ", startingAt: 0))"
                + String(repeating: " ", count: max(1, 14 - capacity.count)) + "\(capacity)   "
                + row.reason.padding(toLength: max(reasons, row.reason.count), withPad: " ", startingAt: 0)
                + "   \(row.time)"
        }
        let head =
            "  \("bus".padding(toLength: width, withPad: " ", startingAt: 0))   capacity kW   binding limit and time"
        return
            (["\(name) · hosting capacity for solar", "", head] + table.rows.map(line)
            + [table.together.map(line), "", "\(directory)/report.html"].compactMap { $0 })
            .joined(separator: "\n")
    }
}
