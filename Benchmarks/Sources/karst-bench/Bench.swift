import Foundation

/// `karst-bench [JOB]…`: measures the named jobs, or all of them; `powerflow` names all that solve power
/// flows, `dispatch` all that dispatch, `messaging` all that send messages. Each ends in a line or more that
/// state the ratio to the best peer on the same problem in the same run; these lines end the output once
/// more, as a table.
@main
struct Bench {
    /// One file a kind of job; a new one is one line here.
    static let powerFlow: [Job] =
        Job.feederYears + Job.largeCases + [.controls, .unbalanced13, .unbalanced123]
        + Job.feederScripts + [.endToEnd]
    static let dispatch: [Job] =
        [.dispatch] + Job.stagedYears + Job.unitDispatch + [.valvePoints, .unitCommitment]
        + Job.dcOptimalPowerFlows + Job.acOptimalPowerFlows
    static let messaging: [Job] = Job.messaging
    static let jobs: [Job] = [.valleyYear] + dispatch + powerFlow + messaging

    static func main() throws {
        let groups = ["powerflow": powerFlow, "dispatch": dispatch, "messaging": messaging]
        let names = CommandLine.arguments.dropFirst().flatMap { groups[$0]?.map(\.name) ?? [$0] }
        for name in names where !jobs.contains(where: { $0.name == name }) {
            print("no job is called '\(name)'; there are: \(jobs.map(\.name).joined(separator: ", "))")
            exit(2)
        }
        var rows: [[String]] = []
        var failed = false
        for job in jobs where names.isEmpty || names.contains(job.name) {
            do {
                for result in try job.run() {
                    let name = job.name + (result.part.map { " \($0)" } ?? "")
                    print(result.line(name))
                    rows.append([name] + result.cells)
                }
            } catch {
                print("job \(job.name) failed: \(error)")
                failed = true
            }
            print("  peak memory \(Stopwatch.peakMemory >> 20) MiB")
            fflush(nil)
        }
        print(table([["job", "ours", "best peer", "ratio", "target", ""]] + rows))
        if failed { exit(1) }
    }

    private static func table(_ rows: [[String]]) -> String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        let rule = "|" + widths.map { String(repeating: "-", count: $0 + 2) + "|" }.joined()
        let lines = rows.map { row in
            "| "
                + zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
                .joined(separator: " | ") + " |"
        }
        return ([lines[0], rule] + lines.dropFirst()).joined(separator: "\n")
    }
}

/// One measurement with its peers.
struct Job: Sendable {
    let name: String
    /// Prints what it measures on the way; one result a row of the table.
    let run: @Sendable () throws -> [JobResult]

    init(name: String, run: @escaping @Sendable () throws -> [JobResult]) {
        self.name = name
        self.run = run
    }

    init(name: String, run: @escaping @Sendable () throws -> JobResult) {
        self.init(name: name) { [try run()] }
    }
}

/// How a job, or a part of it, ended.
struct JobResult {
    struct Peer {
        let tool: String
        /// In the unit of `ours`.
        let value: Double
    }

    enum Target {
        /// `ours` may be at most this fraction of the best peer's value.
        case ofPeer(Double)
        /// In the unit of `ours`, which may be at most this.
        case bound(Double)
        /// In the unit of `ours`, which must be this or more.
        case atLeast(Double)
    }

    /// Where the job has several.
    var part: String?
    let ours: Double
    let unit: String
    /// The fastest that could be measured; nil where none could.
    var peer: Peer?
    let target: Target
    /// Whether the answer is the right one: no other counts.
    var isRight = true

    private var ratio: Double? { peer.map { ours / $0.value } }

    private var verdict: String {
        let isMet: Bool? =
            switch target {
            case .bound(let bound): ours <= bound
            case .atLeast(let bound): ours >= bound
            case .ofPeer(let fraction): ratio.map { $0 <= fraction }
            }
        return isRight ? isMet.map { $0 ? "ok" : "short" } ?? "not compared" : "wrong answer"
    }

    private var wanted: String {
        switch target {
        case .bound(let bound): "\(bound.short) \(unit)"
        case .atLeast(let bound): "at least \(bound.short) \(unit)"
        case .ofPeer(let fraction): fraction.short
        }
    }

    /// Ours, the best peer, the ratio, the target and whether it is met.
    var cells: [String] {
        [
            "\(ours.short) \(unit)", peer.map { "\($0.value.short) \(unit), \($0.tool)" } ?? "none",
            ratio?.short ?? "", wanted, verdict,
        ]
    }

    func line(_ name: String) -> String {
        let cells = cells
        let ratio = ratio.map { ", ratio \($0.short)" } ?? ""
        return "job \(name): ours \(cells[0]), best peer \(cells[1])\(ratio), target \(wanted): \(verdict)"
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
