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
        abstract: "Solves the power flow of a case file, for one state or for a time series.",
        discussion: """
            A case is a MATPOWER file (.m), a network written by pandapower's to_json (.json), or a folder \
            of SimBench tables. A folder with source.csv is a three-phase feeder: its tables and columns are \
            in docs/power-flow.md.

            A file that ends in .dss is a script in the language of OpenDSS: the feeder that it leaves when \
            it ends is solved, with its regulators and switched capacitors; --shapes follows its load \
            shapes. What is read of the language is in docs/power-flow.md.

            A profile is a CSV file with one row per step and columns NAME_kw, NAME_kvar or NAME_scale. NAME \
            is a load, a generator, or a bus (all its loads together). A first column `time` or `step` is \
            copied to the results. Powers without a column keep the values of the case. Exit code 1: a step \
            has no solution.

            EXAMPLES
              karst powerflow case33bw.m
              karst powerflow case118.m --output results.sqlite
              karst powerflow feeder.json --profile year.csv --output voltages
              karst powerflow case33bw.m --controls controls.yaml --profile year.csv
              karst powerflow Tests/Golden/casefile/simbench --profiles
              karst powerflow Tests/Golden/unbalanced/ieee13
              karst powerflow Tests/Golden/opendss/secondaries.dss
              karst powerflow Tests/Golden/opendss/utility.dss --shapes yearly
            """)

    @OptionGroup var source: CaseOptions
    @Option(help: "Profile, a CSV file. Voltages are written to voltages.csv in --output. Default: none.")
    var profile: String?
    @Flag(
        help: """
            Follow the year profiles that a folder of SimBench tables holds (LoadProfile.csv, \
            RESProfile.csv, PowerPlantProfile.csv, StorageProfile.csv).
            """)
    var profiles = false
    @Option(
        help: """
            Controls of a balanced case, a YAML file: tap changers, switched capacitors, Volt-VAR and \
            Volt-Watt inverters, loads that depend on voltage. Its keys are in docs/power-flow.md. Default: \
            none.
            """)
    var controls: String?
    @Option(help: "Solution method: automatic (by the network), newton or sweep.")
    var method: PowerFlowSolver.Method = .automatic
    @Option(help: "Largest power mismatch of a solution, p.u. of the base power, above 0 and at most 1.")
    var tolerance = 1e-8
    @Flag(help: "Ignore reactive limits of generators, as MATPOWER does by default.")
    var ignoreReactiveLimits = false
    @Flag(
        help: """
            Share the active power balance among sources and generators (distributed slack) by the weights \
            of the file (slack_weight, APF), or else by their largest powers.
            """)
    var shareRemainder = false
    @Option(help: "Number of threads for a profile, 1 to 1024.")
    var workers = 1
    @Option(
        help: """
            New directory for bus.csv and branch.csv, or a new file that ends in .sqlite, for one state; new \
            directory for voltages.csv with --profile (with --controls and of a feeder also steps.csv, with \
            --shapes too); new \
            CSV file for one state of a three-phase feeder. Of one state without a solution nothing is \
            written. Default: none.
            """, transform: outputPath)
    var output: String?
    @Option(
        help: """
            Folder that holds every file an OpenDSS script reads; a script reads no file outside. Default: \
            the folder of the script.
            """)
    var root: String?
    @Option(
        help: """
            Follow the load shapes of an OpenDSS script: daily, or yearly (daily ones where an element has \
            no yearly one), for as many steps as the longest has. Default: one state at nominal power.
            """)
    var shapes: LoadedScript.Cycle?
    @Option(
        help: """
            Length of a step of the --profile of a feeder or with --controls, s. Longer delays of controls \
            last several steps.
            """)
    var interval = 900.0
    @Flag(help: "Print no summary.")
    var quiet = false
    @Flag(help: "Print the summary as JSON on standard output.")
    var json = false

    func validate() throws {
        guard tolerance > 0, tolerance <= 1 else {
            throw ValidationError("--tolerance must be above 0 and at most 1")
        }
        guard (1...1024).contains(workers) else { throw ValidationError("--workers must be 1 to 1024") }
        guard interval > 0, interval <= 1e9 else { throw ValidationError("--interval must be above 0") }
        if profile != nil, profiles {
            throw ValidationError("--profile and --profiles are two sources of one demand; choose one")
        }
        let isSeries = profile != nil || profiles
        if isSeries, ignoreReactiveLimits || shareRemainder {
            throw ValidationError("--ignore-reactive-limits and --share-remainder do not work with profiles")
        }
        if isSeries, output?.hasSuffix(".sqlite") ?? false {
            throw ValidationError("with profiles, --output must be a new directory")
        }
    }

    func run() throws {
        let isFeeder = OpenDSSFile.isScript(source.path) || FeederFolder.isFeeder(at: source.path)
        if isFeeder, controls != nil || profiles {
            throw ValidationError(
                "--controls and --profiles are for balanced cases; a feeder has its controls in its own files, and "
                    + "a script its load shapes (--shapes)")
        }
        if OpenDSSFile.isScript(source.path) {
            guard try solveScript() else { throw ExitCode(1) }
            return
        }
        guard root == nil, shapes == nil else {
            throw ValidationError("--root and --shapes are for OpenDSS scripts, which end in .dss")
        }
        if FeederFolder.isFeeder(at: source.path) {
            guard try solveFeeder() else { throw ExitCode(1) }
            return
        }
        let networkCase = try source.load()
        let injections = networkCase.injections
        let isDependent = injections.constantCurrent != nil || injections.constantImpedance != nil
        if controls != nil || isDependent && (profile != nil || profiles) {
            guard try solveControlled(networkCase) else { throw ExitCode(1) }
            return
        }
        let isSolved =
            profile == nil && !profiles ? try solvePoint(networkCase) : try solveProfile(networkCase)
        guard isSolved else { throw ExitCode(1) }
    }

    private func solveFeeder() throws -> Bool {
        if method != .automatic || ignoreReactiveLimits || shareRemainder {
            throw ValidationError(
                "--method, --ignore-reactive-limits and --share-remainder are not for feeders")
        }
        if json, profile == nil {
            throw ValidationError("for one state of a three-phase feeder --json does not work")
        }
        if output?.hasSuffix(".sqlite") ?? false {
            throw ValidationError("for a three-phase feeder --output must be a new CSV file")
        }
        let feeder = try told { () throws(FileMistakes) in try FeederFolder.load(path: source.path) }
        note(feeder.warnings)
        let network = feeder.network
        if let profile {
            let name = URL(fileURLWithPath: source.path).lastPathComponent
            return try solveProfile(name, network.feeder, profile)
        }
        let file = try output.map { try NewFile(at: $0) }
        let solver = try checked { () throws(FeederMistakes) in
            try UnbalancedPowerFlowSolver(network: network, tolerance: tolerance)
        }
        let name = URL(fileURLWithPath: source.path).lastPathComponent
        let summary = ThreePhaseSummary(name: name, network: network, point: solver.solve())
        if summary.point.status.isSolved { try file?.write(Data(summary.csv.utf8)) }
        if !quiet { try Terminal.show(summary.text) }
        return summary.point.status.isSolved
    }

    private func solvePoint(_ networkCase: NetworkCase) throws -> Bool {
        let network = networkCase.network
        let files = try output.map { try PowerFlowFiles(at: $0) }
        let solver = PowerFlowSolver(
            network: network, method: method, tolerance: tolerance,
            keepsReactiveLimits: !ignoreReactiveLimits, sharesRemainder: shareRemainder)
        var point = OperatingPoint(
            buses: network.buses.count, branches: network.branches.count, regulators: network.regulators.count
        )
        solver.solve(networkCase.injections, into: &point)
        let result = PowerFlowResult(networkCase, point)
        if point.status.isSolved { try files?.write(result) }
        let summary = PointSummary(result)
        if json {
            try Terminal.put(try summary.json + "\n")
        } else if !quiet {
            try Terminal.show(summary.text)
        }
        return point.status.isSolved
    }

    /// The profiles of the case itself, where they are asked for.
    func ownProfiles(_ networkCase: NetworkCase) throws -> CaseProfiles? {
        guard profiles else { return nil }
        guard !source.path.hasSuffix(".m"), !source.path.hasSuffix(".json") else {
            throw ValidationError("--profiles is for a folder of SimBench tables")
        }
        return try told { () throws(FileMistakes) in
            try CaseProfiles.simbench(folder: source.path, for: networkCase)
        }
    }

    private func solveProfile(_ networkCase: NetworkCase) throws -> Bool {
        let own = try ownProfiles(networkCase)
        let profile = try told { () throws(FileMistakes) in
            if let own { return try Profile(own, of: networkCase) }
            return try ProfileFile.read(path: self.profile ?? "", for: networkCase)
        }
        note(profile.warnings)
        let files = try output.map { try PowerFlowFiles(at: $0) }
        let solver = TimeSeriesPowerFlow(
            network: networkCase.network, method: method, tolerance: tolerance, workers: workers)
        let voltages = solver.solve(profile.series)
        try files?.write(
            voltages, labels: profile.labels, labelName: profile.labelName, of: networkCase)
        let summary = SeriesSummary(networkCase, profile, voltages)
        if json {
            try Terminal.put(try summary.json + "\n")
        } else if !quiet {
            try Terminal.show(summary.text)
        }
        return summary.unsolved == 0
    }
}

/// The case file.
struct CaseOptions: ParsableArguments {
    @Argument(
        help: """
            Case: MATPOWER .m, pandapower .json, a folder of SimBench tables; for 'karst powerflow' also a \
            folder of feeder tables or an OpenDSS script .dss.
            """,
        completion: .file(extensions: ["m", "json", "dss"]))
    var path: String

    /// Reads the case, with `needsCosts` one without mistakes in its costs. Prints every mistake to standard
    /// error; the exit code is then 2.
    func load(needsCosts: Bool = false) throws -> NetworkCase {
        if FeederFolder.isFeeder(at: path) || OpenDSSFile.isScript(path) {
            note("\(path): error: this is a three-phase feeder, which only 'karst powerflow' can solve")
            throw ExitCode(2)
        }
        let tables = try? FileManager.default.contentsOfDirectory(atPath: path)
        if let tables, !tables.contains("Node.csv") {
            note(
                "\(path): error: the folder has neither Node.csv, as cases of SimBench have, nor source.csv, as "
                    + "three-phase feeders have")
            throw ExitCode(2)
        }
        let loaded = try told { () throws(FileMistakes) in
            let loaded = try CaseFile.load(path: path)
            if needsCosts, !loaded.costMistakes.isEmpty { throw FileMistakes(loaded.costMistakes) }
            return loaded
        }
        note(loaded.warnings)
        return loaded.networkCase
    }
}

/// The value that `read` returns. Prints its mistakes to standard error; the exit code is then 2.
func told<Value>(_ read: () throws(FileMistakes) -> Value) throws -> Value {
    do {
        return try read()
    } catch {
        note(error.description)
        throw ExitCode(2)
    }
}

extension PowerFlowSolver.Method: ExpressibleByArgument {}
