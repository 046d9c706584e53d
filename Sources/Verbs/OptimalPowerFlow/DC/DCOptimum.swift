public import Grid

/// The cheapest dispatch of a linear (DC) network, with its prices and how sure it is.
public struct DCOptimum: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        case optimal
        /// No dispatch keeps all limits: the multipliers prove it, or something is `missing`.
        case infeasible
        /// The iteration came to no end; what stands here is its last step.
        case iterationLimit = "iteration-limit"
    }

    /// What would have to be given at a bus, beyond what its generators can, for the limits to hold.
    public struct Missing: Hashable, Sendable {
        public let bus: Int
        /// Below 0: would have to be taken.
        public let active: Power
    }

    /// A limit of a branch that binds.
    public struct BindingLimit: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable { case rating, angle }

        public let branch: Int
        public let kind: Kind
        /// What one watt more would save; above 0 where the flow from → to is at its largest, below where at
        /// its least.
        public let price: EnergyCost
    }

    public internal(set) var status: Status
    /// Money/h, constants included.
    public internal(set) var cost: Double
    /// Of each generator, W; 0 where it is not connected.
    public internal(set) var powers: [Double]
    /// Of each bus, rad; that of the reference of each island is 0.
    public internal(set) var angles: [Double]
    /// Of each branch from → to, W.
    public internal(set) var flows: [Double]
    /// Of each bus. Without losses the third part is 0.
    public internal(set) var prices: [NodalPrice]
    /// The reference bus of the island of each bus.
    public internal(set) var references: [Int]
    /// In the order of their branches.
    public internal(set) var binding: [BindingLimit]
    /// What the limits are worth, those that do not bind included, for one watt more: of each branch's flow,
    /// and of each generator's power, where its cost has pieces of the first and the last. Above 0 it is that
    /// of an upper limit, below 0 that of a lower one.
    public internal(set) var flowLimitPrices: [EnergyCost]
    public internal(set) var powerLimitPrices: [EnergyCost]
    /// What all lines lose, W.
    public internal(set) var losses: Double
    /// Where the case is infeasible: the least that is missing in sum, by bus. Where several buses would do,
    /// it may be shared out among them.
    public internal(set) var missing: [Missing]
    /// Largest violation of a balance or a branch limit, p.u. of the base power. Largest violation of
    /// stationarity, in units and, divided by the sum of |b|, in angles, as a fraction of the largest
    /// incremental cost. And the sum of all products of multiplier and distance to a limit, as a fraction
    /// of what the units cost.
    public internal(set) var primalResidual: Double
    public internal(set) var dualResidual: Double
    public internal(set) var gap: Double
    public internal(set) var iterations: Int
}

/// What of a case does not allow an optimal power flow.
public struct CaseMistake: Error, Hashable, CustomStringConvertible {
    /// One a line.
    public let messages: [String]

    public var description: String { messages.joined(separator: "\n") }
}
