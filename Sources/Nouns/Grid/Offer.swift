public import Timeline

/// Which device: its place in the scenario's list.
public struct DeviceID: Hashable, Comparable, Sendable {
    public let index: Int

    public init(_ index: Int) { self.index = index }

    public static func < (a: DeviceID, b: DeviceID) -> Bool { a.index < b.index }
}

/// What a device could do over a horizon, as it believes: all a dispatcher ever learns of it. Sun, wind,
/// water, battery, genset, load and grid connection look alike here.
///
/// Power is positive when given to the network. A load of 30 kW is `lower: −30 kW, upper: 0` with a high
/// `Cost.absorb`: taking less than it wants forgoes that value.
public struct Offer: Hashable, Sendable {
    public let device: DeviceID
    public let horizon: Horizon
    /// Least and greatest power, one a step.
    public let lower: [Power]
    public let upper: [Power]
    public let cost: Cost
    /// What a plan that asks for all of `upper` sends as setpoint: the device's rating, so that a forecast
    /// that was too low curtails nothing. Nil: `upper` itself is meant.
    public let rating: Power?
    public let reservoir: Reservoir?
    /// Greatest change of power, W per s; nil when free.
    public let ramp: Double?
    /// Power now, where a ramp limit needs it.
    public let power: Power
    /// A unit that is either off or at least at this power; nil when it may run at any power.
    public let minimumWhenOn: Power?
    /// How such a unit starts and stops; nil: as it likes.
    public let cycling: Cycling?
    /// What reactive power it can give beside; nil: none that could be asked for.
    public var capability: ReactiveCapability?

    public init(
        device: DeviceID, horizon: Horizon, lower: [Power], upper: [Power], cost: Cost, rating: Power? = nil,
        reservoir: Reservoir? = nil, ramp: Double? = nil, power: Power = .zero, minimumWhenOn: Power? = nil,
        cycling: Cycling? = nil, capability: ReactiveCapability? = nil
    ) {
        precondition(lower.count == horizon.count && upper.count == horizon.count)
        precondition(zip(lower, upper).allSatisfy { $0 <= $1 })
        self.device = device
        self.horizon = horizon
        self.lower = lower
        self.upper = upper
        self.cost = cost
        self.rating = rating
        self.reservoir = reservoir
        self.ramp = ramp
        self.power = power
        self.minimumWhenOn = minimumWhenOn
        self.cycling = cycling
        self.capability = capability
    }
}

/// The cost of a power p over one step: `deliver`·p where p ≥ 0, `absorb`·p where p < 0, plus `quadratic`·p².
/// Convex where `absorb` ≤ `deliver`.
public struct Cost: Hashable, Sendable {
    /// One a step, or a single value for all steps.
    public let deliver: [EnergyCost]
    public let absorb: [EnergyCost]
    /// Yuan per (W² h).
    public let quadratic: Double
    /// Yuan per hour while a unit that can be off is on (`Offer.minimumWhenOn`).
    public let perHourOn: Double

    public init(deliver: [EnergyCost], absorb: [EnergyCost], quadratic: Double = 0, perHourOn: Double = 0) {
        self.deliver = deliver
        self.absorb = absorb
        self.quadratic = quadratic
        self.perHourOn = perHourOn
    }

    /// The same price in both directions and at all times.
    public init(constant price: EnergyCost) {
        self.init(deliver: [price], absorb: [price])
    }

    public static let free = Cost(constant: .zero)

    @inlinable public func deliver(at step: Int) -> EnergyCost { deliver[deliver.count == 1 ? 0 : step] }
    @inlinable public func absorb(at step: Int) -> EnergyCost { absorb[absorb.count == 1 ? 0 : step] }
}

/// A store of energy behind a device. Its content is the value at the end of a step:
/// stored' = stored·(1 − selfDischarge)^hours + chargeEfficiency·absorbed − delivered / dischargeEfficiency.
public struct Reservoir: Hashable, Sendable {
    public let stored: Energy
    public let minimum: Energy
    public let maximum: Energy
    public let chargeEfficiency: Double
    public let dischargeEfficiency: Double
    /// Fraction lost per hour.
    public let selfDischarge: Double

    public init(
        stored: Energy, minimum: Energy, maximum: Energy, chargeEfficiency: Double,
        dischargeEfficiency: Double,
        selfDischarge: Double
    ) {
        self.stored = stored
        self.minimum = minimum
        self.maximum = maximum
        self.chargeEfficiency = chargeEfficiency
        self.dischargeEfficiency = dischargeEfficiency
        self.selfDischarge = selfDischarge
    }
}
