// A proportional share Q·X/ΣQ has a fraction of a watt-hour. It is held exactly, as whole Wh and a proper
// fraction, so that carries do not drift. The denominator of a share divides the sum of a seller's volumes;
// that of a carry divides the least common multiple of this sum and a buyer's. `Terms` limits such sums to
// 10¹⁵ Wh, so a common denominator is at most 10³⁰ and every product below fits 128 bits.

public import Market

/// An exact amount of energy, zero or more, that may include a fraction of a watt-hour:
/// `wattHours` + `numerator` / `denominator`, Wh.
public struct ExactEnergy: Hashable, Comparable, Sendable {
    /// Whole watt-hours.
    public let wattHours: Int64
    /// Numerator of the fraction in lowest terms, 0 ≤ numerator < denominator.
    public let numerator: Int128
    /// Denominator of the fraction in lowest terms, 1 or more.
    public let denominator: Int128

    init(wattHours: Int64, numerator: Int128, denominator: Int128) {
        let divisor = greatestCommonDivisor(numerator, denominator)
        self.wattHours = wattHours
        self.numerator = numerator / divisor
        self.denominator = denominator / divisor
    }

    /// Creates a whole amount. `energy` must not be negative.
    public init(_ energy: WattHours) {
        precondition(energy >= .zero)
        self.init(wattHours: energy.count, numerator: 0, denominator: 1)
    }

    /// Creates `energy` × `part` / `whole`. `energy` and `part` must not be negative; `whole` must be above
    /// zero.
    public init(_ energy: WattHours, times part: WattHours, over whole: WattHours) {
        precondition(energy >= .zero && part >= .zero && whole > .zero)
        let (quotient, remainder) = (Int128(energy.count) * Int128(part.count))
            .quotientAndRemainder(dividingBy: Int128(whole.count))
        self.init(wattHours: Int64(quotient), numerator: remainder, denominator: Int128(whole.count))
    }

    /// No energy.
    public static let zero = ExactEnergy(.zero)

    /// Returns the exact sum.
    public static func + (a: Self, b: Self) -> Self {
        let (x, y, common) = overCommonDenominator(a, b)
        let carry: Int64 = x + y >= common ? 1 : 0
        return Self(
            wattHours: a.wattHours + b.wattHours + carry, numerator: x + y - Int128(carry) * common,
            denominator: common)
    }

    /// Returns the exact difference. `a` must not be less than `b`.
    public static func - (a: Self, b: Self) -> Self {
        precondition(a >= b)
        let (x, y, common) = overCommonDenominator(a, b)
        let borrow: Int64 = x < y ? 1 : 0
        return Self(
            wattHours: a.wattHours - b.wattHours - borrow, numerator: x - y + Int128(borrow) * common,
            denominator: common)
    }

    /// Compares the exact amounts.
    public static func < (a: Self, b: Self) -> Bool {
        guard a.wattHours == b.wattHours else { return a.wattHours < b.wattHours }
        let (x, y, _) = overCommonDenominator(a, b)
        return x < y
    }

    /// Returns the largest whole multiple of `unit` that it contains.
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

/// Returns the greatest common divisor; `b` must be positive.
private func greatestCommonDivisor(_ a: Int128, _ b: Int128) -> Int128 {
    var (a, b) = (b, a)
    while b != 0 { (a, b) = (b, a % b) }
    return a
}

/// Energy that one settlement line has billed since the start. Lines bill whole kWh: the difference between
/// the rounded totals at the end and the begin of the month. So the bills of any number of months differ from
/// the meter by at most half a kWh.
struct BilledRegister: Hashable, Sendable {
    private(set) var total = ExactEnergy.zero

    /// Adds the energy of a month; returns the whole kWh to bill for it.
    mutating func bill(_ energy: ExactEnergy) -> WattHours {
        let before = total.nearestKilowattHour
        total = total + energy
        return total.nearestKilowattHour - before
    }

    mutating func bill(_ energy: WattHours) -> WattHours { bill(ExactEnergy(energy)) }
}
