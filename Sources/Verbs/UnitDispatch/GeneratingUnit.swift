public import Grid

/// A generator that runs, for one period.
public struct GeneratingUnit: Hashable, Sendable {
    /// Least and largest power.
    public let limits: ClosedRange<Power>
    public let cost: CostCurve

    public init(limits: ClosedRange<Power>, cost: CostCurve) {
        self.limits = limits
        self.cost = cost
    }
}

/// What is wrong with a unit that was given, by its index.
public struct UnitMistake: Error, Hashable, CustomStringConvertible {
    public enum Kind: String, Sendable {
        case limits = "has limits that are not finite"
        case cost = "has a cost that is not convex, or not finite"
    }

    public let unit: Int
    public let kind: Kind

    public init(unit: Int, kind: Kind) {
        self.unit = unit
        self.kind = kind
    }

    public var description: String { "unit \(unit) \(kind.rawValue)" }
}
