import ArgumentParser
import Events
import Export
import Foundation
import Lanes
import Report
import ScenarioFile
import Simulator
import Studies
import TextFile

struct AttackCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attacks",
        abstract: "Finds what the attacks of a scenario cost, who pays, and when they are noticed.",
        discussion: """
            Simulates the scenario without its attacks, with each of them alone, and with all together. Each \
            has its cost, the damage above the run without attacks, demand not served, limits that were \
            broken, the time until a local check noticed it, and what each participant receives more by it. \
            Local checks compare each meter with what its device said and was asked, and the sum of all \
            meters with the losses; lies about prices contradict nothing. The directory holds attacks.csv.

            EXAMPLES
              karst attacks Scenarios/two-villages/scenario.yaml --override attacked
            """)

    @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        name: .customLong("override"),
        help: "Apply this override of the scenario file. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(help: "Random seed. Default: the scenario's `seed`.")
    var seed: UInt64?
    @Option(help: "Number of simulations at once. Default: one per processor.")
    var workers: Int?
    @Option(
        help: "New directory to write. Default: runs/<scenario>-attacks-<n>.", transform: outputPath)
    var output: String?
    @Flag(help: "Print no progress and no table.")
    var quiet = false

    func validate() throws {
        guard (1...256).contains(workers ?? 1) else { throw ValidationError("--workers must be 1 to 256") }
    }

    func run() throws {
        let loaded = try LoadedScenario.read(scenario, overrides, [], quiet: quiet)
        note(loaded.warnings)
        let scenario = loaded.template.scenario(seed: seed)
        guard !scenario.events.attacks.isEmpty else {
            throw ValidationError(
                "\(self.scenario): no attack among its events; write such as "
                    + "'{at: 2026-07-03T14:00, for: 2 h, attack: {kind: hijack, of: DEVICE}}'")
        }
        let directory = try output.map { try RunDirectory(at: $0) } ?? .next(for: scenario.name + " attacks")
        directory.isRemovedOnInterruption()
        let study = AttackStudy(scenario)
        let runs = study.runs
        if !quiet { note("\(runs.count) simulations") }
        let rows = Ended()
        let count = workers ?? ProcessInfo.processInfo.activeProcessorCount
        concurrently(runs.count, workers: count) { [quiet] _, index in
            let row = study.row(of: runs[index])
            rows.add(row, at: index)
            if !quiet { note(row.name) }
        }
        let text = AttackText(rows.inOrder, participants: study.participants)
        try directory.write(Data(text.csv.utf8), as: "attacks.csv")
        try directory.publish()
        if !quiet {
            try Terminal.show(
                """
                \(scenario.name) · attacks, each alone beside the run without them

                \(text)

                \(directory.path)/attacks.csv
                """)
        }
    }
}

/// Rows of simulations that end in any order.
private final class Ended: @unchecked Sendable {
    private let lock = NSLock()
    private var rows: [Int: AttackStudy.Row] = [:]

    func add(_ row: AttackStudy.Row, at index: Int) { lock.withLock { rows[index] = row } }

    var inOrder: [AttackStudy.Row] { lock.withLock { rows.sorted { $0.key < $1.key }.map(\.value) } }
}
