import EconomicDispatch
import Grid
public import Scheduling
import TextFile
import Timeline

// Two lines are exchanged when the program starts, then two for each plan; each line is one JSON object:
//
//     karst    {"karst_dispatch": 1, "devices": ["houses", …]}
//     program  {"karst_dispatch": 1}
//     karst    {"id": 1, "start": "2026-07-15T00:00:00Z", "step_s": 900, "steps": 96, "losses_kw": […],
//     "devices": [{…}, …]}
//     program  {"id": 1, "power_kw": {"houses": […], …}}
//
// What the program may answer, and what happens when it does not, is in docs/own-dispatcher.md.

/// Plans by asking another program. If its answer is wrong or late, `MeritOrder` plans instead (status
/// `.fallback`). `tell` gets the reason of the first three failures, and a line when the program is not asked
/// again.
public final class ExternalDispatcher: Dispatcher {
    /// The version of the protocol.
    public static let version = 1
    /// Failures in a row after which the program is not asked again.
    static let patience = 3

    private let command: ProgramCommand
    private let names: [String]
    private let timeout: Double
    private let tell: @Sendable (String) -> Void
    private var program: Program?
    private var failures = 0
    private var failuresInARow = 0
    /// Number of the last question.
    private var questions = 0

    /// A dispatcher that starts the program of `command` when it plans for the first time.
    ///
    /// - Parameters:
    ///   - names: the names of all devices, in the order of the scenario.
    ///   - timeout: the time for one answer, s of wall time.
    ///   - tell: receives one line for the user.
    public init(
        _ command: ProgramCommand, names: [String], timeout: Double = 10,
        tell: @escaping @Sendable (String) -> Void = ExternalDispatcher.tellUser
    ) {
        self.command = command
        self.names = names
        self.timeout = timeout
        self.tell = tell
    }

    /// Writes one line to standard error.
    public static func tellUser(_ line: String) {
        Terminal.note("karst: \(line)")
    }

    /// The plan of the program, or that of `MeritOrder` if the program fails.
    public func plan(_ problem: DispatchProblem) -> Plan {
        if failuresInARow < Self.patience {
            do throws(ProgramFailure) {
                let plan = try ask(problem)
                failuresInARow = 0
                return plan
            } catch {
                // A late or partial answer cannot be matched with its question any more.
                program = nil
                note(error, problem)
            }
        }
        return MeritOrder(standingInAs: .fallback).plan(problem)
    }

    private func ask(_ problem: DispatchProblem) throws(ProgramFailure) -> Plan {
        let program = try running()
        guard !program.hasSpokenUnasked else {
            throw ProgramFailure("it has written a line that answers no question; one line answers one")
        }
        questions += 1
        let line = try program.answer(to: ProblemLine(problem, names, id: questions).text, within: timeout)
        let answer = try AnswerLine(line, id: questions)
        let powers = try answer.powers(of: problem, names)
        do throws(Plan.Refusal) {
            return try Plan(problem, powers: powers, flows: answer.flows)
        } catch {
            throw ProgramFailure(described(error, of: problem))
        }
    }

    /// With the name of the device and the time of the step.
    private func described(_ refusal: Plan.Refusal, of problem: DispatchProblem) -> String {
        guard let device = refusal.device else { return refusal.description }
        let time = refusal.step.map { " at \(problem.horizon[$0].start) (step \($0))" } ?? ""
        return "\(quoted(names[problem.offers[device].device.index]))\(time): \(refusal.detail)"
    }

    private func running() throws(ProgramFailure) -> Program {
        if let program { return program }
        let fresh = try Program(command)
        let hello =
            "{\"karst_dispatch\":\(Self.version),\"devices\":\(JSONText.list(names, JSONText.quoted))}"
        let version = try AnswerLine.version(try fresh.answer(to: hello, within: timeout))
        guard version == Self.version else {
            throw ProgramFailure(
                "it uses version \(version.map(String.init) ?? "unknown") of the protocol, this karst version "
                    + "\(Self.version)")
        }
        program = fresh
        return fresh
    }

    private func note(_ failure: ProgramFailure, _ problem: DispatchProblem) {
        failures += 1
        failuresInARow += 1
        if failures <= 3 || failuresInARow == Self.patience {
            let end = failuresInARow == Self.patience ? "; it is not asked again" : ""
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
