public import Grid

/// Schedule of all units for one period, with its cost and marginal price.
public struct UnitSchedule: Hashable, Sendable {
    /// Outcome of the dispatch.
    public enum Status: Hashable, Sendable {
        /// The schedule is the cheapest.
        case optimal
        /// The maximum power of all units is below the demand by this power.
        case short(by: Power)
        /// The minimum power of all units is above the demand by this power.
        case excess(by: Power)
        /// The iteration did not converge; the values are those of its last step.
        case iterationLimit
    }

    /// Marginal prices at which the schedule is optimal.
    ///
    /// One price where a unit can increase and decrease its power at the same incremental cost. At a kink,
    /// where no unit can, an interval. Nil: no bound on that side, because no unit can decrease (or increase)
    /// its power.
    public struct PriceInterval: Hashable, Sendable {
        /// Lowest price; nil without a bound.
        public let lowest: EnergyCost?
        /// Highest price; nil without a bound.
        public let highest: EnergyCost?

        /// Creates an interval.
        public init(lowest: EnergyCost?, highest: EnergyCost?) {
            self.lowest = lowest
            self.highest = highest
        }
    }

    /// Outcome of the dispatch.
    public internal(set) var status: Status
    /// Power of each unit, W.
    public internal(set) var powers: [Double]
    /// Marginal price λ: the cost of one more watt-hour of demand; with losses, of demand at the reference of
    /// the loss formula.
    public internal(set) var price: PriceInterval
    /// Cost, money/h, with the constant terms.
    public internal(set) var cost: Double
    /// Network losses.
    public internal(set) var loss: Power
    /// |Σ powers − loss − demand|; only rounding where the schedule is optimal.
    public internal(set) var mismatch: Power

    /// Creates an empty schedule for `units` units, for `EqualIncrementalCost/solve(demand:into:)`.
    public init(units: Int) {
        status = .iterationLimit
        powers = Array(repeating: 0, count: units)
        price = PriceInterval(lowest: nil, highest: nil)
        cost = 0
        loss = .zero
        mismatch = .zero
    }
}
