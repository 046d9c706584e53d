/// An amount of energy in whole watt-hours, as a meter counts it. May be negative.
public struct WattHours: Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// Watt-hours.
    public let count: Int64

    /// Creates `count` watt-hours.
    public init(_ count: Int64) { self.count = count }

    /// No energy.
    public static let zero = WattHours(0)
    /// Returns the sum; traps beyond 64 bits.
    public static func + (a: WattHours, b: WattHours) -> WattHours { WattHours(a.count + b.count) }
    /// Returns the difference; traps beyond 64 bits.
    public static func - (a: WattHours, b: WattHours) -> WattHours { WattHours(a.count - b.count) }
    /// Compares the amounts.
    public static func < (a: WattHours, b: WattHours) -> Bool { a.count < b.count }
}

/// An amount of money in whole fen (0.01 yuan). Positive is received, negative is paid.
public struct Money: Hashable, Comparable, Sendable, AdditiveArithmetic {
    /// Fen.
    public let fen: Int64

    /// Creates `fen` fen.
    public init(fen: Int64) { self.fen = fen }

    /// No money.
    public static let zero = Money(fen: 0)
    /// Returns the sum; traps beyond 64 bits.
    public static func + (a: Money, b: Money) -> Money { Money(fen: a.fen + b.fen) }
    /// Returns the difference; traps beyond 64 bits.
    public static func - (a: Money, b: Money) -> Money { Money(fen: a.fen - b.fen) }
    /// Returns the same amount with the other sign.
    public static prefix func - (a: Money) -> Money { Money(fen: -a.fen) }
    /// Compares the amounts.
    public static func < (a: Money, b: Money) -> Bool { a.fen < b.fen }
}

/// A price of energy in whole µyuan per kWh, which is 0.001 yuan per MWh: prices published in yuan/kWh to six
/// decimals and in yuan/MWh to three are both exact.
public struct Price: Hashable, Comparable, Sendable {
    /// µyuan per kWh.
    public let microyuanPerKilowattHour: Int64

    /// Creates a price of `microyuanPerKilowattHour` µyuan per kWh.
    public init(microyuanPerKilowattHour: Int64) {
        self.microyuanPerKilowattHour = microyuanPerKilowattHour
    }

    /// Compares the prices.
    public static func < (a: Price, b: Price) -> Bool {
        a.microyuanPerKilowattHour < b.microyuanPerKilowattHour
    }

    /// Price in yuan per kWh, for dispatch; settlement uses the exact integer.
    public var yuanPerKilowattHour: Double { Double(microyuanPerKilowattHour) / 1e6 }
}
