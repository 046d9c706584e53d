public import DistributedDispatch
public import Grid

/// How far the plans that agents agreed on may be above the least cost, over a run.
public struct GapTally: Hashable, Sendable {
    /// Plans with a bound.
    public private(set) var plans = 0
    /// Sum of |bound| and of what plans may cost above it, yuan. Horizons overlap, so that only the ratio of
    /// the two means something.
    public private(set) var bounds = 0.0
    /// What the plans may cost above their bounds, yuan, likewise.
    public private(set) var above = 0.0
    /// Largest remainder of a plan in a step, by magnitude, that agents left to the connection.
    public private(set) var imbalance = Power.zero
    /// Plans in which an agent had no part.
    public private(set) var incomplete = 0

    /// Counts nothing.
    public init() {}

    /// Counts a plan.
    public mutating func add(_ gap: DispatchGap) {
        plans += 1
        bounds += abs(gap.bound)
        above += max(gap.cost - gap.bound, 0)
        if abs(gap.imbalance.value) > abs(imbalance.value) { imbalance = gap.imbalance }
        if !gap.missing.isEmpty { incomplete += 1 }
    }

    /// What the plans may cost above the least, as a share of it; nil without plans.
    public var share: Double? { plans > 0 && bounds > 0 ? above / bounds : nil }
}
