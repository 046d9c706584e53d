public import Grid

/// Generating unit that runs, for one period.
public struct GeneratingUnit: Hashable, Sendable {
    /// Minimum and maximum power.
    public let limits: ClosedRange<Power>
    /// Cost, convex over the limits.
    public let cost: CostCurve

    /// Creates a unit.
    public init(limits: ClosedRange<Power>, cost: CostCurve) {
        self.limits = limits
        self.cost = cost
    }
}

/// Mistake in a unit, found when a dispatch is created.
public struct UnitMistake: Error, Hashable, CustomStringConvertible {
    /// Kind of mistake, as the message says it.
    public enum Kind: String, Sendable {
        /// A limit is infinite or not a number.
        case limits = "has limits that are not finite"
        /// The cost is not convex over the limits, or not finite.
        case cost = "has a cost that is not convex, or not finite"
    }

    /// Index of the unit.
    public let unit: Int
    /// Kind of mistake.
    public let kind: Kind

    /// Creates a mistake of the unit with index `unit`.
    public init(unit: Int, kind: Kind) {
        self.unit = unit
        self.kind = kind
    }

    /// Message with the index of the unit.
    public var description: String { "unit \(unit) \(kind.rawValue)" }
}
