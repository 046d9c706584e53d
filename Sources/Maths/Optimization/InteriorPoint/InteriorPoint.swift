/// A primal–dual interior-point method for `ConvexProgram`, Mehrotra's predictor and corrector.
///
/// ```swift
/// // Least 300 a + 450 b with a + b = 100, 0 ≤ a ≤ 60, b ≥ 0.
/// let balance = SparseRows(columns: 2, rows: [[(column: 0, value: 1), (column: 1, value: 1)]])
/// var program = ConvexProgram(matrix: balance)
/// program.cost = [300, 450]
/// program.upper = [60, .infinity]
/// program.rightHandSide = [100]
/// let solution = InteriorPoint(pattern: balance.pattern).solve(program)
/// print(solution.x, solution.y)  // About [60, 40] and the price [450].
/// ```
///
/// With multipliers z_l, z_u ≥ 0 of the bounds the optimum satisfies
///
///     A·x = b,   c + Qx − Aᵀy − z_l + z_u = 0,   (x − l)·z_l = 0,   (u − x)·z_u = 0.
///
/// Each iteration moves both products towards a common μ > 0, and μ towards 0, by Newton's method.
/// Eliminating the steps of z_l, z_u and x leaves, with Θ = (Q + z_l/(x − l) + z_u/(u − x))⁻¹ and the force f
/// defined in `predict`,
///
///     A·Θ·Aᵀ·Δy = b − A·x − A·Θ·f,     Δx = Θ·(f + Aᵀ·Δy),
///
/// which is banded when the rows are ordered by stage. The predictor aims at μ = 0; how far it gets sets the
/// μ the corrector aims at, σ = (μ_predicted/μ)³, and its products Δx·Δz are the corrector's second-order
/// term. S. Mehrotra, "On the implementation of a primal–dual interior point method", SIAM J. Optim. 2 (1992)
/// 575–601.
///
/// Made for a pattern, it solves any number of programs of that pattern without allocating in between. It
/// keeps no state between programs: the same program gives the same answer. Not thread-safe: create one
/// instance per thread.
public final class InteriorPoint {
    /// What factors the band.
    public enum Kernel: String, Hashable, Sendable, CaseIterable {
        /// Swift loops, for the narrow bands of dispatch.
        case loops
        /// LAPACK's dpbtrf and dpbtrs.
        case lapack
    }

    /// Pattern of A in every program this solver takes.
    public let pattern: SparseRows.Pattern
    /// What factors the band.
    public let kernel: Kernel
    /// Bound on both residuals and the gap, as `Solution` measures them.
    public let tolerance: Double
    /// Iterations after which `solve` gives up.
    public let iterationLimit: Int
    let normal: NormalEquations
    let work: Workspace
    let b, y, dy, primal: UnsafeMutableBufferPointer<Double>
    var scaleOfB = 1.0
    var scaleOfC = 1.0
    var bounds = 0.0
    var curved = false

    /// Allocates a solver for programs whose A has this pattern.
    public init(
        pattern: SparseRows.Pattern, kernel: Kernel = .loops, tolerance: Double = 1e-8,
        iterationLimit: Int = 100
    ) {
        self.pattern = pattern
        self.kernel = kernel
        self.tolerance = tolerance
        self.iterationLimit = iterationLimit
        normal = NormalEquations(pattern: pattern, lapack: kernel == .lapack)
        work = Workspace(variables: pattern.columns)
        let zeros = [Double](repeating: 0, count: pattern.rows)
        (b, y, dy, primal) = (copied(zeros), copied(zeros), copied(zeros), copied(zeros))
    }

    deinit {
        work.deallocate()
        for vector in [b, y, dy, primal] { vector.deallocate() }
    }

    /// The band's diagonals below the main one.
    public var bandwidth: Int { normal.bandwidth }

    /// Solves `program`, whose matrix must have this solver's pattern, and whose bounds must not cross.
    public func solve(_ program: ConvexProgram) -> Solution {
        load(program)
        guard start(program) else { return report(.numericalFailure, 0, measure(), program) }
        var measured = measure()
        var iteration = 0
        while iteration < iterationLimit, measured.isFinite {
            if measured.isWithin(tolerance) { return report(.optimal, iteration, measured, program) }
            if iteration % 10 == 9, let status = refusal(program) {
                return report(status, iteration, measured, program)
            }
            guard advance(measured.complementarity) else { break }
            iteration += 1
            measured = measure()
        }
        let stopped = iteration == iterationLimit ? Solution.Status.iterationLimit : .numericalFailure
        let status = measured.isWithin(tolerance) ? .optimal : refusal(program) ?? stopped
        return report(status, iteration, measured, program)
    }

    /// One predictor and corrector step. False where the normal equations could not be factored.
    private func advance(_ complementarity: Double) -> Bool {
        predict()
        var regularisation = 0.0
        while !normal.factor(doubles(work.theta), regularisation: regularisation) {
            regularisation = max(regularisation * 100, 1e-16)
            guard regularisation < 1e-6 else { return false }
            predict()
        }
        direct()
        var reach = followPrediction()
        let mu = complementarity / max(bounds, 1)
        let predicted = reach.complementarity(complementarity) / max(bounds, 1)
        let ratio = mu > 0 ? max(predicted, 0) / mu : 0
        correct(aim: mu * ratio * ratio * ratio)
        direct()
        reach = followCorrection()
        let (alongX, alongZ) = reach.steps(damping: 0.995, together: curved)
        move(alongX, alongZ)
        return true
    }

    /// Δy and Aᵀ·Δy from the force.
    private func direct() {
        normal.residual(primal.baseAddress!, doubles(work.scratch), into: dy.baseAddress!)
        normal.solve(dy)
        normal.transposed(dy.baseAddress!, into: doubles(work.transposed), count: work.variables)
    }
}
