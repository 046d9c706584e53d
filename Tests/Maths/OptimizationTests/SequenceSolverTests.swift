import Optimization
import TestSupport
import Testing

@Suite struct SequenceSolverTests {
    /// Windows on a longer horizon, each beginning `passed` stages after the last.
    private func windows(_ random: inout SplitMix64, count: Int, passed: Int) -> [ConvexProgram] {
        let (stages, width) = (10, 6)
        let long = stagedProgram(&random, stages: stages + count * passed, curved: false)
        let values = stagedProgram(&random, stages: stages, curved: false).matrix
        return (0..<count).map { k in
            var program = ConvexProgram(matrix: values)
            let first = k * passed * width
            program.cost = Array(long.cost[first..<first + stages * width])
            program.lower = program.cost.map { _ in 0 }
            program.upper = program.cost.map { _ in 4 }
            let inside = program.cost.map { 1 + $0 / 4 }
            for row in 0..<program.rows {
                for e in values.pattern.start[row]..<values.pattern.start[row + 1] {
                    program.rightHandSide[row] += values.values[e] * inside[values.pattern.column[e]]
                }
            }
            return program
        }
    }

    /// Right hints, wrong ones and none: the same optimum.
    @Test(arguments: 1...30) func aHintChangesNoOptimum(seed: UInt64) {
        var random = SplitMix64(skipping: seed)
        let sequence = windows(&random, count: 6, passed: 1 + Int(seed) % 3)
        let pattern = sequence[0].matrix.pattern
        let solver = SequenceSolver(pattern: pattern, stages: 10)
        for (k, program) in sequence.enumerated() {
            let hint = k == 0 ? nil : Int(random.uniform(0...10))
            let warm = solver.solve(program, passed: hint)
            let cold = SequenceSolver(pattern: pattern, stages: 10).solve(program)
            #expect(warm.status == .optimal && cold.status == .optimal)
            #expect(abs(warm.objective - cold.objective) < 3e-8 * (1 + abs(cold.objective)))
            let defect = kktDefect(program, warm)
            #expect(defect.violation < 1e-7 && defect.gap < 2e-8, "\(defect)")
        }
    }

    /// The second time nothing is left to do, and the answer is sharper than any interior point's.
    @Test func theSameProgramAgainNeedsNoExchange() {
        var random = SplitMix64(skipping: 5)
        let program = windows(&random, count: 1, passed: 1)[0]
        let solver = SequenceSolver(pattern: program.matrix.pattern, stages: 10)
        let first = solver.solve(program)
        let second = solver.solve(program, passed: 0)
        #expect(first.iterations > 3 && second.iterations == 0)
        #expect(second.primalResidual < 1e-12 && second.gap < 1e-12)
        #expect(solver.solve(program) == first)
    }
}
