import Glibc
public import Market
public import Timeline

/// Growth of prices from each year of a run to the next. A year begins on the day of the first step; prices
/// change on the first of a month, with the first month that begins in it.
public struct PriceGrowth: Hashable, Sendable {
    /// Growth in a year, as a fraction.
    public let rate: Double
    /// Local time of the first step.
    public let first: CivilTime

    /// Creates a growth.
    public init(rate: Double, first: CivilTime) {
        precondition(rate > -1)
        (self.rate, self.first) = (rate, first)
    }

    /// Returns the price in a month divided by that of the first year.
    public func factor(in month: CivilMonth) -> Double {
        let begin = CivilDate(year: month.year, month: month.month, day: 1)!
        let years = CivilTime(date: begin, secondOfDay: 0).years(since: first)
        return pow(1 + rate, Double(max(years, 0)))
    }
}

extension Terms {
    /// Returns the prices in a month divided by those of the first year.
    public func factor(in month: CivilMonth) -> Double { growth?.factor(in: month) ?? 1 }
}

extension Price {
    /// Returns the price times `factor`, rounded to a millionth of a yuan.
    public func grown(by factor: Double) -> Price {
        factor == 1
            ? self
            : Price(microyuanPerKilowattHour: Int64((Double(microyuanPerKilowattHour) * factor).rounded()))
    }
}

extension Tariff {
    /// Returns the tariff with all its prices times `factor`: energy to a millionth of a yuan, the demand
    /// charge to a fen.
    public func grown(by factor: Double) -> Tariff {
        guard factor != 1 else { return self }
        return Tariff(
            charges: charges.map { Charge($0.component, $0.price.grown(by: factor), floats: $0.floats) },
            windows: windows, factors: factors, demand: demand?.grown(by: factor))!
    }
}

extension Tariff.Demand {
    /// Returns the charge times `factor`, rounded to a fen.
    public func grown(by factor: Double) -> Self {
        Self(price: Money(fen: Int64((Double(price.fen) * factor).rounded())), interval: interval)
    }
}
