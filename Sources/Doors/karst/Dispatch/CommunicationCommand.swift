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
        abstract: "Finds what communication costs: a scenario over links of several kinds and losses.",
        discussion: """
            Simulates the scenario over every combination of --links, --losses and --plan, and on perfect \
            links, for each seed. The cost above perfect foresight is divided into information, coordination \
            and communication. The directory holds report.html with a map of yuan over link and loss, and \
            communication.csv with one line for each simulation. With --resume FILE each simulation is \
            written to FILE when it ends, and those that are in it already are not simulated again.

            EXAMPLES
              karst comms Scenarios/first-day/scenario.yaml --links lan,4g --losses 0,30
              karst comms scenario.yaml --plan r-admm --links 4g --resume points.csv
            """)

    @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        name: .customLong("override"),
        help: "Apply this override of the scenario file. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(
        help: "Links, separated by commas: \(LinkPreset.allCases.map(\.rawValue).joined(separator: ", ")).")
    var links = "lan,4g,rf-mesh,plc"
    @Option(help: "Packet losses, percent from 0 to 100, separated by commas.")
    var losses = "0,2,10,30"
    @Option(help: "Who plans, separated by commas: centre, r-admm.")
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
        _ = (try presets(), try shares(), try coordinators())
    }

    private func words(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private func presets() throws -> [LinkPreset] {
        let presets = try words(links).map { name in
            guard let preset = LinkPreset(rawValue: name) else {
                let known = LinkPreset.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--links \(name): unknown link; the links are \(known)")
            }
            return preset
        }
        guard !presets.isEmpty, Set(presets).count == presets.count else {
            throw ValidationError("--links needs names of links, each once")
        }
        return presets
    }

    private func shares() throws -> [Double] {
        let shares = try words(losses).map { text in
            guard let percent = Double(text), (0...100).contains(percent) else {
                throw ValidationError("--losses \(text): a loss is a number from 0 to 100 percent")
            }
            return percent / 100
        }
        guard !shares.isEmpty, Set(shares).count == shares.count else {
            throw ValidationError("--losses needs numbers, each once")
        }
        return shares
    }

    private func coordinators() throws -> [CommunicationStudy.Coordinator] {
        let chosen = try words(plan).map { name in
            guard let coordinator = CommunicationStudy.Coordinator(rawValue: name) else {
                throw ValidationError("--plan \(name): who plans is centre or r-admm")
            }
            return coordinator
        }
        guard !chosen.isEmpty, Set(chosen).count == chosen.count else {
            throw ValidationError("--plan needs centre, r-admm, or both")
        }
        return chosen
    }

    func run() throws {
        let loaded = try LoadedScenario.read(scenario, overrides, [], quiet: quiet)
        note(loaded.warnings)
        let template = loaded.template
        let first = seed ?? template.seed
        let numbers = (0..<UInt64(seeds)).map { first &+ $0 }
        let study = CommunicationStudy(
            template, links: try presets().map { ($0.rawValue, $0.link) }, losses: try shares(),
            coordinators: try coordinators(), settings: template.peers ?? PeerSettings(), seeds: numbers)
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
        let report = CommunicationReport(template, rows, foresight: foresight)
        try directory.write(report.html(), as: "report.html")
        try directory.write(report.csv, as: "communication.csv")
        try directory.publish()
        if !quiet {
            try Terminal.show(String(decoding: report.csv, as: UTF8.self) + "\n\(directory.path)/report.html")
        }
    }
}

/// The simulations that have ended, in memory and in the file that a later study continues.
private final class FinishedPoints: @unchecked Sendable {
    private let lock = NSLock()
    private var rows: [CommunicationStudy.Point: CommunicationStudy.Row] = [:]
    private let path: String?
    private let mark: String

    /// Reads the file, if there is one; ends with exit code 2 where it is of another scenario.
    init(_ path: String?, of loaded: LoadedScenario) throws {
        self.path = path
        mark = "karst-comms,\(Self.digest(loaded))"
        guard let path else { return }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            guard FileManager.default.createFile(atPath: path, contents: Data((mark + "\n").utf8)) else {
                note("karst: --resume \(path): cannot be written")
                throw ExitCode(1)
            }
            return
        }
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == mark else {
            note("karst: --resume \(path): not the simulations of this scenario; name another file")
            throw ExitCode(2)
        }
        // A line that a stop has cut short is simulated again.
        for line in lines.dropFirst() {
            if let row = Self.row(line) { rows[row.point] = row }
        }
    }

    /// Number that differs where the files of the scenario, or its overrides, do (FNV-1a).
    private static func digest(_ loaded: LoadedScenario) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let names = loaded.template.overrides.joined(separator: "\n").utf8
        for byte in loaded.inputs.lazy.flatMap(\.bytes) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in names { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    func row(of point: CommunicationStudy.Point) -> CommunicationStudy.Row? { lock.withLock { rows[point] } }

    func add(_ row: CommunicationStudy.Row) {
        lock.withLock {
            rows[row.point] = row
            guard let path, let file = FileHandle(forWritingAtPath: path) else { return }
            defer { try? file.close() }
            _ = try? file.seekToEnd()
            try? file.write(contentsOf: Data((Self.line(row) + "\n").utf8))
        }
    }

    func described(_ row: CommunicationStudy.Row) -> String {
        let loss = row.point.loss.map { String(format: ", %g %% lost", 100 * $0) } ?? ""
        return "\(row.point.coordinator.rawValue) over \(row.point.link ?? "perfect links")\(loss), seed "
            + "\(row.point.seed): \(String(format: "%.2f", row.cost)) yuan"
    }

    private static func line(_ row: CommunicationStudy.Row) -> String {
        let point = row.point
        return [
            point.coordinator.rawValue, point.link ?? "", point.loss.map { "\($0)" } ?? "", "\(point.seed)",
            "\(row.cost)", "\(row.missed)", "\(row.alarms)", "\(row.sent)", "\(row.lost)", "\(row.bytes)",
            "end",
        ].joined(separator: ",")
    }

    private static func row(_ line: Substring) -> CommunicationStudy.Row? {
        let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == 11, cells[10] == "end",
            let coordinator = CommunicationStudy.Coordinator(rawValue: cells[0]),
            let seed = UInt64(cells[3]), let cost = Double(cells[4]), let missed = Int(cells[5]),
            let alarms = Int(cells[6]), let sent = Int(cells[7]), let lost = Int(cells[8]),
            let bytes = Int(cells[9])
        else { return nil }
        let point = CommunicationStudy.Point(
            coordinator: coordinator, link: cells[1].isEmpty ? nil : cells[1], loss: Double(cells[2]),
            seed: seed)
        return CommunicationStudy.Row(
            point: point, cost: cost, missed: missed, alarms: alarms, sent: sent, lost: lost, bytes: bytes)
    }
}
