import Optimization
import ProgramSamples
import Testing

/// A year of microgrids: objectives on which other solvers agree (`Tests/Golden/dispatch/README.md`), and
/// the conditions of the optimum from the program's own numbers.
@Suite struct MicrogridYearTests {
    private func check(_ problem: MicrogridProgram, _ objective: Double) {
        let program = problem.program
        let solution = StagedInteriorPoint(pattern: program.pattern).solve(program)
        #expect(solution.status == .optimal)
        #expect(abs(solution.objective - objective) < 1e-6 * objective, "\(solution.objective)")
        let largest = program.rightHandSide.reduce(1) { max($0, 1 + abs($1)) }
        let defect = kktDefect(ConvexProgram(program), solution)
        #expect(defect.violation < 1e-8 * largest && defect.gap < 1e-8, "\(defect)")
    }

    @Test func cyclic() throws { try check(MicrogridProgram("mg1_8760"), 496505.766167978) }

    @Test func fromAndToAFixedContent() throws {
        try check(MicrogridProgram("mg1_8760", storage: .fixed), 496600.963939350)
    }

    @Test func peaksOfTwelveMonths() throws {
        try check(MicrogridProgram("mg1_8760", hasPeak: true), 561188.242440015)
    }

    @Test func quadratic() throws { try check(MicrogridProgram("mg1_8760", isCurved: true), 502574.4440) }

    @Test func quartersOfAnHour() throws { try check(MicrogridProgram("mg1_35040"), 467861.171724514) }

    @Test func quadraticQuartersOfAnHour() throws {
        try check(MicrogridProgram("mg1_35040", isCurved: true), 472963.5686)
    }

    @Test func fiveWithTransport() throws {
        try check(MicrogridProgram("mg5_8760", lines: .transport), 2090596.33793678)
    }

    @Test func fiveWithKirchhoff() throws {
        try check(MicrogridProgram("mg5_8760", lines: .kirchhoff), 2093588.54108650)
    }

    @Test func quadraticFiveWithKirchhoff() throws {
        try check(MicrogridProgram("mg5_8760", isCurved: true, lines: .kirchhoff), 2166302.0335)
    }
}
