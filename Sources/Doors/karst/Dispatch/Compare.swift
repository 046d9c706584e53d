import ArgumentParser
import Clearing
import EconomicDispatch
import Export
import Foundation
import Planning
import Report
import Results
import ScenarioFile
import Scheduling
import Simulator
import Studies
import TextFile

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a scenario with several dispatchers and compares their costs with perfect foresight.",
        discussion: """
            All dispatchers run on the same weather, forecasts, communication and network. The regret of a \
            dispatcher is the actual cost of its run minus the cost of perfect foresight: one optimization \
            over the whole scenario with the true weather and demand and without losses. It is never below \
            zero. Where each step is cleared on what is measured, dispatchers that plan an optimum run \
            twice: on the means of the step itself (sees step) and on those of the step before (sees last). \
            What devices can do that measure within the step lies between. With --seeds N the comparison is \
            repeated for N seeds, and the spread is printed. The \
            directory holds report.html, comparison.csv (one row per dispatcher and seed) and timing.csv \
            (CPU time of planning; the only file that differs in a second run).

            EXAMPLES
              karst compare Scenarios/first-day/scenario.yaml
              karst compare scenario.yaml --dispatch rolling-optimum,merit-order --seeds 5
              karst compare scenario.yaml --dispatch "external:python3 my_dispatch.py"
            """)

    @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        help: """
            Dispatch methods, separated by commas: \(DispatchChoice.names.joined(separator: ", ")).
            """)
    var dispatch =
        "rolling-optimum,merit-order,load-following,cycle-charging,self-consumption,peak-shaving"
    @Option(
        name: .customLong("override"),
        help: "Apply this override of the scenario file. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(help: "First random seed. Default: the scenario's `seed`.")
    var seed: UInt64?
    @Option(help: "Number of random seeds, counted up from the first.")
    var seeds = 1
    @Option(
        help: "New directory to write. Default: runs/<scenario>-comparison-<n>.", transform: outputPath)
    var output: String?
    @Flag(help: "Print no progress and no table.")
    var quiet = false

    func validate() throws {
        guard (1...1000).contains(seeds) else { throw ValidationError("--seeds must be 1 to 1000") }
        _ = try choices()
    }

    private func choices() throws -> [DispatchChoice] {
        let names = dispatch.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        guard !names.isEmpty else {
            throw ValidationError("--dispatch needs the names of dispatch methods, separated by commas")
        }
        var choices: [DispatchChoice] = []
        for name in names {
            guard let choice = DispatchChoice(name) else {
                throw ValidationError(
                    "--dispatch \(name): unknown method; the methods are "
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
        let loaded = try LoadedScenario.read(scenario, overrides, choices(), quiet: quiet)
        note(loaded.warnings)
        let first = loaded.template.scenario(seed: seed)
        let directory =
            try output.map { try RunDirectory(at: $0) } ?? .next(for: first.name + " comparison")
        directory.isRemovedOnInterruption()
        var rows: [ComparisonTable.Row] = []
        var clock = PlanningClock()
        for number in 0..<UInt64(seeds) {
            let used = first.seed &+ number
            var scenario = number == 0 ? first : loaded.template.scenario(seed: used)
            let hindsight = Hindsight(scenario)
            let bound = hindsight.optimum().bound
            if bound == nil {
                note(
                    "karst: seed \(used): no solution with perfect foresight was found, so there is no regret"
                )
            }
            for (dispatcher, clearing) in variants(loaded.dispatchers, first.planning.clearing) {
                (scenario.planning.dispatcher, scenario.planning.clearing) = (dispatcher, clearing)
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
            try Terminal.show(
                """
                \(first.name) · dispatchers, ordered by cost

                \(ComparisonText(table, seconds: clock.seconds))

                \(directory.path)/report.html
                """)
        }
    }

    /// The dispatchers, and once more those whose steps are cleared at the worth of stored energy, with the
    /// other of the two things that a clearing may see.
    private func variants(_ dispatchers: [DispatcherMaker], _ clearing: ClearingSettings)
        -> [(DispatcherMaker, ClearingSettings)]
    {
        dispatchers.flatMap { maker in
            let clears = clearing.method == .tree && DispatchMethod(rawValue: maker.name)?.exchanges == true
            guard clears else { return [(maker, clearing)] }
            var other = clearing
            other.sees = clearing.sees == .step ? .last : .step
            let name = "\(maker.name), sees \(other.sees.rawValue)"
            return [(maker, clearing), (DispatcherMaker(name: name, make: maker.make), other)]
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
            try checkInterruption(after: record.step)
        }
        clock.add(scenario, watch.dispatch)
        return ComparisonTable.Row(summary, conduct.costs(in: hindsight), bound: bound)
    }
}

/// Measures the CPU time of planning.
private final class StageWatch {
    private(set) var dispatch = 0.0
    private var last = StageWatch.now

    func ended(_ stage: Stage) {
        let now = Self.now
        if stage == .dispatch || stage == .clearing { dispatch += now - last }
        last = now
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// CPU time of planning by dispatcher and seed, s.
private struct PlanningClock {
    private var lines = ["dispatch,seed,planning_cpu_s"]
    /// Mean over the seeds.
    private(set) var seconds: [String: Double] = [:]
    private var counts: [String: Double] = [:]

    mutating func add(_ scenario: Scenario, _ spent: Double) {
        let name = scenario.planning.dispatcher.name
        lines.append("\(CSVText.cell(name)),\(scenario.seed),\(String(format: "%.3f", spent))")
        let count = counts[name, default: 0]
        seconds[name] = (seconds[name, default: 0] * count + spent) / (count + 1)
        counts[name] = count + 1
    }

    var csv: Data { Data(lines.map { $0 + "\n" }.joined().utf8) }
}
