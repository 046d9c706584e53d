import Foundation
public import Simulator
public import TextFile
import Timeline

/// A scenario as it was read from its file: checked, in SI units, ready to run.
public struct LoadedScenario: Sendable {
    public let scenario: Scenario
    /// What the author should know, though the scenario can run.
    public let warnings: [FileMistake]
    /// Every file that was read, the scenario's own first.
    public let inputs: [Input]

    /// A file the scenario was made of.
    public struct Input: Hashable, Sendable {
        /// From the scenario's folder.
        public let path: String
        public let bytes: [UInt8]
    }
}

/// The door for scenario files.
public enum ScenarioFile {
    /// Reads the scenario at `path` and the files beside it.
    ///
    /// - Parameters:
    ///   - overrides: names of the scenario's own overrides, applied one after another.
    ///   - dispatch: instead of the scenario's.
    ///   - seed: instead of the scenario's.
    /// - Throws: everything that is wrong, at once.
    public static func load(
        path: String, overrides: [String] = [], dispatch: DispatchChoice? = nil, seed: UInt64? = nil
    ) throws(ScenarioMistakes) -> LoadedScenario {
        let report = Report(file: path)
        let begin = Mark(line: 1, column: 1)
        do throws(Folder.Refusal) {
            let folder = try Folder(ofScenario: path)
            let bytes = try folder.readScenario(String(path.dropFirst(folder.prefix.count)))
            if var root = text(of: bytes, report).flatMap({ YAMLDocument.read($0, report) }) {
                let offered = Overrides(takenFrom: &root, report)
                for name in overrides { offered.apply(name, to: &root, report) }
                let scenario = Field(path: "", node: root, report: report).mapping {
                    ScenarioReader.read($0, folder, overrides: overrides, dispatch: dispatch, seed: seed)
                }
                if let scenario, !report.hasErrors {
                    return LoadedScenario(
                        scenario: scenario, warnings: report.sorted,
                        inputs: folder.files.map { .init(path: $0.path, bytes: $0.bytes) })
                }
            }
        } catch {
            report.error(Mark(line: 0, column: 0), "", error.reason)
        }
        if !report.hasErrors { report.error(begin, "", "the scenario cannot be read") }
        throw ScenarioMistakes(mistakes: report.sorted)
    }

    /// The file as text; nil when it is none.
    private static func text(of bytes: [UInt8], _ report: Report) -> String? {
        let begin = Mark(line: 1, column: 1)
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            report.error(begin, "", "the file is UTF-16; save it as UTF-8")
            return nil
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let at = body.firstIndex(of: 0) {
            report.error(Mark(offset: at, in: bytes), "", "the file is binary; a scenario is text in UTF-8")
            return nil
        }
        guard let text = String(validating: body, as: UTF8.self) else {
            report.error(begin, "", "the file is not UTF-8")
            return nil
        }
        return text
    }
}

extension Mark {
    /// Of byte `offset`.
    fileprivate init(offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<offset]
        let lineBegin = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        self.init(
            line: before.count { $0 == 10 } + 1, column: before[lineBegin...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
