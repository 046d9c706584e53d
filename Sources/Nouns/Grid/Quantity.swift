/// A unit of measure, as a type: two quantities of different units cannot be added.
public protocol MeasureUnit: Sendable {
    static var symbol: String { get }
}

/// A number with its SI unit in its type. Costs nothing: it is its `value`.
public struct Quantity<Measure: MeasureUnit>: Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// In the unit `Measure`, without prefix.
    public var value: Double

    @inlinable public init(_ value: Double) { self.value = value }

    @inlinable public static var zero: Self { Self(0) }
    @inlinable public static func + (a: Self, b: Self) -> Self { Self(a.value + b.value) }
    @inlinable public static func - (a: Self, b: Self) -> Self { Self(a.value - b.value) }
    @inlinable public static prefix func - (a: Self) -> Self { Self(-a.value) }
    @inlinable public static func * (a: Self, factor: Double) -> Self { Self(a.value * factor) }
    @inlinable public static func / (a: Self, divisor: Double) -> Self { Self(a.value / divisor) }
    @inlinable public static func / (a: Self, b: Self) -> Double { a.value / b.value }
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

public enum Watt: MeasureUnit { public static let symbol = "W" }
public enum Var: MeasureUnit { public static let symbol = "var" }
public enum VoltAmpere: MeasureUnit { public static let symbol = "VA" }
public enum WattHour: MeasureUnit { public static let symbol = "Wh" }
public enum Volt: MeasureUnit { public static let symbol = "V" }
public enum Ampere: MeasureUnit { public static let symbol = "A" }
public enum Ohm: MeasureUnit { public static let symbol = "Ω" }
public enum YuanPerWattHour: MeasureUnit { public static let symbol = "yuan/Wh" }

public typealias Power = Quantity<Watt>
public typealias ReactivePower = Quantity<Var>
public typealias ApparentPower = Quantity<VoltAmpere>
public typealias Energy = Quantity<WattHour>
public typealias Voltage = Quantity<Volt>
public typealias Current = Quantity<Ampere>
public typealias Impedance = Quantity<Ohm>
/// What one more watt-hour costs, as a dispatcher weighs it. Bills are exact integers: see `Market`.
public typealias EnergyCost = Quantity<YuanPerWattHour>

extension Power {
    @inlinable public init(kilowatts: Double) { self.init(kilowatts * 1000) }
    @inlinable public var kilowatts: Double { value / 1000 }

    /// The energy of this mean power over `hours`.
    @inlinable public func energy(hours: Double) -> Energy { Energy(value * hours) }
}

extension ReactivePower {
    @inlinable public init(kilovars: Double) { self.init(kilovars * 1000) }
    @inlinable public var kilovars: Double { value / 1000 }
}

extension Energy {
    @inlinable public init(kilowattHours: Double) { self.init(kilowattHours * 1000) }
    @inlinable public var kilowattHours: Double { value / 1000 }

    /// The constant power that gives this energy in `hours`.
    @inlinable public func power(hours: Double) -> Power { Power(value / hours) }
}

extension EnergyCost {
    @inlinable public init(yuanPerKilowattHour: Double) { self.init(yuanPerKilowattHour / 1000) }
    @inlinable public var yuanPerKilowattHour: Double { value * 1000 }
}
