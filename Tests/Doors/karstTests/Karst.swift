import Foundation
import TestSupport

/// The built command, run as a process.
enum Karst {
    /// Exit code and what was printed.
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String

        /// Members of the one JSON object on standard output.
        var members: [String: Any] {
            (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
        }
    }

    /// Folder of the program that runs the tests; the command is built beside it.
    static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent()

    /// Whether the command finds the solver HiGHS.
    static let hasHiGHS: Bool = {
        let arguments = ["dispatch", "Tests/Golden/dispatch/ed_3_valve.csv", "--demand", "850MW"]
        guard let outcome = try? run(arguments), outcome.code == 0 else {
            print("valve points and prohibited zones are not tested: HiGHS is missing (make highs)")
            return false
        }
        return true
    }()

    /// Runs `karst` with these arguments in `folder`, by default the checkout.
    static func run(
        _ arguments: [String], in folder: URL = Checkout.root, environment: [String: String] = [:]
    ) throws -> Outcome {
        try run(Karst.folder.appending(path: "karst").path, arguments, folder, environment)
    }

    static func run(_ arguments: String..., in folder: URL = Checkout.root) throws -> Outcome {
        try run(arguments, in: folder)
    }

    /// Runs a line of the shell, for which `karst` is on the path.
    static func run(line: String, in folder: URL) throws -> Outcome {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try run("/bin/sh", ["-c", line], folder, ["PATH": "\(Karst.folder.path):\(path)"])
    }

    private static func run(
        _ program: String, _ arguments: [String], _ folder: URL, _ environment: [String: String]
    ) throws -> Outcome {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Both pipes are read at once: neither may fill while the other is waited for.
        let errorText = Gathered(errors.fileHandleForReading)
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
            errors: errorText.text)
    }

    /// Reads a pipe to its end on a thread of its own.
    private final class Gathered: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var data = Data()

        init(_ handle: FileHandle) {
            Thread.detachNewThread { [self] in
                data = handle.readDataToEndOfFile()
                done.signal()
            }
        }

        var text: String {
            done.wait()
            return String(decoding: data, as: UTF8.self)
        }
    }
}

/// A folder that is removed with its last user.
final class TemporaryFolder: Sendable {
    let url = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    /// Writes a file; returns its path.
    func write(_ text: String, to name: String) throws -> String {
        try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8)
        return path(name)
    }
}
