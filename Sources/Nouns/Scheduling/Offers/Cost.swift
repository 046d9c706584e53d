public import Grid

/// The cost of a power p over one step: `deliver`·p where p ≥ 0, `absorb`·p where p < 0, plus `quadratic`·p².
/// Convex where `absorb` ≤ `deliver`.
public struct Cost: Hashable, Sendable {
    /// Price of giving, one value a step or a single value for all steps.
    public var deliver: [EnergyCost]
    /// Price that taking earns, one value a step or a single value for all steps.
    public var absorb: [EnergyCost]
    /// Quadratic part, yuan per (W² h).
    public var quadratic: Double
    /// Cost of each hour on of a unit that can be off (`Offer.minimumWhenOn`), yuan/h.
    public var perHourOn: Double

    /// Creates a cost from its prices.
    public init(deliver: [EnergyCost], absorb: [EnergyCost], quadratic: Double = 0, perHourOn: Double = 0) {
        self.deliver = deliver
        self.absorb = absorb
        self.quadratic = quadratic
        self.perHourOn = perHourOn
    }

    /// Creates a cost with one price in both directions and in all steps.
    public init(constant price: EnergyCost) {
        self.init(deliver: [price], absorb: [price])
    }

    /// No cost.
    public static let free = Cost(constant: .zero)

    /// Returns the price of giving in a step.
    @inlinable public func deliver(at step: Int) -> EnergyCost { deliver[deliver.count == 1 ? 0 : step] }

    /// Returns the price that taking earns in a step.
    @inlinable public func absorb(at step: Int) -> EnergyCost { absorb[absorb.count == 1 ? 0 : step] }
}
