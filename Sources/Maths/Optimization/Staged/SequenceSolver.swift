/// Solves programs that follow each other, each a little later in time than the last: from the last basis,
/// moved on by the stages that passed (`DualSimplex`), and where that does not come to the only optimum soon,
/// by interior point.
///
/// The last program is a hint of where to begin, never part of the answer: whatever came before, a program
/// has the same optimal cost to the solver's tolerance, and the same x where there is but one. What cannot be
/// told from the program alone are its last digits, and which y it gets where several are right. The same
/// programs in the same order get the same bits.
public final class SequenceSolver {
    private let stages: Int
    private let interior: (ConvexProgram) -> Solution
    /// Nil where nothing is begun from a hint; made when first asked.
    private lazy var simplex = hints.map { DualSimplex(pattern: $0) }
    private let hints: SparseRows.Pattern?
    /// Whether there is a basis to begin with.
    private var isWarm = false
    /// Programs still to pass before the simplex is tried again, and how many after it failed next.
    private var (rest, pause) = (0, 1)

    /// `kernel` solves by the band of the whole program instead of stage by stage, and without a hint.
    public init(pattern: SparseRows.Pattern, stages: Int, kernel: InteriorPoint.Kernel? = nil) {
        self.stages = max(stages, 1)
        guard kernel == nil, let staging = Staging(pattern, stages: stages) else {
            interior = InteriorPoint(pattern: pattern, kernel: kernel ?? .loops).solve
            hints = nil
            return
        }
        let solver = StagedInteriorPoint(pattern: staging.pattern)
        interior = { solver.solve(staging.staged($0)) }
        hints = pattern
    }

    /// `passed`: stages between the begin of the last program and of this one; nil where the last is no hint.
    public func solve(_ program: ConvexProgram, passed: Int? = nil) -> Solution {
        guard let simplex else { return interior(program) }
        if passed == nil { isWarm = false }
        guard isWarm else { return learn(simplex, interior(program), program) }
        simplex.turn(passed! * (simplex.pattern.columns / stages))
        guard rest == 0 else {
            rest -= 1
            return learn(simplex, interior(program), program)
        }
        if let solution = simplex.solve(program) {
            pause = 1
            return solution
        }
        (rest, pause) = (pause, min(2 * pause, 1024))
        return learn(simplex, interior(program), program)
    }

    /// What lies between its bounds is guessed to be basic.
    private func learn(_ simplex: DualSimplex, _ solution: Solution, _ program: ConvexProgram) -> Solution {
        isWarm = solution.status == .optimal
        for j in 0..<program.variables {
            let x = solution.x[j]
            simplex.isBasic[j] = min(x - program.lower[j], program.upper[j] - x) > 1e-6
        }
        return solution
    }
}

extension DualSimplex {
    /// Moves the guess on in time: the columns that pass at the begin are taken for those that come at the
    /// end, as if the day repeated itself.
    fileprivate func turn(_ columns: Int) {
        guard columns % pattern.columns != 0 else { return }
        let old = Array(isBasic)
        for j in old.indices { isBasic[j] = old[(j + columns) % old.count] }
    }
}
