/// How a solver answers a program: always with numbers, and with what they are worth.
public struct Solution: Hashable, Sendable {
    /// How a solution ended.
    public enum Status: String, Hashable, Sendable {
        case optimal
        /// Stopped at the greatest number of iterations; the residuals tell how near.
        case iterationLimit
        /// No point satisfies the constraints, as the multipliers show (Farkas).
        case infeasible
        /// The cost falls without end.
        case unbounded
        /// The factorisation failed, or the numbers left the range of doubles.
        case numericalFailure
    }

    /// How the solution ended.
    public let status: Status
    /// Number of iterations.
    public let iterations: Int
    /// cᵀx + ½xᵀQx.
    public let objective: Double
    /// Largest |A·x − b|, against 1 + largest |b|.
    public let primalResidual: Double
    /// Largest |c + Qx − Aᵀy − z|, against 1 + largest |c|.
    public let dualResidual: Double
    /// Complementarity gap Σ(x − l)z_l + Σ(u − x)z_u, against 1 + |objective|.
    public let gap: Double
    /// The variables, within their bounds.
    public let x: [Double]
    /// Multipliers (shadow prices), one a row: the rise of the objective as b rises by one.
    public let y: [Double]

    /// Of a program without variables and rows.
    static let nothing = Solution(
        status: .optimal, iterations: 0, objective: 0, primalResidual: 0, dualResidual: 0, gap: 0, x: [],
        y: [])
}
