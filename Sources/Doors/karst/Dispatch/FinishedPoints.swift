import ArgumentParser
import Foundation
import ScenarioFile
import Simulator
import Studies

/// The simulations that have ended, in memory and in the file that a later study continues.
final class FinishedPoints: @unchecked Sendable {
    private let lock = NSLock()
    private var rows: [CommunicationStudy.Point: CommunicationStudy.Row] = [:]
    private let path: String?
    private let mark: String

    /// Reads the file, if there is one; ends with exit code 2 where it is of another scenario.
    init(_ path: String?, of loaded: LoadedScenario) throws {
        self.path = path
        mark = "karst-comms 2 \(Self.digest(loaded))"
        guard let path else { return }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            guard FileManager.default.createFile(atPath: path, contents: Data(mark.utf8)) else {
                note("karst: --resume \(path): cannot be written")
                throw ExitCode(1)
            }
            return
        }
        let lines = text.split(separator: "\n")
        guard lines.first.map(String.init) == mark else {
            note("karst: --resume \(path): not the simulations of this scenario; name another file")
            throw ExitCode(2)
        }
        // A line that a stop has cut short is simulated again.
        for line in lines.dropFirst() {
            guard let row = try? JSONDecoder().decode(CommunicationStudy.Row.self, from: Data(line.utf8))
            else {
                continue
            }
            rows[row.point] = row
        }
    }

    /// Number that differs where the files of the scenario, or its overrides, do (FNV-1a).
    private static func digest(_ loaded: LoadedScenario) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        let names = loaded.template.overrides.joined(separator: "\n").utf8
        for byte in loaded.inputs.lazy.flatMap(\.bytes) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in names { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    func row(of point: CommunicationStudy.Point) -> CommunicationStudy.Row? { lock.withLock { rows[point] } }

    func add(_ row: CommunicationStudy.Row) {
        lock.withLock {
            rows[row.point] = row
            guard let path, let file = FileHandle(forWritingAtPath: path),
                let line = try? JSONEncoder().encode(row)
            else { return }
            defer { try? file.close() }
            _ = try? file.seekToEnd()
            // A line begins with its newline: it never joins one that a stop has cut short.
            try? file.write(contentsOf: Data("\n".utf8) + line)
        }
    }

    func described(_ row: CommunicationStudy.Row) -> String {
        let point = row.point
        let loss = point.loss.map { String(format: ", %g %% lost", 100 * $0) } ?? ""
        return
            "\(point.coordinator.rawValue), \(point.topology.rawValue), \(point.link ?? "perfect links")\(loss), "
            + "seed \(point.seed): \(String(format: "%.2f", row.cost)) yuan"
    }
}
