public import ArgumentParser
import CaseFile
import Export
import FeederFile
import Foundation
import Grid
public import PowerFlow
import ProfileFile
import TextFile
import UnbalancedPowerFlow

struct PowerFlowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "powerflow",
        abstract: "Solves the power flow of a case file, or of a case and a profile of many steps.",
        discussion: """
            A case is a MATPOWER file (.m), a network that pandapower's to_json wrote (.json), or a folder \
            of SimBench tables. A profile is a \
            CSV file with a row for each step, and columns NAME_kw, NAME_kvar or NAME_scale, where NAME is a \
            load, a generator, or a bus whose loads are meant; a first column `time` or `step` is carried \
            over. What has no column stays as in the case. Exit code 1: a step has no solution.

            EXAMPLES
              karst powerflow case33bw.m
              karst powerflow case118.m --output results.sqlite
              karst powerflow feeder.json --profile year.csv --output voltages
              karst powerflow Tests/Golden/unbalanced/ieee13
            """)

    @OptionGroup var source: CaseOptions
    @Option(help: "A profile; its voltages go to voltages.csv in --output.")
    var profile: String?
    @Option(help: "automatic, newton or sweep.")
    var method: PowerFlowSolver.Method = .automatic
    @Option(help: "Largest power mismatch of a solution, as a fraction of the case's base power.")
    var tolerance = 1e-8
    @Flag(help: "Hold voltages at any reactive power, as MATPOWER does unless told otherwise.")
    var ignoreReactiveLimits = false
    @Flag(help: "Sources and regulators share the remainder in proportion to their participation.")
    var shareRemainder = false
    @Option(help: "Threads for a profile.")
    var workers = 1
    @Option(help: "A new directory for bus.csv and branch.csv, or a new file that ends in .sqlite.")
    var output: String?
    @Flag(help: "No summary.")
    var quiet = false
    @Flag(help: "Print the summary as JSON.")
    var json = false

    func validate() throws {
        guard tolerance > 0, tolerance <= 1 else {
            throw ValidationError("--tolerance is above 0 and at most 1")
        }
        guard (1...1024).contains(workers) else { throw ValidationError("--workers is 1 to 1024") }
        if profile != nil, ignoreReactiveLimits || shareRemainder {
            throw ValidationError("--ignore-reactive-limits and --share-remainder are not for a --profile")
        }
        if profile != nil, output?.hasSuffix(".sqlite") ?? false {
            throw ValidationError("with --profile, --output is a directory")
        }
    }

    func run() throws {
        if FileManager.default.fileExists(atPath: "\(source.path)/source.csv") {
            guard try solveFeeder() else { throw ExitCode(1) }
            return
        }
        let networkCase = try source.load()
        let isSolved = try profile.map { try solveProfile(networkCase, $0) } ?? solvePoint(networkCase)
        guard isSolved else { throw ExitCode(1) }
    }

    private func solveFeeder() throws -> Bool {
        if profile != nil || json || method != .automatic || ignoreReactiveLimits || shareRemainder {
            throw ValidationError("of a three-phase feeder only --tolerance, --output and --quiet are meant")
        }
        let network = try told { () throws(FileMistakes) in try FeederFolder.network(at: source.path) }
        let solver: UnbalancedPowerFlowSolver
        do {
            solver = try UnbalancedPowerFlowSolver(network: network, tolerance: tolerance)
        } catch {
            for mistake in error.all {
                note("\(source.path): error: \(mistake.name) \(mistake.kind.rawValue)")
            }
            throw ExitCode(2)
        }
        let name = URL(fileURLWithPath: source.path).lastPathComponent
        let summary = FeederSummary(name: name, network: network, point: solver.solve())
        if let output, summary.point.status.isSolved {
            try NewFile.write(Data(summary.csv.utf8), to: output)
        }
        if !quiet { print(summary.text) }
        return summary.point.status.isSolved
    }

    private func solvePoint(_ networkCase: NetworkCase) throws -> Bool {
        let network = networkCase.network
        let solver = PowerFlowSolver(
            network: network, method: method, tolerance: tolerance,
            heedsReactiveLimits: !ignoreReactiveLimits, sharesRemainder: shareRemainder)
        var point = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count, regulators: network.regulators.count
        )
        solver.solve(networkCase.injections, into: &point)
        let result = PowerFlowResult(networkCase, point)
        if let output, point.status.isSolved { try PowerFlowFiles.write(result, to: output) }
        let summary = PointSummary(result)
        if json {
            print(try summary.json)
        } else if !quiet {
            print(summary.text)
        }
        return point.status.isSolved
    }

    private func solveProfile(_ networkCase: NetworkCase, _ path: String) throws -> Bool {
        let profile = try told { () throws(FileMistakes) in try ProfileFile.read(path: path, for: networkCase)
        }
        let solver = TimeSeriesPowerFlow(
            network: networkCase.network, method: method, tolerance: tolerance, workers: workers)
        let voltages = solver.solve(profile.series)
        if let output {
            try PowerFlowFiles.write(
                voltages, labels: profile.labels, labelName: profile.labelName,
                buses: networkCase.network.buses,
                to: output)
        }
        let summary = SeriesSummary(networkCase, profile, voltages)
        if json {
            print(try summary.json)
        } else if !quiet {
            print(summary.text)
        }
        return summary.unsolved == 0
    }
}

/// Which case file.
struct CaseOptions: ParsableArguments {
    @Argument(
        help: "The case: MATPOWER .m, pandapower .json, or a folder of SimBench tables.",
        completion: .file(extensions: ["m", "json"]))
    var path: String

    /// Reads it; tells every mistake and exits with 2 when there is one.
    func load() throws -> NetworkCase {
        let loaded = try told { () throws(FileMistakes) in try CaseFile.load(path: path) }
        for warning in loaded.warnings { note(warning.description) }
        return loaded.networkCase
    }
}

/// What `read` gives; its mistakes go to standard error, and the exit code is then 2.
func told<Value>(_ read: () throws(FileMistakes) -> Value) throws -> Value {
    do {
        return try read()
    } catch {
        note(error.description)
        throw ExitCode(2)
    }
}

extension PowerFlowSolver.Method: ExpressibleByArgument {}
