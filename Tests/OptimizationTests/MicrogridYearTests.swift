import Glibc
import Optimization
import Testing

/// A year of microgrids: objectives on which other solvers agree, and the conditions of the optimum from the
/// program's own numbers.
@Suite struct MicrogridYearTests {
    private func check(_ problem: MicrogridProgram, _ objective: Double) {
        let program = problem.program
        let solver = StagedInteriorPoint(pattern: program.pattern)
        let before = clock()
        let solution = solver.solve(program)
        print(
            "T", Double(clock() - before) / 1e6, solution.iterations, solution.status, solution.objective,
            solution.primalResidual, solution.dualResidual, solution.gap)
        #expect(solution.status == .optimal)
        #expect(abs(solution.objective - objective) < 1e-6 * objective, "\(solution.objective)")
        let defect = kktDefect(ConvexProgram(program), solution)
        print(defect)
    }

    @Test func oneYear() {
        check(MicrogridProgram("mg1_8760"), 496505.766167978)
    }
    @Test func oneYearFixed() {
        check(MicrogridProgram("mg1_8760", storage: .fixed), 496600.963939350)
    }
    @Test func oneYearCurved() {
        check(MicrogridProgram("mg1_8760", isCurved: true), 502574.4440)
    }
    @Test func oneYearPeak() {
        check(MicrogridProgram("mg1_8760", hasPeak: true), 561188.242440015)
    }
    @Test func quarters() {
        check(MicrogridProgram("mg1_35040"), 467861.171724514)
        check(MicrogridProgram("mg1_35040", isCurved: true), 472963.5686)
    }
    @Test func five() {
        check(MicrogridProgram("mg5_8760", lines: .transport), 2090596.33793678)
    }
    @Test func fiveDC() {
        check(MicrogridProgram("mg5_8760", lines: .kirchhoff), 2093588.54108650)
    }
    @Test func fiveDCQ() {
        check(MicrogridProgram("mg5_8760", isCurved: true, lines: .kirchhoff), 2166302.0335)
    }
}
