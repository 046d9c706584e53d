import Optimization
import ProgramSamples
import TestSupport
import Testing

/// The 8,760 windows of 24 hours of a microgrid controlled over a rolling horizon, section "Windows" of
/// `Tests/Golden/dispatch/README.md`.
@Suite struct MicrogridWindowTests {
    /// Columns of `MicrogridProgram` and rows.
    private let generator = 2
    private let stored = 8
    private let change = 9
    private let storeRow = 1
    private let rampRow = 2

    private struct Windows {
        let year: StagedProgram
        let pattern: StagedProgram.Pattern
        let solver: StagedInteriorPoint

        init(isCurved: Bool) throws {
            year = try MicrogridProgram("mg1_8760", isCurved: isCurved).program
            pattern = .init(
                stages: 24, columns: year.pattern.columns, rows: year.pattern.rows,
                entries: year.pattern.entries)
            solver = StagedInteriorPoint(pattern: pattern)
        }
    }

    private func solve(_ windows: Windows, _ k: Int, stored energy: Double, running: Double) -> Solution {
        let (year, pattern) = (windows.year, windows.pattern)
        let (n, rows) = (pattern.columns, pattern.rows)
        func cut(_ values: [Double], _ width: Int) -> [Double] {
            (k..<k + 24).flatMap { values[($0 % 8760) * width..<($0 % 8760 + 1) * width] }
        }
        var program = StagedProgram(pattern: pattern, values: year.values)
        (program.cost, program.quadratic) = (cut(year.cost, n), cut(year.quadratic, n))
        (program.lower, program.upper) = (cut(year.lower, n), cut(year.upper, n))
        program.rightHandSide = cut(year.rightHandSide, rows)
        for t in 0..<24 {
            // The year's first hour has no ramp into it.
            program.lower[t * n + change] = year.lower[n + change]
            program.upper[t * n + change] = year.upper[n + change]
        }
        let kept = pattern.entries.firstIndex {
            $0 == .init(row: storeRow, column: stored, isCarried: true)
        }!
        program.rightHandSide[storeRow] = -year.values[kept] * energy
        program.rightHandSide[rampRow] = running
        program.cost[23 * n + stored] -= 0.15
        return windows.solver.solve(program)
    }

    @Test(arguments: [false, true]) func everyWindowHasTheReferencesCost(isCurved: Bool) throws {
        let windows = try Windows(isCurved: isCurved)
        let reference = try GoldenTable(
            isCurved ? "dispatch/mpc_reference_qp" : "dispatch/mpc_reference_lp"
        ).numbers
        #expect(reference.count == 8760)
        var wrong: [Double] = []
        for row in reference {
            let solution = solve(windows, Int(row[0]), stored: row[1], running: row[2])
            let isRight = abs(solution.objective - row[3]) < max(1e-3, 1e-6 * abs(row[3]))
            if solution.status != .optimal || !isRight { wrong.append(row[0]) }
        }
        #expect(wrong.isEmpty)
    }

    /// Where each window begins with what the last one left, most variables lie between their bounds: without
    /// the damping of `LoadedScale` some windows come to no optimum.
    @Test func aYearOfItsOwnWindows() throws {
        let windows = try Windows(isCurved: false)
        var (energy, running, cost) = (1000.0, 0.0, 0.0)
        var unsolved: [Int] = []
        for k in 0..<8760 {
            let solution = solve(windows, k, stored: energy, running: running)
            if solution.status != .optimal { unsolved.append(k) }
            let hour = k * windows.pattern.columns
            for j in 0..<windows.pattern.columns { cost += windows.year.cost[hour + j] * solution.x[j] }
            (energy, running) = (solution.x[stored], solution.x[generator])
        }
        #expect(unsolved.isEmpty)
        // Other optima of a window lead elsewhere, so the cost is not the reference's to the last digit.
        #expect(abs(cost - 496613.77) < 1e-3 * 496613.77, "\(cost)")
    }
}
