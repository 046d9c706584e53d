/// Proof of a plan's quality: how near the solution of its convex program is to the optimum, and of which
/// model of the network it is the optimum. (Certificates of green electricity are in `Market`.)
///
/// The program is: minimise cᵀx + ½xᵀQx over A·x = b, l ≤ x ≤ u. Powers are in units of the size of the
/// largest; y are the multipliers of the rows and z those of the bounds.
public struct OptimalityCertificate: Hashable, Sendable {
    /// The model of the network in a program.
    public enum Optimum: String, Hashable, Sendable {
        /// Every device on one bus; losses as forecast.
        case copperPlate = "copper-plate"
        /// Every area on one bus, with the ties between them; losses as forecast.
        case ties
        /// Linearised limits of voltages and branches.
        case networkLimits = "network-limits"
    }

    /// Largest |A·x − b|, divided by 1 + largest |b|.
    public let primalResidual: Double
    /// Largest |c + Qx − Aᵀy − z|, divided by 1 + largest |c|.
    public let dualResidual: Double
    /// Σ distance·multiplier over the bounds, divided by 1 + |objective|.
    public let gap: Double
    /// Cost that no plan can be below, yuan: the optimum of the convex relaxation, in which units run at any
    /// power and stores may give and take at once. Where neither matters it is the plan's objective. After a
    /// search for a unit commitment it is the bound of the search, less the most that secants may lie above
    /// quadratic costs.
    public var bound: Double
    /// The model of the network.
    public let optimum: Optimum

    /// Creates a certificate from the solver's residuals.
    public init(primalResidual: Double, dualResidual: Double, gap: Double, bound: Double, optimum: Optimum) {
        self.primalResidual = primalResidual
        self.dualResidual = dualResidual
        self.gap = gap
        self.bound = bound
        self.optimum = optimum
    }
}
