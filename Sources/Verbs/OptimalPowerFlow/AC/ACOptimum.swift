public import Grid

/// Result of an AC optimal power flow: dispatch, voltages, flows and prices, with the residuals of the
/// optimality conditions.
public struct ACOptimum: Hashable, Sendable {
    /// Outcome of the optimisation.
    public enum Status: String, Hashable, Sendable {
        /// The conditions of a local optimum hold to 1e-8.
        case optimal
        /// No point that satisfies all limits was found; the least missing power is in `missing`.
        case infeasible
        /// The iteration did not converge; the values are those of its last step.
        case iterationLimit = "iteration-limit"
        /// The linear systems could not be solved; the values are those of the last step.
        case numericalFailure = "numerical-failure"
    }

    /// Power that would be needed at a bus, beyond its generators, to satisfy all limits.
    public struct Missing: Hashable, Sendable {
        /// Index of the bus.
        public let bus: Int
        /// Missing active power; negative where power would have to be taken.
        public let active: Power
        /// Missing reactive power; negative where it would have to be taken.
        public let reactive: ReactivePower
    }

    /// A binding limit and its shadow price.
    public struct BindingLimit: Hashable, Sendable {
        /// Kind of limit, with the index of its bus or branch.
        public enum Kind: Hashable, Sendable {
            /// Upper or lower limit of |V| at a bus.
            case largestVoltage(bus: Int), leastVoltage(bus: Int)
            /// Rating at the from end or the to end of a branch; upper limit of its angle difference.
            case ratingFrom(branch: Int), ratingTo(branch: Int), largestAngle(branch: Int)
            /// Lower limit of the angle difference of a branch.
            case leastAngle(branch: Int)
        }

        /// The limit.
        public let kind: Kind
        /// Saving for one unit more, money/h: for each VA of a rating, each nominal voltage of |V|, each rad
        /// of an angle.
        public let price: Double
    }

    /// Outcome of the optimisation.
    public internal(set) var status: Status
    /// Cost, money/h, with the constant terms.
    public internal(set) var cost: Double
    /// Active power by generator, positive into the network; 0 where it is not connected or de-energised.
    public internal(set) var active: [Power]
    /// Reactive power by generator, positive into the network; 0 where it is not connected or de-energised.
    public internal(set) var reactive: [ReactivePower]
    /// |V| by bus, as a fraction of nominal; 0 where it is de-energised.
    public internal(set) var voltages: [Double]
    /// Voltage angle by bus, rad; 0 where it is de-energised.
    public internal(set) var angles: [Double]
    /// Active power that enters each branch at its from end.
    public internal(set) var powerFrom: [Power]
    /// Active power that enters each branch at its to end.
    public internal(set) var powerTo: [Power]
    /// Reactive power that enters each branch at its from end.
    public internal(set) var reactiveFrom: [ReactivePower]
    /// Reactive power that enters each branch at its to end.
    public internal(set) var reactiveTo: [ReactivePower]
    /// Nodal price of active power by bus; 0 where it is de-energised.
    public internal(set) var prices: [NodalPrice]
    /// Nodal price of reactive power by bus, money/(var·h).
    public internal(set) var reactivePrices: [Double]
    /// Binding limits: those of buses first, in order of their indices.
    public internal(set) var binding: [BindingLimit]
    /// Shadow prices of all limits.
    public internal(set) var limitPrices: ACLimitPrices
    /// Where the case is infeasible, the largest missing power of all buses.
    public internal(set) var missing: Missing?
    /// Residuals of the optimality conditions.
    public internal(set) var residuals: ACResiduals
    /// Newton steps, with those of attempts that failed.
    public internal(set) var iterations: Int
}
