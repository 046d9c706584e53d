// Every amount of money comes from one product of exact integers and one rounding, half away from zero
// (四舍五入). Energy × price is Wh × µyuan/kWh = 10⁻⁹ yuan, so 1 fen is 10⁷ of them; 1 TWh at 10 yuan/kWh
// passes 64 bits, hence the 128-bit product.

public import Timeline

extension Int128 {
    /// Returns the quotient rounded to the nearest integer, halves away from zero. `divisor` must be
    /// positive.
    public func dividedHalfAwayFromZero(by divisor: Int128) -> Int128 {
        precondition(divisor > 0)
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        guard remainder.magnitude >= divisor.magnitude - remainder.magnitude else { return quotient }
        return self < 0 ? quotient - 1 : quotient + 1
    }
}

extension Money {
    /// Creates the cost of `energy` at `price`, rounded once to the fen, halves away from zero.
    public init(_ energy: WattHours, at price: Price) {
        let nanoyuan = Int128(energy.count) * Int128(price.microyuanPerKilowattHour)
        self.init(fen: Int64(nanoyuan.dividedHalfAwayFromZero(by: 10_000_000)))
    }

    /// Creates the demand charge for `watts` at `perKilowatt` and month, or for a `part` of the month in
    /// proportion to its days; rounded once to the fen, halves away from zero.
    public init(watts: Int64, perKilowatt: Money, in part: MonthPart? = nil) {
        let milli = Int128(watts) * Int128(perKilowatt.fen) * Int128(part?.numerator ?? 1)
        let divisor = part.map { Int128($0.daysOfMonth) * Int128($0.denominator) } ?? 1
        self.init(fen: Int64(milli.dividedHalfAwayFromZero(by: 1000 * divisor)))
    }
}

extension WattHours {
    /// Creates `kilowattHours` kWh.
    public init(kilowattHours: Int64) { self.init(kilowattHours * 1000) }
    /// Creates `megawattHours` MWh.
    public init(megawattHours: Int64) { self.init(megawattHours * 1_000_000) }

    /// Returns the energy of a `part` of a month for which this is that of the whole, in proportion to its
    /// days; rounded to the nearest Wh, halves away from zero.
    public func prorated(to part: MonthPart) -> WattHours {
        let divisor = Int128(part.daysOfMonth) * Int128(part.denominator)
        return WattHours(
            Int64((Int128(count) * Int128(part.numerator)).dividedHalfAwayFromZero(by: divisor)))
    }

    /// Returns the same amount with the other sign.
    public static prefix func - (a: WattHours) -> WattHours { WattHours(-a.count) }
}

extension Money: CustomStringConvertible {
    /// Yuan with two decimals, such as `-12.05`.
    public var description: String { decimal(fen, places: 2) }
}

extension Price: CustomStringConvertible {
    /// Yuan per kWh with six decimals, such as `0.562000`.
    public var description: String { decimal(microyuanPerKilowattHour, places: 6) }
}

private func decimal(_ number: Int64, places: Int) -> String {
    let digits = String(number.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return (number < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
}
