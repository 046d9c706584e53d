import DispatchSamples
import EconomicDispatch
import Foundation
import Optimization
import ProgramSamples
import Scheduling

extension Job {
    static let stagedYears = [
        Job(name: "mg1") { try StagedYear.measure(StagedYear.one) },
        Job(name: "mg5") { try StagedYear.measure(StagedYear.five) },
    ]
}

/// A year of one microgrid with a battery that ends as it begins, or of five joined by lines, as one program:
/// `Tests/Golden/dispatch/README.md`. Seconds of CPU time, from the program in memory to the solution in
/// memory.
private struct StagedYear {
    let name: String
    let table: String
    var isCurved = false
    var lines = MicrogridProgram.Lines.none
    /// What other solvers agree on.
    let objective: Double
    /// Of the best peer's time.
    let target: Double

    static let one = [
        StagedYear(name: "lp", table: "mg1_8760", objective: 496505.766167978, target: 0.06),
        StagedYear(name: "qp", table: "mg1_8760", isCurved: true, objective: 502574.4440, target: 0.06),
        StagedYear(name: "quarters lp", table: "mg1_35040", objective: 467861.171724514, target: 0.041),
        StagedYear(
            name: "quarters qp", table: "mg1_35040", isCurved: true, objective: 472963.5686, target: 0.041),
    ]
    static let five = [
        StagedYear(
            name: "lp", table: "mg5_8760", lines: .transport, objective: 2090596.33793678, target: 0.058),
        StagedYear(
            name: "dc lp", table: "mg5_8760", lines: .kirchhoff, objective: 2093588.54108650, target: 0.046),
    ]

    static func measure(_ years: [StagedYear]) throws -> [JobResult] { try years.map { try $0.measure() } }

    private func measure() throws -> JobResult {
        let folder = Peers.golden.appending(path: "dispatch")
        let program = try MicrogridProgram(table, isCurved: isCurved, lines: lines).program
        var solution = StagedInteriorPoint(pattern: program.pattern).solve(program)
        let timing = Stopwatch.measure(runs: 5, warmUp: 0) {
            solution = StagedInteriorPoint(pattern: program.pattern).solve(program)
        }
        let error = abs(solution.objective - objective) / objective
        let isRight = solution.status == .optimal && error < 1e-6
        print("\(table) \(name): s of CPU time")
        print(
            "  karst, stages in lanes: \(timing.cpu.short) (wall \(timing.wall.short)), "
                + "\(solution.iterations) iterations, cost \(solution.objective), off by \(error)")
        print("  most memory of the process so far: \(Stopwatch.peakMemory >> 20) MiB")
        if lines == .none, !isCurved { band(program) }
        if lines != .none { try door(program, solution) }
        let kind = lines == .kirchhoff ? "dc" : "lp"
        let peers = try Peers.run(
            "stagedyear", packages: ["highspy", "piqp", "scipy"],
            arguments: [folder.path(), table, isCurved ? "qp" : kind, "\(objective)"])
        for peer in peers {
            print("  \(peer.tool): \(peer.cpu.short) (wall \(peer.wall.short)), off by \(peer.difference)")
        }
        // Who comes to something else does not count.
        let best = peers.filter { $0.difference < 1e-6 }.min { $0.cpu < $1.cpu }
        return JobResult(
            part: name, ours: timing.cpu, unit: "s", peer: best.map { .init(tool: $0.tool, value: $0.cpu) },
            target: .ofPeer(target), isRight: isRight)
    }

    /// The same asked for as a `DispatchProblem` of five areas that begins, and so ends, as this optimum
    /// does: from the offers in memory to the plan in memory.
    private func door(_ program: StagedProgram, _ optimum: Solution) throws {
        let columns = program.pattern.columns
        let last = columns * (program.pattern.stages - 1)
        let problem = try MicrogridAreas(
            lines == .kirchhoff ? .kirchhoff : .transport,
            from: .init(
                stored: (0..<5).map { optimum.x[last + 10 * $0 + 8] },
                running: (0..<5).map { optimum.x[10 * $0 + 2] })
        ).problem
        var plan = RollingOptimum().plan(problem)
        let timing = Stopwatch.measure(runs: 1, warmUp: 0) { plan = RollingOptimum().plan(problem) }
        print(
            "  karst, as a dispatch problem: \(timing.cpu.short) (wall \(timing.wall.short)), "
                + "\(plan.status.rawValue), cost \(plan.objective), off by "
                + "\(abs(plan.objective - objective) / objective)")
    }

    /// The same without the cycle, which a band does not take, through LAPACK's band factorisation.
    private func band(_ program: StagedProgram) {
        let pattern = StagedProgram.Pattern(
            stages: program.pattern.stages, columns: program.pattern.columns, rows: program.pattern.rows,
            entries: program.pattern.entries)
        var open = StagedProgram(pattern: pattern, values: program.values)
        (open.cost, open.quadratic) = (program.cost, program.quadratic)
        (open.lower, open.upper) = (program.lower, program.upper)
        open.rightHandSide = program.rightHandSide
        let whole = ConvexProgram(open)
        let solver = InteriorPoint(pattern: whole.matrix.pattern, kernel: .lapack)
        var solution = solver.solve(whole)
        let timing = Stopwatch.measure(runs: 1, warmUp: 0) { solution = solver.solve(whole) }
        let staged = StagedInteriorPoint(pattern: pattern).solve(open)
        print(
            "  karst, LAPACK's band, not cyclic: \(timing.cpu.short), \(solution.iterations) iterations, "
                + "apart from the lanes by \(abs(staged.objective - solution.objective) / solution.objective)"
        )
    }
}
