import ArgumentParser
import EconomicDispatch
import Export
import Foundation
import Report
import ScenarioFile
import Simulator
import Studies
import TextFile

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a scenario by several dispatchers and tells what each cost above perfect foresight.",
        discussion: """
            Every dispatcher gets the same weather, forecasts, messages and wires. Its regret is what really \
            happened cost, less what one program over the whole scenario would have cost that knows the true \
            weather and demand and has no losses: never below zero. With --seeds N the comparison is \
            repeated for N seeds from the scenario's on, and the spread is told. The directory holds \
            report.html, comparison.csv (one line a dispatcher and seed) and timing.csv, which alone differs \
            when it is run again.

            EXAMPLES
              karst compare Scenarios/first-day/scenario.yaml
              karst compare scenario.yaml --dispatch rolling-optimum,merit-order,cycle-charging
              karst compare scenario.yaml --dispatch "merit-order,external:python3 my_dispatch.py" --seeds 5
            """)

    @Argument(help: "The scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        help: """
            Dispatchers, with commas between them: \(DispatchChoice.names.joined(separator: ", ")). \
            Default: the optimum and every rule.
            """)
    var dispatch =
        "rolling-optimum,merit-order,load-following,cycle-charging,self-consumption,peak-shaving"
    @Option(
        name: .customLong("override"),
        help: "Apply an override that the scenario file names; may be repeated, in order.")
    var overrides: [String] = []
    @Option(help: "The first seed, instead of the scenario's.")
    var seed: UInt64?
    @Option(help: "How many seeds, one after another.")
    var seeds = 1
    @Option(help: "The directory to write; it must not exist. Default: runs/<scenario>-comparison-<n>.")
    var output: String?
    @Flag(help: "No progress and no table.")
    var quiet = false

    func validate() throws {
        if output == "" { throw ValidationError("--output needs the name of a directory") }
        guard (1...1000).contains(seeds) else { throw ValidationError("--seeds must be 1 to 1000") }
        _ = try choices()
    }

    private func choices() throws -> [DispatchChoice] {
        let names = dispatch.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !names.isEmpty else { throw ValidationError("--dispatch needs the names of dispatchers") }
        var choices: [DispatchChoice] = []
        for name in names {
            guard let choice = DispatchChoice(name) else {
                throw ValidationError(
                    "--dispatch \(name): no such dispatcher; there are "
                        + DispatchChoice.names.joined(separator: ", "))
            }
            guard !choices.contains(choice) else {
                throw ValidationError("--dispatch names \(name) twice")
            }
            choices.append(choice)
        }
        return choices
    }

    func run() throws {
        let loaded = try load()
        for warning in loaded.warnings { note(warning.description) }
        let first = loaded.template.scenario(seed: seed)
        let directory =
            try output.map { try RunDirectory(at: $0) } ?? .next(for: first.name + " comparison")
        Interruption.watch()
        var rows: [ComparisonTable.Row] = []
        var clock = PlanningClock()
        for number in 0..<UInt64(seeds) {
            let used = first.seed &+ number
            var scenario = number == 0 ? first : loaded.template.scenario(seed: used)
            let hindsight = Hindsight(scenario)
            let bound = hindsight.optimum().bound
            if bound == nil { note("karst: seed \(used): the optimum in hindsight was not found; no regret") }
            for dispatcher in loaded.dispatchers {
                scenario.planning.dispatcher = dispatcher
                if !quiet { note("\(scenario.planning.dispatcher.name), seed \(used)") }
                rows.append(try play(scenario, hindsight, bound, &clock))
            }
        }
        let table = ComparisonTable(rows)
        try directory.write(ComparisonReport(first, table).html(), as: "report.html")
        try directory.write(table.csv, as: "comparison.csv")
        try directory.write(clock.csv, as: "timing.csv")
        try directory.publish()
        if !quiet {
            print(
                """
                \(first.name) · dispatchers compared, the cheapest first

                \(ComparisonText(table, seconds: clock.seconds))

                \(directory.path)/report.html
                """)
        }
        guard fflush(nil) == 0 else {
            throw ExportError("cannot write to standard output: \(String(cString: strerror(errno)))")
        }
    }

    /// Reads the files once, for all dispatchers and seeds.
    private func load() throws -> LoadedScenario {
        let choices = try choices()
        do {
            return try ScenarioFile.load(path: scenario, overrides: overrides, dispatch: choices)
        } catch {
            note(error.description)
            throw ExitCode(2)
        }
    }

    private func play(
        _ scenario: Scenario, _ hindsight: Hindsight, _ bound: Double?, _ clock: inout PlanningClock
    ) throws -> ComparisonTable.Row {
        var summary = Summary(scenario)
        var conduct = Conduct(scenario)
        var progress = quiet ? nil : Progress(total: scenario.horizon.count)
        let watch = StageWatch()
        for record in Simulation(scenario, onStage: watch.ended) {
            summary.add(record)
            conduct.take(record)
            progress?.advance(to: record.step + 1)
            if Interruption.isRequested { throw ExportError("interrupted in step \(record.step + 1)") }
        }
        clock.add(scenario, watch.dispatch)
        return ComparisonTable.Row(summary, conduct.costs(in: hindsight), bound: bound)
    }
}

/// CPU time of planning alone.
private final class StageWatch {
    private(set) var dispatch = 0.0
    private var last = StageWatch.now

    func ended(_ stage: Stage) {
        let now = Self.now
        if stage == .dispatch { dispatch += now - last }
        last = now
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// How long planning took, by dispatcher and seed.
private struct PlanningClock {
    private var lines = ["dispatch,seed,planning_cpu_s"]
    /// Mean over the seeds.
    private(set) var seconds: [String: Double] = [:]
    private var counts: [String: Double] = [:]

    mutating func add(_ scenario: Scenario, _ spent: Double) {
        let name = scenario.planning.dispatcher.name
        lines.append("\"\(name)\",\(scenario.seed),\(String(format: "%.3f", spent))")
        let count = counts[name, default: 0]
        seconds[name] = (seconds[name, default: 0] * count + spent) / (count + 1)
        counts[name] = count + 1
    }

    var csv: Data { Data(lines.map { $0 + "\n" }.joined().utf8) }
}
