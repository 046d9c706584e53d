import Optimization
import TestSupport
import Testing

@Suite struct InteriorPointTests {
    @Test(arguments: 1...40) func randomProgramsSatisfyTheKKTConditions(seed: UInt64) {
        var random = SplitMix64(skipping: seed)
        let program = stagedProgram(&random, stages: 5 + Int(seed), curved: seed % 2 == 0)
        let solution = InteriorPoint(pattern: program.matrix.pattern).solve(program)
        #expect(solution.status == .optimal, "\(solution.iterations) iterations")
        let defect = kktDefect(program, solution)
        #expect(defect.violation < 1e-6 && defect.gap < 3e-8, "\(defect)")
    }

    @Test(arguments: 1...10) func loopsAndLapackAgree(seed: UInt64) {
        var random = SplitMix64(skipping: seed + 100)
        let program = stagedProgram(&random, stages: 30, curved: seed % 2 == 0)
        let answers = InteriorPoint.Kernel.allCases.map {
            InteriorPoint(pattern: program.matrix.pattern, kernel: $0).solve(program)
        }
        #expect(answers[0].status == .optimal && answers[1].status == .optimal)
        #expect(abs(answers[0].objective - answers[1].objective) < 1e-7 * (1 + abs(answers[0].objective)))
        #expect(abs(answers[0].iterations - answers[1].iterations) <= 1)
    }

    @Test func reuseLeavesNoTrace() {
        var random = SplitMix64(skipping: 7)
        let first = stagedProgram(&random, stages: 12, curved: false)
        var second = first
        for j in 0..<second.variables { second.cost[j] = random.uniform(-1...1) }
        for k in second.matrix.values.indices { second.matrix.values[k] *= 1.5 }
        let solver = InteriorPoint(pattern: first.matrix.pattern)
        let alone = solver.solve(first)
        _ = solver.solve(second)
        #expect(solver.solve(first) == alone)
    }

    @Test func linearProgramOnPaper() {
        // Greatest 3a + 2b with a + b + s = 4, a + 3b + t = 6, a ≤ 3: a = 3, b = 1, worth 11; prices 2, 0.
        let rows = SparseRows(columns: 4, rows: [[(0, 1), (1, 1), (2, 1)], [(0, 1), (1, 3), (3, 1)]])
        var program = ConvexProgram(matrix: rows)
        program.cost = [-3, -2, 0, 0]
        program.upper[0] = 3
        program.rightHandSide = [4, 6]
        let solution = InteriorPoint(pattern: rows.pattern, tolerance: 1e-10).solve(program)
        #expect(solution.status == .optimal)
        #expect(abs(solution.objective + 11) < 1e-8)
        #expect(abs(solution.y[0] + 2 + 3 * solution.y[1]) < 1e-6)
    }

    @Test func aVariableWithoutBoundsIsSolved() {
        let rows = SparseRows(columns: 2, rows: [[(0, 1), (1, 1)]])
        var program = ConvexProgram(matrix: rows)
        program.lower = [-.infinity, -.infinity]
        program.quadratic = [2, 6]
        program.rightHandSide = [4]
        let solution = InteriorPoint(pattern: rows.pattern).solve(program)
        #expect(solution.status == .optimal)
        #expect(abs(solution.x[0] - 3) < 1e-6 && abs(solution.y[0] - 6) < 1e-6)
    }

    @Test func fixedVariablesStay() {
        let rows = SparseRows(columns: 3, rows: [[(0, 1), (1, 1), (2, 1)]])
        var program = ConvexProgram(matrix: rows)
        program.cost = [1, 2, 0]
        program.lower[2] = 1.5
        program.upper[2] = 1.5
        program.rightHandSide = [4]
        let solution = InteriorPoint(pattern: rows.pattern).solve(program)
        #expect(solution.status == .optimal)
        #expect(solution.x[2] == 1.5 && abs(solution.x[0] - 2.5) < 1e-6)
    }

    @Test func infeasibleAndUnboundedAreTold() {
        let rows = SparseRows(columns: 2, rows: [[(0, 1), (1, 1)]])
        var program = ConvexProgram(matrix: rows)
        program.cost = [1, 1]
        program.upper = [1, 1]
        program.rightHandSide = [3]
        let solver = InteriorPoint(pattern: rows.pattern)
        #expect(solver.solve(program).status == .infeasible)
        program = ConvexProgram(matrix: SparseRows(pattern: rows.pattern, values: [1, -1]))
        program.cost = [-1, 0]
        let answer = solver.solve(program)
        #expect(answer.status == .unbounded, "\(answer)")
        #expect(answer.x.allSatisfy(\.isFinite) && answer.objective.isFinite)
    }
}
