public import ArgumentParser
import Export
import Foundation
import LinearAlgebra
import Report
import Results
public import ScenarioFile
import Simulator
import TextFile
import Timeline

struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Simulates a scenario and writes a directory of results.",
        discussion: """
            The directory holds report.html (open it in a browser), timeseries/*.csv with their \
            description in datapackage.json, results.sqlite, manifest.json and timing.json. A second run \
            writes the same bytes, except in timing.json.

            EXAMPLES
              karst run Scenarios/first-day/scenario.yaml
              karst run scenario.yaml --dispatch merit-order --output runs/by-rule
              karst run scenario.yaml --override bad-comms --seed 7 --quiet --json
            """)

    @OptionGroup var source: ScenarioOptions
    @Option(
        help: "New directory to write. Default: runs/<scenario>-<n>, with the next free number n.",
        transform: outputPath)
    var output: String?
    @Flag(help: "Print no progress and no summary.")
    var quiet = false
    @Flag(help: "Print the key figures as one JSON object on standard output, in place of the summary.")
    var json = false

    @Flag(help: "End with exit code 3 if a limit was violated or the power flow had no solution in a step.")
    var strict = false

    func run() throws {
        warnOfMisjudgedProcessor()
        let clock = StageClock()
        let loaded = try source.load(quiet: quiet)
        clock.ended(.reading)
        let scenario = loaded.template.scenario(seed: source.seed)
        let directory = try output.map { try RunDirectory(at: $0) } ?? .next(for: scenario.name)
        let writer = try RunWriter(
            scenario, inputs: loaded.inputs.map { FileDigest(name: $0.path, bytes: $0.bytes) }, in: directory)
        let session = RunSession(writer, clock)
        stopOnInterruption(session.stop)
        clock.ended(.preparation)
        do {
            try simulate(scenario, session)
            try session.complete()
        } catch {
            throw ExportError("\(error); \(session.fail("\(error)"))")
        }
        if json {
            try Terminal.put(try keyFigures(of: writer.summary, in: directory.path))
        } else if !quiet {
            try Terminal.show("\(Ending(writer.summary, in: directory.path))")
        }
        if strict, !writer.summary.keptAllLimits { throw ExitCode(3) }
    }

    private func simulate(_ scenario: Scenario, _ session: RunSession) throws {
        var progress = quiet ? nil : Progress(total: scenario.horizon.count)
        let told = quiet ? scenario : scenario.printingSearches()
        for record in Simulation(told, onStage: session.ended) {
            try session.take(record)
            progress?.advance(to: record.step + 1)
            try checkInterruption(after: record.step)
        }
    }

    private func keyFigures(of summary: Summary, in directory: String) throws -> String {
        let figures = summary.keyFigures.map {
            ["name": $0.name, "unit": $0.unit, "value": $0.value] as [String: Any]
        }
        let object: [String: Any] = [
            "scenario": summary.scenario.name, "directory": directory, "key_figures": figures,
        ]
        let data = try JSONSerialization.data(
            withJSONObject: object, options: [.prettyPrinted, .sortedKeys])
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// OpenBLAS treats a processor it does not know as the oldest one it knows, and is then several times
    /// slower.
    private func warnOfMisjudgedProcessor() {
        guard BLAS.coreName == "Prescott",
            let processor = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
            processor.contains(" avx2 ")
        else { return }
        note(
            "karst: results are right, but slower than they could be: OpenBLAS does not recognise this processor; "
                + "set OPENBLAS_CORETYPE=Haswell (with AVX-512: SkylakeX), as `make run` does")
    }
}

/// The scenario file and the options that change it.
struct ScenarioOptions: ParsableArguments {
    @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
    var scenario: String
    @Option(
        name: .customLong("override"),
        help: "Apply this override of the scenario file. May be repeated; applied in order.")
    var overrides: [String] = []
    @Option(
        help: """
            Dispatch method: \(DispatchChoice.names.joined(separator: ", ")). Default: the scenario's.
            """)
    var dispatch: DispatchChoice?
    @Option(help: "Random seed. Default: the scenario's `seed`.")
    var seed: UInt64?

    /// Reads the scenario. Prints every mistake to standard error; the exit code is then 2.
    func load(quiet: Bool = false) throws -> LoadedScenario {
        let loaded = try LoadedScenario.read(scenario, overrides, [dispatch].compactMap(\.self), quiet: quiet)
        note(loaded.warnings)
        return loaded
    }
}

extension DispatchChoice: ExpressibleByArgument {
    /// Reads the name of a method, or `external:COMMAND`; nil where neither is meant.
    public init?(argument: String) { self.init(argument) }
}

/// Prints one line to standard error.
func note(_ text: String) {
    Terminal.note(text)
}

/// Prints warnings to standard error: the first sixty, then how many more there are.
func note(_ warnings: [FileMistake]) {
    if !warnings.isEmpty { note(FileMistake.list(warnings)) }
}
