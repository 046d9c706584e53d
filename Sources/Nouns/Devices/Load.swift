public import Grid
public import Scheduling
import Timeline

/// A consumer. Its demand follows a shape; what a controller does not let it take is unserved.
public struct Load: Hashable, Sendable {
    /// Mean active demand of each step of the scenario; never negative.
    public let demand: [Power]
    /// The greatest demand of the scenario.
    public let peak: Power
    /// Reactive demand per active demand (tan φ).
    public let reactiveRatio: Double
    /// What a Wh not served costs.
    public let valueOfLostLoad: EnergyCost

    public init(demand: [Power], reactiveRatio: Double, valueOfLostLoad: EnergyCost) {
        precondition(demand.allSatisfy { $0 >= .zero })
        self.demand = demand
        peak = demand.max() ?? .zero
        self.reactiveRatio = reactiveRatio
        self.valueOfLostLoad = valueOfLostLoad
    }
}

// A setpoint is the most a load may take, as negative power. Fallback without a setpoint: the whole demand.

extension Load {
    /// What it takes, negative, of a demand of `demand` when told to take no more than −`setpoint`.
    public func follow(_ setpoint: Power, demand: Power) -> Power {
        max(-demand, min(setpoint, .zero))
    }

    /// Taking less than the believed `demand` forgoes the value of lost load. The rating is the peak of the
    /// scenario: a load nobody sheds gets a setpoint that sheds nothing when the forecast was low.
    func offer(as id: DeviceID, over horizon: Horizon, demand: [Power]) -> Offer {
        Offer(
            device: id, horizon: horizon, lower: demand.map { -$0 },
            upper: Array(repeating: .zero, count: horizon.count), cost: Cost(constant: valueOfLostLoad),
            rating: -peak)
    }
}
