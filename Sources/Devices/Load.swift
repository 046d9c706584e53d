public import Grid

/// A consumer. Its demand follows a shape; what a controller does not let it take is unserved.
public struct Load: Hashable, Sendable {
    /// Mean active demand of each step of the scenario, positive.
    public let demand: [Power]
    /// Reactive demand per active demand (tan φ).
    public let reactiveRatio: Double
    /// What a Wh not served costs.
    public let valueOfLostLoad: EnergyCost

    public init(demand: [Power], reactiveRatio: Double, valueOfLostLoad: EnergyCost) {
        self.demand = demand
        self.reactiveRatio = reactiveRatio
        self.valueOfLostLoad = valueOfLostLoad
    }
}
