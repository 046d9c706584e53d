import Foundation
import TestSupport
import Testing

/// `karst hub` and `karst agent`: six agents in processes of their own, over a broker that the test starts.
/// Needs a build with KARST_MQTT=1 and the program mosquitto.
@Suite(.serialized) struct LiveTests {
    private static let devices = [
        "houses", "workshop", "school-roof", "farm-battery", "standby", "county-grid",
    ]

    private static let broker: String? = ["/usr/sbin/mosquitto", "/usr/bin/mosquitto"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    private static let canRun: Bool = {
        guard HelpTests.commands.contains("hub") else { return false }
        if broker == nil { print("agents in processes of their own are not tested: mosquitto is missing") }
        return broker != nil
    }()

    /// A process of the test, ended with it, and the lines that it prints.
    private final class Part: @unchecked Sendable {
        private let process = Process()
        private let lock = NSCondition()
        private var lines: [String] = []
        private var rest = ""

        init(_ program: String, _ arguments: [String]) throws {
            let output = Pipe()
            process.executableURL = URL(filePath: program)
            process.arguments = arguments
            process.currentDirectoryURL = Checkout.root
            process.standardOutput = output
            process.standardError = FileHandle.nullDevice
            process.standardInput = FileHandle.nullDevice
            try process.run()
            let handle = output.fileHandleForReading
            Thread.detachNewThread { [self] in
                while true {
                    let data = handle.availableData
                    guard !data.isEmpty else { return }
                    take(String(decoding: data, as: UTF8.self))
                }
            }
        }

        deinit { kill(process.processIdentifier, SIGKILL) }

        private func take(_ text: String) {
            lock.withLock {
                let parts = (rest + text).split(separator: "\n", omittingEmptySubsequences: false)
                lines += parts.dropLast().map(String.init)
                rest = String(parts.last ?? "")
                lock.broadcast()
            }
        }

        /// Waits for a line with `words`, and drops it and those before it. Nil where none comes in time.
        func line(with words: String, within seconds: Double) -> String? {
            let end = Date(timeIntervalSinceNow: seconds)
            lock.lock()
            defer { lock.unlock() }
            while true {
                if let place = lines.firstIndex(where: { $0.contains(words) }) {
                    defer { lines.removeFirst(place + 1) }
                    return lines[place]
                }
                guard lock.wait(until: end) else { return nil }
            }
        }

        func end(_ signal: Int32) { kill(process.processIdentifier, signal) }

        /// The exit code; nil where it does not end in time.
        func code(within seconds: Double) -> Int32? {
            let end = Date(timeIntervalSinceNow: seconds)
            while process.isRunning, end > Date() { Thread.sleep(forTimeInterval: 0.05) }
            return process.isRunning ? nil : process.terminationStatus
        }
    }

    /// A port of the loopback that nobody listens on.
    private static func freePort() -> Int {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                guard bind(socket, raw, length) == 0, getsockname(socket, raw, &length) == 0 else { return 0 }
                return Int(UInt16(bigEndian: pointer.pointee.sin_port))
            }
        }
    }

    private static func part(_ words: String..., port: Int) throws -> Part {
        try Part(Karst.folder.appending(path: "karst").path, words + ["--broker", "127.0.0.1:\(port)"])
    }

    @Test(
        "one of six agents dies: an alarm, and a new agreement within 10 s; it comes back: all six agree again",
        .enabled(if: canRun, "built without KARST_MQTT, or no mosquitto"))
    func killOne() throws {
        let folder = try TemporaryFolder()
        let port = Self.freePort()
        let settings = try folder.write(
            "listener \(port) 127.0.0.1\nallow_anonymous true\npersistence false\n", to: "broker.conf")
        let broker = try Part(try #require(Self.broker), ["-c", settings])
        defer { broker.end(SIGTERM) }
        Thread.sleep(forTimeInterval: 0.5)
        let scenario = "Scenarios/first-day/scenario.yaml"
        let hub = try Self.part(
            "hub", scenario, "--pace", "0.3", "--tick", "20", "--deadline", "4", port: port)
        var agents = try Self.devices.map { try Self.part("agent", $0, port: port) }
        for _ in Self.devices { #expect(hub.line(with: "is there", within: 60) != nil) }
        #expect(hub.line(with: " agreed 6 of 6", within: 60) != nil)

        agents[3].end(SIGKILL)
        let killed = Date()
        #expect(hub.line(with: "ALARM agent farm-battery is gone", within: 10) != nil)
        #expect(hub.line(with: " agreed 5 of 6", within: 10) != nil)
        #expect(-killed.timeIntervalSinceNow < 10)

        agents[3] = try Self.part("agent", "farm-battery", port: port)
        #expect(hub.line(with: "agent farm-battery is there", within: 30) != nil)
        #expect(hub.line(with: " agreed 6 of 6", within: 30) != nil)

        // Without the hub the agents end by themselves.
        hub.end(SIGKILL)
        for agent in agents { #expect(agent.code(within: 20) == 0) }
    }

    @Test(
        "without a broker, and without agents, a hub says so",
        .enabled(if: canRun, "built without KARST_MQTT, or no mosquitto"))
    func alone() throws {
        let hub = ["hub", "Scenarios/first-day/scenario.yaml", "--broker", "127.0.0.1:\(Self.freePort())"]
        let outcome = try Karst.run(hub)
        #expect(outcome.code == 1 && outcome.errors.contains("no MQTT broker at 127.0.0.1"))
        let wrong = try Karst.run(["agent", "houses", "--broker", "nowhere"])
        #expect(wrong.code == 2 && wrong.errors.contains("expected HOST:PORT"))
    }
}
