import Glibc
public import Grid

/// Demand that can be moved in time: a fleet of electric vehicles, work with a deadline, a heat pump.
///
/// All three are a store that a use drains: `Reservoir` says how content, drain and required content go
/// together. Content is counted in energy that the network charged, or could get back.
public struct FlexibleDemand: Hashable, Sendable {
    /// What drains the store.
    public enum Use: Hashable, Sendable {
        /// A use at known times, by step of the scenario: trips of vehicles, or finished work.
        case sessions(Sessions)
        /// The heat losses of a building.
        case heat(Building)
    }

    /// What drains the store.
    public let use: Use
    /// Greatest power taken from the network.
    public var power: Power
    /// Greatest power given to the network; zero unless vehicles feed it.
    public var feedPower: Power
    /// Greatest content.
    public let capacity: Energy
    /// Least content that feeding the network leaves.
    public let reserve: Energy
    /// Fraction of the energy taken that reaches the store.
    public var chargeEfficiency: Double
    /// Fraction of the energy drawn from the store that reaches the network.
    public var dischargeEfficiency: Double
    /// Content before the first step.
    public let initial: Energy
    /// Cost of ageing for each Wh given to the network.
    public var wear: EnergyCost

    /// Creates a demand; the initial content must be within its bounds.
    public init(
        use: Use, power: Power, feedPower: Power = .zero, capacity: Energy, reserve: Energy = .zero,
        chargeEfficiency: Double = 1, dischargeEfficiency: Double = 1, initial: Energy,
        wear: EnergyCost = .zero
    ) {
        precondition(reserve >= .zero && initial >= .zero && max(reserve, initial) <= capacity)
        precondition(power >= .zero && feedPower >= .zero)
        (self.use, self.power, self.feedPower) = (use, power, feedPower)
        (self.capacity, self.reserve, self.initial) = (capacity, reserve, initial)
        (self.chargeEfficiency, self.dischargeEfficiency) = (chargeEfficiency, dischargeEfficiency)
        self.wear = wear
    }
}

/// A heated building as one store of heat between two temperatures, and the heat pump that serves it.
///
/// Content is heat above the lower temperature divided by the coefficient of performance. The heat that the
/// building loses at the lower temperature is the drain; what it loses besides, because it is warmer, is a
/// self-discharge of 1 − e^(−H/C) an hour. It is one thermal zone; heat from hot outside air does not
/// count.
public struct Building: Hashable, Sendable {
    /// Heat loss for each kelvin to the outside air, W/K.
    public let heatLoss: Double
    /// Heat that warms the building by one kelvin, Wh/K.
    public let heatCapacity: Double
    /// Temperatures that are kept, °C.
    public let temperatures: ClosedRange<Double>
    /// Heat for each unit of electricity, the same at every temperature.
    public let performance: Double
    /// Heat of people, appliances and sun, W.
    public let gains: Double

    /// Creates a building; all but `gains` must be above zero.
    public init(
        heatLoss: Double, heatCapacity: Double, temperatures: ClosedRange<Double>, performance: Double,
        gains: Double = 0
    ) {
        precondition(heatLoss > 0 && heatCapacity > 0 && performance > 0 && gains >= 0)
        (self.heatLoss, self.heatCapacity, self.temperatures) = (heatLoss, heatCapacity, temperatures)
        (self.performance, self.gains) = (performance, gains)
    }

    /// Electricity that keeps the lower temperature in outside air of `temperature` °C.
    public func need(at temperature: Double) -> Power {
        Power(max(0, heatLoss * (temperatures.lowerBound - temperature) - gains) / performance)
    }

    /// Electricity that warms the building through the band.
    public var capacity: Energy {
        Energy(heatCapacity * (temperatures.upperBound - temperatures.lowerBound) / performance)
    }

    /// Fraction of the content lost per hour.
    public var selfDischarge: Double { -expm1(-heatLoss / heatCapacity) }

    /// Temperature with a content, °C.
    public func temperature(with content: Energy) -> Double {
        temperatures.lowerBound + content.value * performance / heatCapacity
    }
}

/// When a demand is connected, and what it needs by when, by step of the scenario.
public struct Sessions: Hashable, Sendable {
    /// Whether it is connected to the network.
    public let isConnected: [Bool]
    /// Energy that its use takes in the first step after a session.
    public let need: [Energy]

    /// Creates sessions from the steps in which the demand is connected; `energy` is needed after each that
    /// ends, at the end of the last of its steps.
    public init(isConnected: [Bool], energy: Energy) {
        self.isConnected = isConnected
        need = isConnected.indices.map { step in
            step > 0 && isConnected[step - 1] && !isConnected[step] ? energy : .zero
        }
    }

    /// Content that the steps of a range must leave, above the least content: the energy of the use that
    /// begins next.
    func wanted(_ steps: Range<Int>) -> [Energy] {
        steps.map { $0 + 1 < need.count ? need[$0 + 1] : .zero }
    }
}
