import ArgumentParser
import Export
import Foundation
import Lanes
import Messaging
import Report
import ScenarioFile
import Simulator
import Studies
import TextFile

struct CommunicationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "comms",
        abstract: "Finds what communication costs, over topologies, links and packet losses.",
        discussion: """
            Simulates the scenario over every combination of --topologies, --links, --losses and --plan, \
            and on perfect links, for each seed. Each point has its cost above perfect foresight, divided \
            into information, coordination and communication; the time until all devices have their \
            setpoints; the age of what is known of them; and what became of the messages. The directory \
            holds report.html with maps over link and loss, and communication.csv with one line for each \
            simulation. With --resume FILE each simulation is written to FILE when it ends, and those that \
            are in it already are not simulated again.

            EXAMPLES
              karst comms Scenarios/first-day/scenario.yaml --links lan,4g --losses 0,30
              karst comms scenario.yaml --plan r-admm --topologies ring --resume points.txt
            """)

    @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        name: .customLong("override"),
        help: "Apply this override of the scenario file. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(
        help: """
            Topologies, separated by commas: \(allShapes.map(\.rawValue).joined(separator: ", ")). Agents \
            without a controller have no along-the-cable.
            """)
    var topologies = allShapes.map(\.rawValue).joined(separator: ",")
    @Option(
        help: "Links, separated by commas: \(LinkPreset.allCases.map(\.rawValue).joined(separator: ", ")).")
    var links = "lan,4g,rf-mesh,plc"
    @Option(help: "Packet losses, percent from 0 to 100, separated by commas.")
    var losses = "0,2,10,30"
    @Option(help: "Who plans, separated by commas: centre, shared-offers, r-admm.")
    var plan = "centre,r-admm"
    @Option(help: "First random seed. Default: the scenario's `seed`.")
    var seed: UInt64?
    @Option(help: "Number of random seeds, counted up from the first, 1 to 100.")
    var seeds = 1
    @Option(help: "Number of simulations at once. Default: one per processor.")
    var workers: Int?
    @Option(help: "File of simulations that have ended; it is made or continued.", transform: outputPath)
    var resume: String?
    @Option(
        help: "New directory to write. Default: runs/<scenario>-communication-<n>.", transform: outputPath)
    var output: String?
    @Flag(help: "Print no progress and no table.")
    var quiet = false

    func validate() throws {
        guard (1...100).contains(seeds) else { throw ValidationError("--seeds must be 1 to 100") }
        guard (1...256).contains(workers ?? 1) else { throw ValidationError("--workers must be 1 to 256") }
        let (shapes, planners) = (try chosenShapes(), try coordinators())
        _ = (try presets(), try shares())
        guard planners.allSatisfy({ planner in shapes.contains { planner.allows($0) } }) else {
            throw ValidationError(
                "--topologies \(topologies): agents without a controller need star, tree, ring, overlay or mesh"
            )
        }
    }

    /// The words of a list, each once and each one that `read` understands.
    private func list<T: Hashable>(
        _ option: String, _ text: String, of what: String, _ read: (String) -> T?
    ) throws -> [T] {
        let values = try text.split(separator: ",").map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            guard let value = read(word) else { throw ValidationError("\(option) \(word): expected \(what)") }
            return value
        }
        guard !values.isEmpty, Set(values).count == values.count else {
            throw ValidationError("\(option) needs at least one of \(what), each once")
        }
        return values
    }

    private func names<T: RawRepresentable<String>>(_ values: [T]) -> String {
        values.map(\.rawValue).joined(separator: ", ")
    }

    private func chosenShapes() throws -> [Communication.Topology] {
        try list("--topologies", topologies, of: names(allShapes)) { word in
            allShapes.first { $0.rawValue == word }
        }
    }

    private func presets() throws -> [LinkPreset] {
        try list("--links", links, of: names(LinkPreset.allCases)) { LinkPreset(rawValue: $0) }
    }

    private func shares() throws -> [Double] {
        try list("--losses", losses, of: "percentages from 0 to 100") { word in
            Double(word).flatMap { (0...100).contains($0) ? $0 / 100 : nil }
        }
    }

    private func coordinators() throws -> [CommunicationStudy.Coordinator] {
        try list("--plan", plan, of: names(CommunicationStudy.Coordinator.allCases)) {
            CommunicationStudy.Coordinator(rawValue: $0)
        }
    }

    func run() throws {
        let loaded = try LoadedScenario.read(scenario, overrides, [], quiet: quiet)
        note(loaded.warnings)
        let template = loaded.template
        let chosen = try coordinators()
        let first = seed ?? template.seed
        let numbers = (0..<UInt64(seeds)).map { first &+ $0 }
        let study = CommunicationStudy(
            template, topologies: try chosenShapes(), links: try presets().map { ($0.rawValue, $0.link) },
            losses: try shares(),
            coordinators: chosen, settings: template.peers ?? PeerSettings(), seeds: numbers)
        let directory =
            try output.map { try RunDirectory(at: $0) } ?? .next(for: template.name + " communication")
        directory.isRemovedOnInterruption()
        let ended = try FinishedPoints(resume, of: loaded)
        let left = study.points.filter { ended.row(of: $0) == nil }
        if !quiet { note("\(study.points.count) simulations, \(left.count) of them to be run") }
        let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
        concurrently(left.count, workers: count) { [quiet] _, index in
            let row = study.row(of: left[index])
            ended.add(row)
            if !quiet { note(ended.described(row)) }
        }
        let rows = study.points.compactMap { ended.row(of: $0) }
        var foresight: [UInt64: Double] = [:]
        for number in numbers { foresight[number] = study.foresight(seed: number) }
        let results = CommunicationResults(rows, foresight: foresight)
        try directory.write(CommunicationReport(template, results).html(), as: "report.html")
        try directory.write(results.csv, as: "communication.csv")
        try directory.publish()
        if !quiet {
            try Terminal.show(
                "\(template.name) · means over \(seeds) seeds\n\n\(results.text)\n\n\(directory.path)/report.html"
            )
        }
    }
}

/// The topologies of a study: all but those that a scenario lists.
private let allShapes = Communication.Topology.allCases.filter { $0 != .list }
