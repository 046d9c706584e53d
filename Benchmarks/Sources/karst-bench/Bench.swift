import Foundation

/// `karst-bench [JOB]…`: measures the named jobs, or all of them. Each ends in one line that states the ratio
/// to the best peer on the same problem in the same run.
@main
struct Bench {
    /// One file a job; a new one is one line here.
    static let jobs: [Job] = [.valleyYear, .powerFlow, .unbalanced13, .unbalanced123, .dispatch]

    static func main() throws {
        let names = CommandLine.arguments.dropFirst()
        for name in names where !jobs.contains(where: { $0.name == name }) {
            print("no job is called '\(name)'; there are: \(jobs.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        for job in jobs where names.isEmpty || names.contains(job.name) {
            let result = try job.run()
            print("  peak memory \(Stopwatch.peakMemory >> 20) MiB")
            print(result.line(job.name))
        }
    }
}

/// One measurement with its peers.
struct Job: Sendable {
    let name: String
    /// Prints what it measures on the way.
    let run: @Sendable () throws -> JobResult
}

/// How a job ended.
struct JobResult {
    struct Peer {
        let tool: String
        /// In the unit of `ours`.
        let value: Double
    }

    /// What `ours` may be at most.
    enum Target {
        /// A fraction of the best peer's value.
        case ofPeer(Double)
        /// In the unit of `ours`.
        case bound(Double)
    }

    let ours: Double
    let unit: String
    /// The fastest that could be measured; nil where none could.
    var peer: Peer?
    let target: Target

    func line(_ name: String) -> String {
        let head = "job \(name): ours \(ours.short) \(unit), "
        switch (target, peer) {
        case (.bound(let bound), _):
            return head + "no peer, target \(bound.short) \(unit): \(ours <= bound ? "ok" : "short")"
        case (.ofPeer(let fraction), nil):
            return head + "no peer, target \(fraction.short) of one"
        case (.ofPeer(let fraction), let peer?):
            let ratio = ours / peer.value
            return head + "best peer \(peer.tool) \(peer.value.short) \(unit), ratio \(ratio.short), "
                + "target \(fraction.short): \(ratio <= fraction ? "ok" : "short")"
        }
    }
}

extension Double {
    /// Three significant digits, no exponent.
    var short: String {
        guard self != 0, isFinite else { return "\(self)" }
        let digits = max(0, 2 - Int(log10(magnitude).rounded(.down)))
        return String(format: "%.\(digits)f", self)
    }
}
