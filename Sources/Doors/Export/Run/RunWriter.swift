import EconomicDispatch
import Forecasting
public import Foundation
import Planning
public import Results
import Scheduling
public import Simulator

/// Writes a run into its directory, record by record.
///
///     let writer = try RunWriter(scenario)
///     do {
///         for record in Simulation(scenario) { try writer.take(record) }
///         try writer.finish()
///         try writer.add(RunReport(writer.summary).html(), as: "report.html")
///         try writer.publish()
///     } catch {
///         try writer.fail("\(error)")
///     }
public final class RunWriter {
    /// Results of the records so far.
    public private(set) var summary: Summary
    /// Where the run is written.
    public let directory: RunDirectory
    private let build: Manifest.Build
    private let inputs: [FileDigest]
    private var tables: RecordTables

    /// Opens the CSV files. `inputs` are the files the scenario was made of, named relative to its folder.
    /// - Parameter directory: nil: `RunDirectory.next`, in `runs`.
    public init(
        _ scenario: Scenario, build: Manifest.Build = .current, inputs: [FileDigest] = [],
        in directory: RunDirectory? = nil
    ) throws(ExportError) {
        self.directory = if let directory { directory } else { try .next(for: scenario.name) }
        self.build = build
        self.inputs = inputs
        summary = Summary(scenario)
        try self.directory.makeFolder("timeseries")
        tables = try RecordTables(scenario, in: self.directory.staging)
    }

    /// Writes the record of the next step.
    public func take(_ record: Record) throws(ExportError) {
        let facts = summary.add(record)
        try tables.write(record, facts)
    }

    /// After the last record: closes the series, describes them, and writes the database.
    public func finish() throws(ExportError) {
        try tables.close()
        try directory.sync("timeseries")
        let forecast = try ForecastTable.write(summary.forecasts, in: directory.staging)
        let package = DataPackage(title: summary.scenario.name, tables: tables.tables + [forecast])
        try directory.write(package.json(), as: "datapackage.json")
        try Database.write(summary, to: directory.staging + "/results.sqlite")
        try directory.sync("results.sqlite")
    }

    /// Adds a whole file, such as the report.
    public func add(_ contents: Data, as name: String) throws(ExportError) {
        try directory.write(contents, as: name)
    }

    /// Makes the directory appear under its name, complete; without `timing` there is no `timing.json`.
    public func publish(_ timing: Timing? = nil) throws(ExportError) {
        try seal(.complete, reason: nil, timing)
    }

    /// Makes it appear marked as failed, with all that was written until then; where not even the manifest
    /// finds room beside that, with the manifest alone.
    public func fail(_ reason: String, _ timing: Timing? = nil) throws(ExportError) {
        do throws(ExportError) {
            try tables.close()
            try seal(.failed, reason: reason, timing)
        } catch {
            try directory.clear()
            try seal(.failed, reason: reason, timing)
        }
    }

    private func seal(_ status: Manifest.Status, reason: String?, _ timing: Timing?) throws(ExportError) {
        let scenario = summary.scenario
        var outputs: [FileDigest] = []
        for name in directory.files {
            outputs.append(try FileDigest(name: name, path: directory.staging + "/" + name))
        }
        let manifest = Manifest(
            status: status, reason: reason, build: build, scenario: scenario.name,
            overrides: scenario.overrides, seed: scenario.seed,
            dispatch: scenario.planning.dispatcher.name, forecast: scenario.planning.forecast.name,
            steps: summary.steps, inputs: inputs, outputs: outputs)
        if let timing { try directory.write(timing.json(), as: "timing.json") }
        try directory.write(manifest.json(), as: "manifest.json")
        try directory.publish()
    }
}
