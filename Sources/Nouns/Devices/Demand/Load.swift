public import Grid
import Scheduling
import Timeline

/// A consumer. Demand that a setpoint does not let it take is not served.
public struct Load: Hashable, Sendable {
    /// Mean active demand of each step of the scenario; never negative.
    public var demand: [Power] {
        didSet {
            precondition(demand.count == oldValue.count && demand.allSatisfy { $0 >= .zero })
            peak = demand.max() ?? .zero
        }
    }
    /// The greatest demand of the scenario.
    public private(set) var peak: Power
    /// Reactive demand per active demand (tan φ); the mean one of a measured reactive demand.
    public let reactiveRatio: Double
    /// Cost of a Wh not served.
    public var valueOfLostLoad: EnergyCost
    /// In an island the load with the lowest priority is shed first, and picked up last.
    public var priority: Int
    /// Demand that is expected in the first steps, before any was measured: that of the load's shape. Empty
    /// where only measurements tell.
    public var expected: [Power]
    /// Measured reactive demand of each step of the scenario; empty: `reactiveRatio` says it.
    public let reactive: [ReactivePower]

    /// Creates a load; its demand must not be negative.
    public init(
        demand: [Power], reactiveRatio: Double, valueOfLostLoad: EnergyCost, priority: Int = 0,
        expected: [Power] = [], reactive: [ReactivePower] = []
    ) {
        precondition(reactive.isEmpty || reactive.count == demand.count)
        self.reactive = reactive
        precondition(demand.allSatisfy { $0 >= .zero } && expected.allSatisfy { $0 >= .zero })
        self.demand = demand
        self.expected = expected
        peak = demand.max() ?? .zero
        self.reactiveRatio = reactive.isEmpty ? reactiveRatio : MeasuredPlant.ratio(reactive, to: demand)
        self.valueOfLostLoad = valueOfLostLoad
        self.priority = priority
    }
}

// A setpoint is the most a load may take, as negative power. Fallback without a setpoint: the whole demand.

extension Load {
    /// Returns the power, negative, that it takes of `demand` under a setpoint: at most −`setpoint`.
    public func follow(_ setpoint: Power, demand: Power) -> Power {
        max(-demand, min(setpoint, .zero))
    }

    /// Taking less than the forecast `demand` forgoes the value of lost load. The rating is the peak of the
    /// scenario: a load that is not shed gets a setpoint that sheds nothing where the forecast was low.
    func offer(
        as id: DeviceID, over horizon: Horizon, demand: consuming [Power], _ zeros: [Power]
    ) -> Offer {
        // In place: a year of plans makes many of these.
        for step in demand.indices { demand[step] = -demand[step] }
        return Offer(
            device: id, role: .load, horizon: horizon, lower: demand, upper: zeros,
            cost: Cost(constant: valueOfLostLoad), rating: -peak)
    }
}
