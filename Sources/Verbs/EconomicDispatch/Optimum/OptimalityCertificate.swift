/// What proves a plan: how near the program it comes from is to its optimum, and an optimum of what it is.
///
/// With the program minimise cᵀx + ½xᵀQx over A·x = b, l ≤ x ≤ u, powers in units of the size of the largest,
/// multipliers y of the rows and z of the bounds:
public struct OptimalityCertificate: Hashable, Sendable {
    public enum Optimum: String, Hashable, Sendable {
        /// Every device on one bus; losses as forecast.
        case copperPlate = "copper-plate"
        /// Every area on one bus, ties between them as stated; losses as forecast.
        case ties
        /// With linearised limits of voltages and branches.
        case networkLimits = "network-limits"
    }

    /// Largest |A·x − b|, against 1 + largest |b|.
    public let primalResidual: Double
    /// Largest |c + Qx − Aᵀy − z|, against 1 + largest |c|.
    public let dualResidual: Double
    /// Σ distance·multiplier over the bounds, against 1 + |objective|.
    public let gap: Double
    /// Yuan below which no plan can cost: the optimum of the convex relaxation, in which units run at any
    /// power and stores may give and take at once. Where neither matters it is the plan's objective.
    /// Where units on and off were searched it is the search's bound, less what its secants may lie above
    /// curved costs.
    public internal(set) var bound: Double
    public let optimum: Optimum
}
