public import Grid

/// What each unit gives in one period, and how good that is.
public struct UnitSchedule: Hashable, Sendable {
    public enum Status: Hashable, Sendable {
        case optimal
        /// All units at their largest power are short of the demand by this.
        case short(by: Power)
        /// All units at their least power give this more than the demand.
        case excess(by: Power)
        /// The iteration did not end; what stands here is its last step.
        case iterationLimit
    }

    /// The prices at which this schedule is optimal: one where a unit can give a little more and a little
    /// less at the same cost; at a kink, where no unit can, an interval. Nil: without bound on that side,
    /// because no unit can give less (or more).
    public struct PriceInterval: Hashable, Sendable {
        public let lowest: EnergyCost?
        public let highest: EnergyCost?

        public init(lowest: EnergyCost?, highest: EnergyCost?) {
            self.lowest = lowest
            self.highest = highest
        }
    }

    public internal(set) var status: Status
    /// Of each unit, W.
    public internal(set) var powers: [Double]
    /// What one more watt-hour of demand costs, λ. Where there are losses, of a demand at the reference of
    /// the loss formula.
    public internal(set) var price: PriceInterval
    /// Money/h, constants included.
    public internal(set) var cost: Double
    /// What is lost on the way.
    public internal(set) var loss: Power
    /// |Σ powers − loss − demand|, of an answer that is optimal: rounding.
    public internal(set) var mismatch: Power

    /// An unfilled one for `units` units, to be solved into.
    public init(units: Int) {
        status = .iterationLimit
        powers = Array(repeating: 0, count: units)
        price = PriceInterval(lowest: nil, highest: nil)
        cost = 0
        loss = .zero
        mismatch = .zero
    }
}
