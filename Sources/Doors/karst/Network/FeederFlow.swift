public import ArgumentParser
import Export
import FeederFile
import Foundation
import Grid
import LinearAlgebra
import PowerFlow
import TextFile
import UnbalancedPowerFlow

/// What `karst powerflow` does with a feeder: an OpenDSS script, or a folder of tables with a profile.
extension PowerFlowCommand {
    /// Solves a script, for one state or over its load shapes or a profile. Whether every state has a
    /// solution.
    func solveScript() throws -> Bool {
        if method != .automatic || ignoreReactiveLimits || shareRemainder {
            throw ValidationError(
                "--method, --ignore-reactive-limits and --share-remainder are not for feeders")
        }
        if profile != nil, shapes != nil {
            throw ValidationError("--profile and --shapes are two sources of one demand; choose one")
        }
        let script = try told { () throws(FileMistakes) in
            try OpenDSSFile.load(path: source.path, root: root, cycle: shapes)
        }
        if !quiet { note(script.warnings) }
        if let demand = script.demand {
            return try solveSeries(
                script.name, script.feeder, demand, labels: (1...demand.steps).map(String.init),
                labelName: "step")
        }
        return try profile.map { try solveProfile(script.name, script.feeder, $0) }
            ?? solveState(script.name, script.feeder)
    }

    /// Solves a feeder over a profile.
    func solveProfile(_ name: String, _ feeder: Feeder, _ path: String) throws -> Bool {
        let profile = try told { () throws(FileMistakes) in
            try FeederProfile.read(path: path, for: feeder, interval: interval)
        }
        return try solveSeries(
            name, profile.feeder, profile.demand, labels: profile.labels, labelName: profile.labelName)
    }

    private func solveState(_ name: String, _ feeder: Feeder) throws -> Bool {
        if output?.hasSuffix(".sqlite") ?? false {
            throw ValidationError("for an OpenDSS script --output must be a new CSV file")
        }
        let file = try output.map { try NewFile(at: $0) }
        let solver = try checked { () throws(FeederMistakes) in
            try FeederPowerFlow(feeder: feeder, tolerance: tolerance)
        }
        let summary = FeederSummary(name: name, feeder: feeder, point: solver.solve())
        if summary.point.status.isSolved { try file?.write(Data(summary.csv.utf8)) }
        if json {
            try Terminal.put(try summary.json + "\n")
        } else if !quiet {
            try Terminal.show(summary.text)
        }
        return summary.point.status.isSolved
    }

    private func solveSeries(
        _ name: String, _ feeder: Feeder, _ demand: DemandSeries, labels: [String], labelName: String
    ) throws -> Bool {
        let nodes = feeder.nodes
        let files = try output.map {
            try FeederSeriesFiles(
                at: $0, label: labelName, nodes: nodes.map { "\(feeder.buses[$0.bus].name).\($0.conductor)" },
                controls: FeederSeriesSummary.controls(feeder))
        }
        let solver = try checked { () throws(FeederMistakes) in
            try FeederTimeSeries(feeder: feeder, tolerance: tolerance, workers: workers)
        }
        var summary = FeederSeriesSummary(name, feeder, interval: demand.interval)
        var failure: (any Error)?
        solver.solve(demand) { states in
            for step in states.steps where failure == nil {
                let source = feeder.sources.indices.reduce((0.0, 0.0)) { sum, index in
                    let power = states.power(source: index, step)
                    return (sum.0 + power.real / 1000, sum.1 + power.imaginary / 1000)
                }
                let lines = feeder.lines.indices.reduce(0) { $0 + states.loss(line: $1, step) }
                let losses = feeder.transformers.indices.reduce(lines) {
                    $0 + states.loss(transformer: $1, step)
                }
                let positions = FeederSeriesSummary.positions(feeder, states, step)
                summary.add(
                    states, step, label: labels[step], kilowatts: source.0, losses: losses / 1000,
                    positions: positions)
                let row = FeederSeriesFiles.Step(
                    label: labels[step], status: states.status(step).rawValue,
                    isSolved: states.status(step).isSolved,
                    voltages: nodes.indices.map { states.magnitude($0, step) },
                    powers: [source.0, source.1, losses / 1000], positions: positions)
                do { try files?.append(row) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        try files?.publish()
        if json {
            try Terminal.put(try summary.json + "\n")
        } else if !quiet {
            try Terminal.show(summary.text)
        }
        return summary.unsolved == 0
    }

    /// The solver that `make` makes. Prints what is wrong with the feeder; the exit code is then 2.
    func checked<Solver>(_ make: () throws(FeederMistakes) -> Solver) throws -> Solver {
        do {
            return try make()
        } catch {
            for mistake in error.all {
                note("\(source.path): error: \(mistake.name) \(mistake.kind.rawValue)")
            }
            throw ExitCode(2)
        }
    }
}

extension LoadedScript.Cycle: ExpressibleByArgument {}
