import ArgumentParser
import EconomicDispatch
import Export
import Foundation
import Grid
import Optimization
import Planning
import Report
import ScenarioFile
import Scheduling
import Simulator
import Studies
import TextFile
import Timeline

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Explains the dispatch of one step: binding limits, marginal price, value of more capacity.",
        discussion: """
            The scenario is simulated again up to the step, and the plan then in force is explained: the \
            marginal price and the devices that set it, the binding limits, and the value of one more kW of \
            each device. Where load is not served, it names the loads and what would serve them. Beside the \
            plan stands what happened: by how much the exchange at the grid connection differs from \
            the plan, which forecast errors, lost setpoints and decisions of the step add up to that, and \
            why a limit was violated.

            For a run directory, the scenario file is searched in the current folder and below; it must not \
            have changed since the run. Where `--dispatch external:COMMAND` planned the run, the directory \
            names the program, and explain starts it only with --allow-external.

            EXAMPLES
              karst explain runs/first-day-1 --at 2026-07-15T18:15
              karst explain scenario.yaml --at 2026-01-01T18:15 --dispatch merit-order
            """)

    @Argument(help: ArgumentHelp("Run directory or scenario file.", valueName: "run"))
    var explained: String
    @Option(
        help: """
            Time within the step, in the scenario's time zone, such as 2026-07-15T18:15, or with an offset, \
            as a run writes it.
            """)
    var at: String
    @Option(help: "Area whose price is explained. Default: the area of the grid connection.")
    var area: String?
    @Option(help: "For a run directory: its scenario file. Default: searched in the current folder.")
    var scenario: String?
    @Option(
        name: .customLong("override"),
        help: "For a scenario file: apply this override of it. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(help: "For a scenario file: dispatch method. Default: the scenario's.")
    var dispatch: DispatchChoice?
    @Option(help: "For a scenario file: random seed. Default: the scenario's `seed`.")
    var seed: UInt64?
    @Flag(help: "For a run directory: start the program that planned, if it is not a method of karst.")
    var allowExternal = false
    @Flag(help: "Print no progress.")
    var quiet = false
    @Flag(help: "Print the figures of the explanation as one JSON object, in place of sentences.")
    var json = false

    func run() throws {
        let scenario = try load()
        let step = try self.step(in: scenario)
        let area = try self.area(in: scenario)
        stopOnInterruption()
        let (plan, record) = try plan(of: scenario, until: step)
        let at = scenario.horizon[step].start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard let explanation = Explanation(plan, at: at, in: area) else {
            throw ExportError("the plan of this step could not be computed again, so it cannot be explained")
        }
        let reality = PlanAndReality(record, plan, at: at, of: scenario)
        guard !json else {
            let figures = ExplanationFigures(scenario, explanation, reality)
            return try Terminal.show(String(decoding: figures.json, as: UTF8.self))
        }
        let text = ExplanationText(scenario, explanation, conflict(in: explanation), reality: reality)
        try Terminal.show("\(text)")
    }

    /// The conflicting limits where load is not served; nil where HiGHS is not installed.
    private func conflict(in explanation: Explanation) -> Infeasibility? {
        let plan = explanation.plan
        let shortage = plan.problem.sum(plan.shortage, at: explanation.step)
        guard !explanation.shed.isEmpty || shortage > .zero else { return nil }
        do throws(HiGHSLibrary.Missing) {
            return try Infeasibility(plan.problem)
        } catch {
            note("karst: \(error.description)")
            return nil
        }
    }

    private func load() throws -> Scenario {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: explained, isDirectory: &isFolder) else {
            throw refusal("\(explained): no such run directory or scenario file")
        }
        if isFolder.boolValue {
            guard overrides.isEmpty, dispatch == nil, seed == nil else {
                throw refusal(
                    "--override, --dispatch and --seed are for a scenario file; a run directory has its own")
            }
            return try PastRun(directory: explained).scenario(at: scenario, allowExternal)
        }
        return try PastRun.load(explained, overrides, dispatch).template.scenario(seed: seed)
    }

    private func step(in scenario: Scenario) throws -> Int {
        let (horizon, zone) = (scenario.horizon, scenario.zone)
        guard let written = zone.instants(written: at) else {
            throw refusal(
                "--at \(at): not a time; write it as 2026-07-15T18:15, in \(zone.name), or with its offset, as "
                    + zone.iso8601(horizon.start))
        }
        let (first, last) = (zone.iso8601(horizon.start), zone.iso8601(horizon.end))
        guard !written.isEmpty else {
            throw refusal("--at \(at): a clock change in \(zone.name) skips this time")
        }
        let instants = written.filter { horizon.start <= $0 && $0 < horizon.end }
        guard let instant = instants.first else {
            throw refusal("--at \(at): outside the run, which lasts from \(first) to \(last)")
        }
        guard instants.count == 1 else {
            throw refusal(
                "--at \(at): this time comes twice in \(zone.name); write "
                    + instants.map { zone.iso8601($0) }.joined(separator: " or "))
        }
        return instant.seconds(since: horizon.start) / horizon.step
    }

    private func area(in scenario: Scenario) throws -> Int {
        guard let area else { return scenario.connectionArea }
        let names = scenario.planning.rules.areas?.names ?? []
        guard let place = names.firstIndex(of: area) else {
            throw refusal(
                names.isEmpty
                    ? "--area \(area): the plans of this scenario have no areas"
                    : "--area \(area): no such area; the areas are \(names.joined(separator: ", "))")
        }
        return place
    }

    /// The plan in force in `step`, and its record.
    private func plan(of scenario: Scenario, until step: Int) throws -> (Plan, Record) {
        var plan: Plan?
        var last: Record?
        var progress = quiet ? nil : Progress(total: step + 1)
        for record in Simulation(scenario) {
            plan = record.plan ?? plan
            progress?.advance(to: record.step + 1)
            guard record.step == step else { continue }
            last = record
            break
        }
        guard let plan, let last else { throw ExportError("no plan was made before this time") }
        if last.islanding.map({ !$0.isConnected }) ?? false {
            note(
                "karst: in this step the microgrid is not joined to the external grid; the plan was made "
                    + "before and does not act")
        }
        return (plan, last)
    }
}

/// Prints why the input is wrong; the exit code is 2.
private func refusal(_ text: String) -> ExitCode {
    note("karst: \(text)")
    return ExitCode(2)
}

/// A run that was written, and the scenario that made it.
private struct PastRun {
    private let directory: String
    private let manifest: Manifest

    init(directory: String) throws {
        self.directory = directory
        guard let data = FileManager.default.contents(atPath: directory + "/manifest.json"),
            let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
        else { throw refusal("\(directory) is not a run directory: it has no readable manifest.json") }
        self.manifest = manifest
    }

    static func load(_ path: String, _ overrides: [String], _ dispatch: DispatchChoice?) throws
        -> LoadedScenario
    {
        try LoadedScenario.read(path, overrides, [dispatch].compactMap(\.self))
    }

    /// The scenario as it was in the run; `path` is the file that the user names.
    func scenario(at path: String?, _ allowsExternal: Bool) throws -> Scenario {
        guard let file = manifest.inputs.first else {
            throw refusal("\(directory)/manifest.json names no scenario file")
        }
        guard let path = path ?? Self.search(for: file) else {
            throw refusal(
                "the scenario '\(manifest.scenario)' of \(directory) (\(file.name), SHA-256 "
                    + "\(file.sha256.prefix(12))…) is not in this folder or has changed; name it with --scenario"
            )
        }
        guard let choice = DispatchChoice(manifest.dispatch) else {
            throw refusal(
                "\(directory) was made with the dispatch method \(quoted(manifest.dispatch)), which this version lacks"
            )
        }
        // The command of the scenario's own method 'external' is part of the file, whose digest is checked.
        if case .external(let words) = choice, !words.isEmpty, !allowsExternal {
            throw refusal(
                "\(directory) names the program \(quoted(words.joined(separator: " "))), which would run with your "
                    + "rights; give --allow-external if you trust who made the directory")
        }
        let loaded = try Self.load(path, manifest.overrides, choice)
        for input in manifest.inputs {
            let now = loaded.inputs.first { $0.path == input.name }
            guard let now, FileDigest(name: now.path, bytes: now.bytes).sha256 == input.sha256 else {
                throw refusal("\(input.name) has changed since the run \(directory): run the scenario again")
            }
        }
        return loaded.template.scenario(seed: manifest.seed)
    }

    /// Searches for a file of that name and content, at most three folders down.
    private static func search(for file: FileDigest) -> String? {
        func look(_ folder: String, _ depth: Int) -> String? {
            let names =
                (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
            for name in names.sorted() where !name.hasPrefix(".") {
                let path = folder.isEmpty ? name : "\(folder)/\(name)"
                var isFolder: ObjCBool = false
                _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
                if isFolder.boolValue {
                    if depth > 0, let found = look(path, depth - 1) { return found }
                } else if name == file.name,
                    (try? FileDigest(name: name, path: path))?.sha256 == file.sha256
                {
                    return path
                }
            }
            return nil
        }
        return look("", 3)
    }
}
