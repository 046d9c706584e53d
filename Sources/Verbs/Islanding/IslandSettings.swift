public import Grid

/// How islands behave, for all of them alike.
public struct IslandSettings: Hashable, Sendable {
    /// Nominal frequency, Hz.
    public var frequency = 50.0
    /// How long an island must last, s: its plans look so far ahead, and at least to the next plan. Without a
    /// plan the content of its stores must last so long at the power that they give, at least one step.
    public var endurance = 0.0
    /// Largest block that is picked up at once, as a fraction of the rating of the grid-forming devices; a
    /// larger load comes in parts. Assumed.
    public var stepLoad = 0.3
    /// Demand right after a long interruption as a multiple of what it is otherwise. Assumed.
    public var coldLoadFactor = 2.0
    /// Time constant with which that excess grows while a load is off, and decays afterwards, s. Assumed.
    public var coldLoadTime = 1800.0
    /// How long voltage must be back before sources reconnect and before an island is synchronised, s. The
    /// default of IEEE 1547-2018.
    public var reconnectDelay = 300.0
    /// Time from one block that is picked up to the next, s. Assumed.
    public var blockInterval = 60.0

    /// Creates the defaults.
    public init() {}

    /// Part of what all units can give that a pick-up leaves free, so that a load is not shed again in the
    /// next step. Assumed.
    static let pickUpMargin = 0.05
    /// Frequency above nominal at which sun, wind and water begin to give way, Hz (IEEE 1547-2018).
    static let deadband = 0.036
    /// Change of frequency, as a fraction of nominal, over which they give way altogether (IEEE 1547-2018).
    static let sourceDroop = 0.05
}

/// A device that can form an island, in one step.
public struct FormingUnit: Hashable, Sendable {
    /// Rated power, above 0.
    public var rating: Power
    /// Change of frequency over the rating, as a fraction of nominal; above 0.
    public var droop: Double
    /// Power before the step.
    public var power: Power
    /// Powers that it can keep for the step.
    public var range: ClosedRange<Power>
    /// Power that its setpoint asks for; nil: it has none, and goes on from its power before.
    public var asked: Power?

    /// Creates a unit.
    public init(
        rating: Power, droop: Double, power: Power, range: ClosedRange<Power>, asked: Power? = nil
    ) {
        precondition(rating > .zero && droop > 0)
        (self.rating, self.droop, self.power) = (rating, droop, power)
        (self.range, self.asked) = (range, asked)
    }
}

/// A store or machine that follows the voltage of others, in one step.
public struct FollowingUnit: Hashable, Sendable {
    /// Power before the step.
    public var power: Power
    /// Powers that it can keep for the step.
    public var range: ClosedRange<Power>
    /// Power that its setpoint asks for; nil: it has none, and goes on from its power before.
    public var asked: Power?

    /// Creates a unit.
    public init(power: Power, range: ClosedRange<Power>, asked: Power? = nil) {
        (self.power, self.range, self.asked) = (power, range, asked)
    }
}

/// A load, which is served whole or not at all.
public struct LoadBlock: Hashable, Sendable {
    /// What it takes when it is served, not negative.
    public var demand: Power
    /// The higher, the later it is shed and the earlier it is picked up.
    public var priority: Int
    /// Value of lost load; orders loads of one priority.
    public var value: EnergyCost
    /// Whether it is served at the begin of the step.
    public var isOn: Bool

    /// Creates a block.
    public init(demand: Power, priority: Int, value: EnergyCost, isOn: Bool) {
        (self.demand, self.priority, self.value, self.isOn) = (demand, priority, value, isOn)
    }
}
