import ArgumentParser
import EconomicDispatch
import Export
import Foundation
import Grid
import Optimization
import Report
import ScenarioFile
import Simulator
import Timeline

struct Explain: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Says why a step was dispatched as it was: what binds, what makes the price, what more is worth.",
        discussion: """
            Of a run directory the scenario is looked for below the folder one stands in (or named by \
            --scenario), and must be what it was. The run is played again up to the step, and the plan then \
            in force is explained: the marginal price and who moves for one more kWh, which limits bind, \
            what one more kW of each device would be worth, and, where load is not served, who lacks how \
            much and what would cure it. Powers are those of the plan; what really happened differs by \
            forecast errors, lost messages and the wires.

            EXAMPLES
              karst explain runs/first-day-1 --at 2026-07-15T18:15
              karst explain Scenarios/first-day/scenario.yaml --at 2026-07-15T18:15 --dispatch merit-order
            """)

    @Argument(help: ArgumentHelp("A run directory, or a scenario file.", valueName: "run"))
    var explained: String
    @Option(help: "A time within the step: 2026-07-15T18:15, by the clock of the scenario's zone.")
    var at: String
    @Option(help: "Where the plans know areas: whose price; else that of the connection.")
    var area: String?
    @Option(help: "Of a run directory: the scenario file that made it.")
    var scenario: String?
    @Option(
        name: .customLong("override"),
        help: "Of a scenario: apply an override that it names; may be repeated.")
    var overrides: [String] = []
    @Option(help: "Of a scenario: dispatch by this method.")
    var dispatch: DispatchChoice?
    @Option(help: "Of a scenario: the seed of all chance.")
    var seed: UInt64?
    @Flag(help: "No progress.")
    var quiet = false

    func run() throws {
        let scenario = try load()
        let step = try self.step(in: scenario)
        let area = try self.area(in: scenario)
        let plan = try plan(of: scenario, until: step)
        let at = scenario.horizon[step].start.seconds(since: plan.horizon.start) / plan.horizon.step
        guard let explanation = Explanation(plan, at: at, in: area) else {
            throw ExportError("the problem of this step could not be solved again, so it cannot be explained")
        }
        print(ExplanationText(scenario, explanation, conflict(in: explanation)))
    }

    /// Where load is not served: why, by HiGHS, if it is on this machine.
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
            throw refusal("\(explained): there is no such run directory or scenario")
        }
        if isFolder.boolValue {
            guard overrides.isEmpty, dispatch == nil, seed == nil else {
                throw refusal("a run is explained as it was: give no --override, --dispatch or --seed")
            }
            return try PastRun(directory: explained).scenario(at: scenario)
        }
        return try PastRun.load(explained, overrides, dispatch).template.scenario(seed: seed)
    }

    private func step(in scenario: Scenario) throws -> Int {
        let horizon = scenario.horizon
        let text = at.replacing(" ", with: "T")
        guard let civil = CivilTime(iso8601: text), let instant = scenario.zone.instant(civil) else {
            throw refusal(
                "--at \(at): no time of \(scenario.zone.name); it is written 2026-07-15T18:15, without an offset"
            )
        }
        let step = instant.seconds(since: horizon.start)
        guard step >= 0, instant < horizon.end else {
            let (first, last) = (
                scenario.zone.iso8601(horizon.start), scenario.zone.iso8601(horizon.end)
            )
            throw refusal("--at \(at) is outside the run, which goes from \(first) to \(last)")
        }
        return step / horizon.step
    }

    private func area(in scenario: Scenario) throws -> Int {
        guard let area else { return scenario.connectionArea }
        let names = scenario.planning.rules.areas?.names ?? []
        guard let place = names.firstIndex(of: area) else {
            throw refusal(
                names.isEmpty
                    ? "--area \(area): the plans of this scenario know no areas"
                    : "--area \(area): there is none; there are \(names.joined(separator: ", "))")
        }
        return place
    }

    /// The plan in force in `step`.
    private func plan(of scenario: Scenario, until step: Int) throws -> Plan {
        var plan: Plan?
        var progress = quiet ? nil : Progress(total: step + 1)
        for record in Simulation(scenario) {
            plan = record.plan ?? plan
            progress?.advance(to: record.step + 1)
            if record.step == step { break }
        }
        guard let plan else { throw ExportError("no plan was made until then") }
        return plan
    }
}

/// Wrong input, told; the exit code is 2.
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
        else { throw refusal("\(directory) is no run directory: it has no manifest.json that can be read") }
        self.manifest = manifest
    }

    static func load(_ path: String, _ overrides: [String], _ dispatch: DispatchChoice?) throws
        -> LoadedScenario
    {
        do {
            return try ScenarioFile.load(
                path: path, overrides: overrides, dispatch: [dispatch].compactMap(\.self))
        } catch {
            note(error.description)
            throw ExitCode(2)
        }
    }

    /// As it was when it ran; `path` where the user names the file.
    func scenario(at path: String?) throws -> Scenario {
        guard let file = manifest.inputs.first else {
            throw refusal("\(directory)/manifest.json names no scenario file")
        }
        guard let path = path ?? Self.search(for: file) else {
            throw refusal(
                "the scenario '\(manifest.scenario)' that made \(directory) (\(file.name), SHA-256 "
                    + "\(file.sha256.prefix(12))…) is not below this folder, or has changed; name it with --scenario"
            )
        }
        guard let choice = DispatchChoice(manifest.dispatch) else {
            throw refusal(
                "\(directory) was dispatched by '\(manifest.dispatch)', which this karst does not know")
        }
        let loaded = try Self.load(path, manifest.overrides, choice)
        for input in manifest.inputs {
            let now = loaded.inputs.first { $0.path == input.name }
            guard let now, FileDigest(name: now.path, contents: Data(now.bytes)).sha256 == input.sha256 else {
                throw refusal("\(input.name) has changed since \(directory) was made: run the scenario again")
            }
        }
        return loaded.template.scenario(seed: manifest.seed)
    }

    /// A file of that name and those bytes, three folders down at most.
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
