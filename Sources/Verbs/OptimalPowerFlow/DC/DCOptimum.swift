public import Grid

/// Result of a DC optimal power flow: dispatch, flows and prices, with the residuals of the optimality
/// conditions.
public struct DCOptimum: Hashable, Sendable {
    /// Outcome of the optimisation.
    public enum Status: String, Hashable, Sendable {
        /// The optimality conditions hold to the tolerance.
        case optimal
        /// No dispatch satisfies all limits: the multipliers prove it, or there is power in `missing`.
        case infeasible
        /// The iteration did not converge; the values are those of its last step.
        case iterationLimit = "iteration-limit"
    }

    /// Power that would be needed at a bus, beyond its generators, to satisfy all limits.
    public struct Missing: Hashable, Sendable {
        /// Index of the bus.
        public let bus: Int
        /// Missing power; negative where power would have to be taken.
        public let active: Power
    }

    /// A binding limit of a branch and its shadow price.
    public struct BindingLimit: Hashable, Sendable {
        /// Thermal rating, or limit of the angle difference.
        public enum Kind: String, Hashable, Sendable { case rating, angle }

        /// Index of the branch.
        public let branch: Int
        /// Kind of limit.
        public let kind: Kind
        /// Saving for one watt more; positive where the flow from → to is at its upper limit, negative at its
        /// lower.
        public let price: EnergyCost
    }

    /// Outcome of the optimisation.
    public internal(set) var status: Status
    /// Cost, money/h, with the constant terms.
    public internal(set) var cost: Double
    /// Power by generator, W, positive into the network; 0 where it is not connected.
    public internal(set) var powers: [Double]
    /// Voltage angle by bus, rad; 0 at the reference bus of each island.
    public internal(set) var angles: [Double]
    /// Flow by branch, W, positive from → to.
    public internal(set) var flows: [Double]
    /// Nodal price by bus. Without losses the loss component is 0.
    public internal(set) var prices: [NodalPrice]
    /// Reference bus of the island of each bus.
    public internal(set) var references: [Int]
    /// Binding limits, in the order of their branches.
    public internal(set) var binding: [BindingLimit]
    /// Shadow prices of the flow limits, by branch, binding or not: above 0 for an upper limit, below 0 for a
    /// lower one.
    public internal(set) var flowLimitPrices: [EnergyCost]
    /// Shadow prices of the power limits, by generator, with the same sign. With a piecewise linear cost,
    /// those of its first and last piece.
    public internal(set) var powerLimitPrices: [EnergyCost]
    /// Losses of all branches, W; 0 where the model has none.
    public internal(set) var losses: Double
    /// Where the case is infeasible: the least missing power in total, by bus. Several buses may share it in
    /// more than one way.
    public internal(set) var missing: [Missing]
    /// Largest violation of a balance or a branch limit, p.u. of the base power.
    public internal(set) var primalResidual: Double
    /// Largest violation of stationarity in units and, divided by the sum of |b|, in angles, as a fraction of
    /// the largest incremental cost.
    public internal(set) var dualResidual: Double
    /// Sum of all products of multiplier and distance to a limit, as a fraction of the cost.
    public internal(set) var gap: Double
    /// Newton steps.
    public internal(set) var iterations: Int
}

/// The mistakes that make an optimal power flow of a case impossible.
public struct CaseMistake: Error, Hashable, CustomStringConvertible {
    /// One message a mistake.
    public let messages: [String]

    /// All messages, one a line.
    public var description: String { messages.joined(separator: "\n") }
}
