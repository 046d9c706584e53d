public import Grid

/// The cheapest dispatch of a network with its full equations of power flow, its prices, and how sure it is.
public struct ACOptimum: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        /// The conditions of a local optimum hold to 1e-8.
        case optimal
        /// As far as can be seen from here nothing keeps all limits: what is least missing is in `missing`.
        case infeasible
        /// The iteration came to no end; what stands here is its last step.
        case iterationLimit = "iteration-limit"
        case numericalFailure = "numerical-failure"
    }

    /// What would have to be given at a bus, beyond what its generators can, for the limits to hold.
    public struct Missing: Hashable, Sendable {
        public let bus: Int
        /// Below 0: would have to be taken.
        public let active: Power
        public let reactive: ReactivePower
    }

    /// A limit that binds.
    public struct BindingLimit: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// Of a bus: its |V| at its largest or least.
            case largestVoltage(bus: Int), leastVoltage(bus: Int)
            /// Of a branch: its rating at one end; its angle at its largest or least.
            case ratingFrom(branch: Int), ratingTo(branch: Int), largestAngle(branch: Int)
            case leastAngle(branch: Int)
        }

        public let kind: Kind
        /// What a little more would save, money/h: for each VA of a rating, each nominal voltage of a |V|,
        /// each rad of an angle.
        public let price: Double
    }

    public internal(set) var status: Status
    /// Money/h, constants included.
    public internal(set) var cost: Double
    /// Of each generator, W and var given; 0 where it is not connected or de-energised.
    public internal(set) var active: [Power]
    public internal(set) var reactive: [ReactivePower]
    /// Of each bus: |V| as a fraction of nominal, rad; 0 where it is de-energised.
    public internal(set) var voltages: [Double]
    public internal(set) var angles: [Double]
    /// Of each branch, what enters it at each end.
    public internal(set) var powerFrom: [Power]
    public internal(set) var powerTo: [Power]
    public internal(set) var reactiveFrom: [ReactivePower]
    public internal(set) var reactiveTo: [ReactivePower]
    /// Of each bus, of active power; 0 where it is de-energised.
    public internal(set) var prices: [NodalPrice]
    /// Of each bus, of reactive power: money/varh.
    public internal(set) var reactivePrices: [Double]
    /// Buses first, in the order of their indices.
    public internal(set) var binding: [BindingLimit]
    public internal(set) var limitPrices: ACLimitPrices
    /// Where the case is infeasible, the worst of all balances.
    public internal(set) var missing: Missing?
    public internal(set) var residuals: ACResiduals
    /// Steps of Newton's method, those of attempts that failed included.
    public internal(set) var iterations: Int
}
