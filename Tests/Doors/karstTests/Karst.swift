import Foundation
import TestSupport

/// The built command, run as a process.
enum Karst {
    /// Exit code and what was printed.
    struct Outcome {
        let code: Int32
        let output: String
        let errors: String
    }

    /// The command is built beside the program that runs the tests.
    static let path = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "karst").path

    /// Runs `karst` with these arguments in `folder`, by default the checkout.
    static func run(_ arguments: [String], in folder: URL = Checkout.root) throws -> Outcome {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // Both pipes are read at once: neither may fill while the other is waited for.
        let told = Gathered(errors.fileHandleForReading)
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: printed, as: UTF8.self),
            errors: told.text)
    }

    static func run(_ arguments: String..., in folder: URL = Checkout.root) throws -> Outcome {
        try run(arguments, in: folder)
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

/// A folder that vanishes when it is no longer used.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "karst-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(to: url.appending(path: name), atomically: true, encoding: .utf8)
        return path(name)
    }
}
