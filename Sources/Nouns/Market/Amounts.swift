/// Whole watt-hours, as a meter counts them.
public struct WattHours: Hashable, Comparable, Sendable, AdditiveArithmetic {
    public let count: Int64

    public init(_ count: Int64) { self.count = count }

    public static let zero = WattHours(0)
    public static func + (a: WattHours, b: WattHours) -> WattHours { WattHours(a.count + b.count) }
    public static func - (a: WattHours, b: WattHours) -> WattHours { WattHours(a.count - b.count) }
    public static func < (a: WattHours, b: WattHours) -> Bool { a.count < b.count }
}

/// Whole fen: 0.01 yuan.
public struct Money: Hashable, Comparable, Sendable, AdditiveArithmetic {
    public let fen: Int64

    public init(fen: Int64) { self.fen = fen }

    public static let zero = Money(fen: 0)
    public static func + (a: Money, b: Money) -> Money { Money(fen: a.fen + b.fen) }
    public static func - (a: Money, b: Money) -> Money { Money(fen: a.fen - b.fen) }
    public static prefix func - (a: Money) -> Money { Money(fen: -a.fen) }
    public static func < (a: Money, b: Money) -> Bool { a.fen < b.fen }
}

/// Whole µyuan per kWh, which is 0.001 yuan per MWh: both official forms are exact.
public struct Price: Hashable, Comparable, Sendable {
    public let microyuanPerKilowattHour: Int64

    public init(microyuanPerKilowattHour: Int64) {
        self.microyuanPerKilowattHour = microyuanPerKilowattHour
    }

    public static func < (a: Price, b: Price) -> Bool {
        a.microyuanPerKilowattHour < b.microyuanPerKilowattHour
    }

    /// Yuan per kWh, for a dispatcher to weigh; bills never use it.
    public var yuanPerKilowattHour: Double { Double(microyuanPerKilowattHour) / 1e6 }
}
