public import EconomicDispatch
public import Simulator
public import TextFile
import YAMLFile

/// A scenario as read from its file: checked, in SI units, before its random parts are drawn.
public struct LoadedScenario: Sendable {
    /// Makes the scenario of each seed.
    public let template: ScenarioTemplate
    /// The dispatchers that were asked for, in that order; the first is the template's.
    public let dispatchers: [DispatcherMaker]
    /// What the author should know, although the scenario can run.
    public let warnings: [FileMistake]
    /// Every file that was read, the scenario file first.
    public let inputs: [Input]

    /// A file that was read.
    public struct Input: Hashable, Sendable {
        /// Its path from the scenario's folder.
        public let path: String
        /// Its contents.
        public let bytes: [UInt8]
    }
}

/// Reads scenario files.
public enum ScenarioFile {
    /// Reads the scenario at `path` and the tables beside it, each file once.
    ///
    ///     let loaded = try ScenarioFile.load(path: "Scenarios/first-day/scenario.yaml")
    ///     for record in Simulation(loaded.template.scenario(seed: 7)) { … }
    ///
    /// - Parameters:
    ///   - overrides: names of overrides in the file, applied in this order.
    ///   - dispatch: the dispatchers to make, instead of the one in the file. Settings in the file apply.
    ///   - onRead: is told the path of each file when its reading begins.
    /// - Throws: all mistakes of the scenario and its tables at once.
    public static func load(
        path: String, overrides: [String] = [], dispatch: [DispatchChoice] = [],
        onRead: @escaping (String) -> Void = { _ in }
    ) throws(ScenarioMistakes) -> LoadedScenario {
        let collector = MistakeCollector(file: path)
        do throws(InputFolder.Refusal) {
            let folder = try InputFolder(ofFile: path, onRead: onRead)
            if var root = YAMLDocument.read(try folder.readDocument(), collector) {
                let offered = Overrides(takenFrom: &root, collector)
                for name in overrides { offered.apply(name, to: &root, collector) }
                let reading = Field(path: "", node: root, collector: collector).mapping {
                    ScenarioReader.read($0, folder, overrides: overrides, dispatch: dispatch)
                }
                if let reading, !collector.hasErrors {
                    return LoadedScenario(
                        template: reading.template, dispatchers: reading.dispatchers,
                        warnings: collector.sorted,
                        inputs: folder.files.map { .init(path: $0.path, bytes: $0.bytes) })
                }
            }
        } catch {
            collector.error(Mark(line: 0, column: 0), "", error.reason)
        }
        if !collector.hasErrors { collector.error(.begin, "", "the scenario cannot be read") }
        throw ScenarioMistakes(mistakes: collector.sorted)
    }
}
