/// A unit of measure, as a type: two quantities of different units cannot be added.
public protocol MeasureUnit: Sendable {
    /// Symbol of the unit: `W`.
    static var symbol: String { get }
}

/// A number with its SI unit in its type. Costs nothing: it is its `value`.
public struct Quantity<Measure: MeasureUnit>: Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// The number, in the unit `Measure` without prefix.
    public var value: Double

    /// A quantity of `value` units.
    @inlinable public init(_ value: Double) { self.value = value }

    /// Nothing.
    @inlinable public static var zero: Self { Self(0) }
    /// The sum.
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
    /// The difference.
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
    /// The quantity of opposite sign.
    @inlinable public static prefix func - (a: Self) -> Self { Self(-a.value) }
    /// The quantity `factor` times.
    @inlinable public static func * (a: Self, factor: Double) -> Self { Self(a.value * factor) }
    /// The quantity divided by a number.
    @inlinable public static func / (a: Self, divisor: Double) -> Self { Self(a.value / divisor) }
    /// How many times `b` is in `a`.
    @inlinable public static func / (a: Self, b: Self) -> Double { a.value / b.value }
    /// Whether `a` is less than `b`.
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// Unit of active power.
public enum Watt: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "W"
}

/// Unit of reactive power.
public enum Var: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "var"
}

/// Unit of apparent power.
public enum VoltAmpere: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "VA"
}

/// Unit of energy.
public enum WattHour: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "Wh"
}

/// Unit of voltage.
public enum Volt: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "V"
}

/// Unit of current.
public enum Ampere: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "A"
}

/// Unit of impedance.
public enum Ohm: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "Ω"
}

/// Unit of a cost of energy.
public enum YuanPerWattHour: MeasureUnit {
    /// Symbol of the unit.
    public static let symbol = "yuan/Wh"
}

/// Active power, W; positive into the network unless said otherwise.
public typealias Power = Quantity<Watt>
/// Reactive power, var; positive into the network unless said otherwise.
public typealias ReactivePower = Quantity<Var>
/// Apparent power, VA.
public typealias ApparentPower = Quantity<VoltAmpere>
/// Energy, Wh.
public typealias Energy = Quantity<WattHour>
/// Voltage, V.
public typealias Voltage = Quantity<Volt>
/// Current, A.
public typealias Current = Quantity<Ampere>
/// Impedance, resistance or reactance, Ω.
public typealias Impedance = Quantity<Ohm>
/// Cost of one more watt-hour in a dispatch. Bills are exact integers: see `Market`.
public typealias EnergyCost = Quantity<YuanPerWattHour>

extension Power {
    /// A power in kW.
    @inlinable public init(kilowatts: Double) { self.init(kilowatts * 1000) }
    /// The power in kW.
    @inlinable public var kilowatts: Double { value / 1000 }

    /// The energy of this mean power over `hours`.
    @inlinable public func energy(hours: Double) -> Energy { Energy(value * hours) }
}

extension ReactivePower {
    /// A reactive power in kvar.
    @inlinable public init(kilovars: Double) { self.init(kilovars * 1000) }
    /// The reactive power in kvar.
    @inlinable public var kilovars: Double { value / 1000 }
}

extension Energy {
    /// An energy in kWh.
    @inlinable public init(kilowattHours: Double) { self.init(kilowattHours * 1000) }
    /// The energy in kWh.
    @inlinable public var kilowattHours: Double { value / 1000 }

    /// The constant power that gives this energy in `hours`.
    @inlinable public func power(hours: Double) -> Power { Power(value / hours) }
}

extension EnergyCost {
    /// A cost in yuan/kWh.
    @inlinable public init(yuanPerKilowattHour: Double) { self.init(yuanPerKilowattHour / 1000) }
    /// The cost in yuan/kWh.
    @inlinable public var yuanPerKilowattHour: Double { value * 1000 }
}
