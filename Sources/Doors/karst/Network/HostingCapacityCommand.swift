import ArgumentParser
import Devices
import Export
import Foundation
import Grid
import Report
import ScenarioFile
import Simulator
import Studies

struct HostingCapacityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosting-capacity",
        abstract: "Finds how much more solar each bus takes before a limit binds.",
        discussion: """
            Simulates the scenario once, then adds a plant to each bus in turn, and to all at once, and \
            finds the largest with which no voltage, branch or export limit is broken in any step that was \
            not broken before. The other devices do what they did without it. The directory holds \
            report.html with a map, hosting-capacity.csv and hosting-capacity.json.

            EXAMPLES
              karst hosting-capacity Scenarios/wujiang-valley/scenario.yaml
              karst hosting-capacity scenario.yaml --dispatch merit-order --bus 18 --bus 33
              karst hosting-capacity scenario.yaml --power-factor 0.95 --resolution 10 --json --quiet
            """)

    @OptionGroup var source: ScenarioOptions
    @Option(name: .customLong("bus"), help: "A bus to study; may be repeated. Default: all but the source.")
    var buses: [String] = []
    @Option(help: "Of the new plants, above 0 and at most 1; below 1 they take reactive power.")
    var powerFactor = 1.0
    @Option(help: "kW; capacities are multiples of it, 0.001 to 100000.")
    var resolution = 1.0
    @Option(
        help: "Of the new plants, degrees, 0 is flat. Default: that of the largest plant, else the latitude.")
    var tilt: Double?
    @Option(help: "Of the new plants, degrees clockwise from north. Default: as for the tilt.")
    var azimuth: Double?
    @Flag(help: "Study the wires alone: let the connection export without limit.")
    var ignoreExportLimit = false
    @Option(help: "Threads of the study. Default: one a processor.")
    var workers = ProcessInfo.processInfo.activeProcessorCount
    @Option(help: "The directory to write; it must not exist. Default: runs/<scenario>-hosting-capacity-<n>.")
    var output: String?
    @Flag(help: "No progress and no table.")
    var quiet = false
    @Flag(help: "Print the findings as JSON on standard output, instead of the table.")
    var json = false

    func validate() throws {
        if output == "" { throw ValidationError("--output needs the name of a directory") }
        guard powerFactor > 0, powerFactor <= 1 else {
            throw ValidationError("--power-factor must be above 0 and at most 1")
        }
        guard (0.001...100_000).contains(resolution) else {
            throw ValidationError("--resolution must be 0.001 to 100000 kW")
        }
        guard (0...90).contains(tilt ?? 0), (0...360).contains(azimuth ?? 0) else {
            throw ValidationError("--tilt must be 0 to 90 degrees, --azimuth 0 to 360")
        }
        guard (1...256).contains(workers) else { throw ValidationError("--workers must be 1 to 256") }
    }

    func run() throws {
        let scenario = try source.load().template.scenario(seed: source.seed)
        let sites = try named(buses, in: scenario)
        let directory =
            try output.map { try RunDirectory(at: $0) }
            ?? .next(for: scenario.name + " hosting capacity")
        Interruption.watch()
        let solar = plant(in: scenario)
        let study = HostingCapacity(
            network: scenario.network, injections: try simulate(scenario).series,
            sunshine: scenario.sunshine(on: solar),
            exportLimit: ignoreExportLimit
                ? nil : scenario.devices[scenario.connection].externalGrid?.exportLimit,
            reactiveRatio: -(1 - powerFactor * powerFactor).squareRoot() / powerFactor,
            resolution: Power(kilowatts: resolution))
        let started = ContinuousClock.now
        let result = study.study(sites.isEmpty ? study.candidates : sites, workers: workers)
        let taken = (ContinuousClock.now - started).formatted(.units(fractionalPart: .show(length: 2)))
        if !quiet { note("studied in \(taken)") }
        let table = HostingTable(scenario, study, result)
        try directory.write(HostingReport(scenario, study, result, solar: solar).html(), as: "report.html")
        try directory.write(table.csv, as: "hosting-capacity.csv")
        try directory.write(table.json, as: "hosting-capacity.json")
        try directory.publish()
        if json {
            print(String(decoding: table.json, as: UTF8.self))
        } else if !quiet {
            print(text(table, scenario.name, directory.path))
        }
        guard fflush(nil) == 0 else {
            throw ExportError("cannot write to standard output: \(String(cString: strerror(errno)))")
        }
    }

    /// Wrong names are wrong input.
    private func named(_ names: [String], in scenario: Scenario) throws -> [Int] {
        let buses = scenario.network.buses
        var known: Set<String> = []
        return try names.filter { known.insert($0).inserted }.map { name in
            guard let bus = buses.firstIndex(where: { $0.name == name }) else {
                note(
                    "karst: --bus \(name): no such bus; there are \(buses.map(\.name).joined(separator: ", "))"
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
            if Interruption.isRequested { throw ExportError("interrupted in step \(record.step + 1)") }
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
            "  \("bus".padding(toLength: width, withPad: " ", startingAt: 0))   capacity kW   what binds, and when"
        return
            (["\(name) · how much more solar each bus takes", "", head] + table.rows.map(line)
            + [table.together.map(line), "", "\(directory)/report.html"].compactMap { $0 })
            .joined(separator: "\n")
    }
}
