public import Grid
public import Timeline

/// Identity of a device: its place in the scenario's list.
public struct DeviceID: Hashable, Comparable, Sendable {
    /// Place in the list of devices, from 0.
    public let index: Int

    /// Creates the identity of the device at a place of the list.
    public init(_ index: Int) { self.index = index }

    /// Orders devices by index.
    public static func < (a: DeviceID, b: DeviceID) -> Bool { a.index < b.index }
}

/// What a device could do over a horizon, by its own forecast. A dispatcher knows nothing else of a device.
///
/// ```swift
/// let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
/// let demand = Power(kilowatts: 30)
/// let load = Offer(
///     device: DeviceID(0), horizon: day, lower: day.map { _ in -demand },
///     upper: day.map { _ in .zero },
///     cost: Cost(constant: EnergyCost(yuanPerKilowattHour: 20)))  // Value of lost load.
/// ```
///
/// Power is positive when given to the network. A load of 30 kW is `lower: −30 kW, upper: 0` with a high
/// `Cost.absorb`: what it does not take forgoes that value.
public struct Offer: Hashable, Sendable {
    /// The part that a device plays in a plan. It does not follow from bounds: a grid connection that may
    /// only export is no load, and one that may only import is no source of its own.
    public enum Role: String, Hashable, Sendable {
        /// Generates: sun, wind, water, fuel.
        case source
        /// Stores energy.
        case store
        /// A consumer. Demand that it does not take is not served.
        case load
        /// A grid connection: buys and sells.
        case connection
    }

    /// The device that makes the offer.
    public var device: DeviceID
    /// Its part in a plan.
    public let role: Role
    /// The steps that the offer covers.
    public var horizon: Horizon
    /// Least power, one value a step.
    public var lower: [Power]
    /// Greatest power, one value a step, not below `lower`.
    public var upper: [Power]
    /// Cost of giving and taking.
    public var cost: Cost
    /// The device's rating: the setpoint that is sent where a plan uses all of `upper`, so that a forecast
    /// that was too low curtails nothing. Nil: `upper` itself is sent.
    public var rating: Power?
    /// The store behind the device; nil without one.
    public var reservoir: Reservoir?
    /// Greatest change of power, W per s; nil where free.
    public var ramp: Double?
    /// Power before the first step, where a ramp limit needs it.
    public var power: Power
    /// Least power of a unit that is either off or at least at this power; nil where it may run at any power.
    public var minimumWhenOn: Power?
    /// Minimum times and start costs of such a unit; nil: none.
    public var cycling: Cycling?
    /// Reactive power that the device can give beside; nil: none can be asked for.
    public var capability: ReactiveCapability?

    /// Creates an offer. The arrays must have one value for each step of the horizon.
    ///
    /// Without a `role`, an offer with a reservoir is a store, one that may only take a load, one that may
    /// give and take a connection, and any other a source.
    public init(
        device: DeviceID, role: Role? = nil, horizon: Horizon, lower: [Power], upper: [Power], cost: Cost,
        rating: Power? = nil,
        reservoir: Reservoir? = nil, ramp: Double? = nil, power: Power = .zero, minimumWhenOn: Power? = nil,
        cycling: Cycling? = nil, capability: ReactiveCapability? = nil
    ) {
        precondition(lower.count == horizon.count && upper.count == horizon.count)
        precondition(zip(lower, upper).allSatisfy { $0 <= $1 })
        precondition(role.map { ($0 == .store) == (reservoir != nil) } ?? true)
        self.role = role ?? (reservoir == nil ? Self.role(lower, upper) : .store)
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

    private static func role(_ lower: [Power], _ upper: [Power]) -> Role {
        guard lower.contains(where: { $0.value < 0 }) else { return .source }
        return upper.contains { $0.value > 0 } ? .connection : .load
    }

    /// Largest magnitude of its bounds.
    public var largestPower: Power {
        let lower = lower.reduce(0) { max($0, abs($1.value)) }
        return Power(upper.reduce(lower) { max($0, abs($1.value)) })
    }

    /// Whether it may give power in some step.
    public var canDeliver: Bool { upper.contains { $0.value > 0 } }

    /// Whether it is a consumer.
    public var isLoad: Bool { role == .load }

    /// Greatest change of power from one step to the next, W; infinite where free.
    public var rampPerStep: Double { ramp.map { $0 * Double(horizon.step) } ?? .infinity }
}
