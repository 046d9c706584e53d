public import EconomicDispatch
import Glibc
import Grid
public import Scheduling
import Timeline

// Two lines are spoken when the program starts, then two for each plan, each one JSON object:
//
//     karst    {"karst_dispatch": 1, "devices": ["houses", …]}
//     program  {"karst_dispatch": 1}
//     karst    {"start": "2026-07-15T00:00:00Z", "step_s": 900, "steps": 96, "losses_kw": […], "devices":
//     [{…}, …]}
//     program  {"power_kw": {"houses": […], …}}
//
// What the program may answer, and what happens when it does not, is in docs/own-dispatcher.md.

/// Plans by asking another program. What it does not answer rightly and in time, `MeritOrder` plans instead
/// (status `.fallback`), and `tell` hears why: the first three times, and when the program is given up.
public final class ExternalDispatcher: Dispatcher {
    /// Of the lines that are spoken.
    public static let version = 1
    /// One failure after another, until the program is asked no more.
    static let patience = 3

    private let command: ProgramCommand
    private let names: [String]
    private let timeout: Double
    private let tell: @Sendable (String) -> Void
    private var program: Program?
    private var failures = 0
    private var failuresInARow = 0

    /// - Parameters:
    ///   - names: of all devices, by their place in the scenario.
    ///   - timeout: for one answer, s of wall time.
    public init(
        _ command: ProgramCommand, names: [String], timeout: Double = 10,
        tell: @escaping @Sendable (String) -> Void = ExternalDispatcher.tellUser
    ) {
        self.command = command
        self.names = names
        self.timeout = timeout
        self.tell = tell
    }

    /// One line on standard error.
    public static func tellUser(_ line: String) {
        let bytes = Array("karst: \(line)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
    }

    public func plan(_ problem: DispatchProblem) -> Plan {
        if failuresInARow < Self.patience {
            do throws(ProgramFailure) {
                let plan = try ask(problem)
                failuresInARow = 0
                return plan
            } catch {
                // What an answer that comes late, or half, belongs to can no more be said.
                program = nil
                note(error, problem)
            }
        }
        return MeritOrder(standingInAs: .fallback).plan(problem)
    }

    private func ask(_ problem: DispatchProblem) throws(ProgramFailure) -> Plan {
        let program = try running()
        let line = try program.answer(to: ProblemLine(problem, names).text, within: timeout)
        let answer = try AnswerLine(line)
        let powers = try answer.powers(of: problem, names)
        do throws(Plan.Refusal) {
            return try Plan(problem, powers: powers, flows: answer.flows)
        } catch {
            throw ProgramFailure(error.description)
        }
    }

    private func running() throws(ProgramFailure) -> Program {
        if let program { return program }
        let fresh = try Program(command)
        let hello =
            "{\"karst_dispatch\":\(Self.version),\"devices\":\(JSONText.list(names, JSONText.quoted))}"
        let version = try AnswerLine.version(try fresh.answer(to: hello, within: timeout))
        guard version == Self.version else {
            throw ProgramFailure(
                "it speaks version \(version.map(String.init) ?? "unknown") of the lines, this karst version "
                    + "\(Self.version)")
        }
        program = fresh
        return fresh
    }

    private func note(_ failure: ProgramFailure, _ problem: DispatchProblem) {
        failures += 1
        failuresInARow += 1
        if failures <= 3 || failuresInARow == Self.patience {
            let end = failuresInARow == Self.patience ? "; it is asked no more" : ""
            tell(
                "external dispatch \(command): \(failure.description); merit-order planned instead\(end)")
        }
    }
}

/// Why a program gave no plan.
struct ProgramFailure: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
