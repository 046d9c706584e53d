// A proportional cut Q·X/ΣQ is a fraction of a watt-hour. It is kept exactly, as whole Wh and a proper
// fraction, so that carries never drift. Sizes: a fraction's denominator divides the sum of a seller's
// volumes, a carry's the least common multiple of that and a buyer's. `Terms` keeps such sums at 10¹⁵ Wh or
// less, so a common denominator is at most 10³⁰ and every product below fits 128 bits.

public import Market

/// A non-negative amount of energy that need not be whole: `wattHours` + `numerator` / `denominator`.
public struct ExactEnergy: Hashable, Comparable, Sendable {
    public let wattHours: Int64
    /// In lowest terms, 0 ≤ numerator < denominator.
    public let numerator: Int128
    public let denominator: Int128

    init(wattHours: Int64, numerator: Int128, denominator: Int128) {
        let divisor = greatestCommonDivisor(numerator, denominator)
        self.wattHours = wattHours
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    public init(_ energy: WattHours) {
        precondition(energy >= .zero)
        self.init(wattHours: energy.count, numerator: 0, denominator: 1)
    }

    /// `energy`·`part` / `whole`.
    public init(_ energy: WattHours, times part: WattHours, over whole: WattHours) {
        precondition(energy >= .zero && part >= .zero && whole > .zero)
        let (quotient, remainder) = (Int128(energy.count) * Int128(part.count))
            .quotientAndRemainder(dividingBy: Int128(whole.count))
        self.init(wattHours: Int64(quotient), numerator: remainder, denominator: Int128(whole.count))
    }

    public static let zero = ExactEnergy(.zero)

    public static func + (a: Self, b: Self) -> Self {
        let (x, y, common) = overCommonDenominator(a, b)
        let carry: Int64 = x + y >= common ? 1 : 0
        return Self(
            wattHours: a.wattHours + b.wattHours + carry, numerator: x + y - Int128(carry) * common,
            denominator: common)
    }

    /// `a` must not be less than `b`.
    public static func - (a: Self, b: Self) -> Self {
        precondition(a >= b)
        let (x, y, common) = overCommonDenominator(a, b)
        let borrow: Int64 = x < y ? 1 : 0
        return Self(
            wattHours: a.wattHours - b.wattHours - borrow, numerator: x - y + Int128(borrow) * common,
            denominator: common)
    }

    public static func < (a: Self, b: Self) -> Bool {
        guard a.wattHours == b.wattHours else { return a.wattHours < b.wattHours }
        let (x, y, _) = overCommonDenominator(a, b)
        return x < y
    }

    /// The whole multiples of `unit` in it, as energy.
    public func floored(to unit: WattHours) -> WattHours {
        WattHours(wattHours / unit.count * unit.count)
    }

    /// The nearest whole kWh, halves upward.
    public var nearestKilowattHour: WattHours {
        WattHours(kilowattHours: (wattHours + 500) / 1000)
    }

    private static func overCommonDenominator(_ a: Self, _ b: Self) -> (Int128, Int128, Int128) {
        let common = a.denominator / greatestCommonDivisor(a.denominator, b.denominator) * b.denominator
        return (a.numerator * (common / a.denominator), b.numerator * (common / b.denominator), common)
    }
}

/// `b` is positive.
private func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (b, a)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

/// What one settlement line has counted since the start. Lines bill whole kWh: the difference of the
/// rounded totals at the ends of the month, so that no sequence of months is ever more than half a kWh away
/// from the meter.
struct BilledRegister: Hashable, Sendable {
    private(set) var total = ExactEnergy.zero

    /// Adds a month's energy and gives the whole kWh to bill for it.
    mutating func bill(_ energy: ExactEnergy) -> WattHours {
        let before = total.nearestKilowattHour
        total = total + energy
        return total.nearestKilowattHour - before
    }

    mutating func bill(_ energy: WattHours) -> WattHours { bill(ExactEnergy(energy)) }
}
