import Glibc
public import Grid
import Randomness
public import Timeline

// A load's demand is nominal × shape × variation. The shape gives a fraction of nominal for each hour of a
// workday and of a weekend day, month by month; it holds at the middle of the hour, and between two middles
// it is a straight line, over midnight too. The variation is 1 + σ x, where x is a stationary autoregression
// of order one on the scenario's steps Δ,
//
//     x(k) = a x(k − 1) + √(1 − a²) e(k),   a = exp(−Δ / 1 h),   e normal with mean 0 and deviation 1,
//
// so that its deviation is 1 and its correlation fades within an hour, whatever the step.

/// How a class of consumers uses its nominal power over the year.
public struct LoadShape: Hashable, Sendable {
    /// Fraction of nominal, at (month, day, hour) → (month·2 + day)·24 + hour; month 0 is January, day 0 a
    /// workday (Monday to Friday) and 1 a weekend day.
    public let fractions: [Double]

    /// Creates a shape from 12 · 2 · 24 fractions.
    public init(fractions: [Double]) {
        precondition(fractions.count == 12 * 2 * 24 && fractions.allSatisfy { $0 >= 0 })
        self.fractions = fractions
    }

    /// The fraction of nominal when clocks show `time`; `holidays` are as weekend days.
    public func fraction(at time: CivilTime, holidays: Set<CivilDate> = []) -> Double {
        let sinceMiddle = Double(time.secondOfDay) / 3600 - 0.5
        let hour = Int(sinceMiddle.rounded(.down))
        let weight = sinceMiddle - Double(hour)
        return (1 - weight) * middle(hour, on: time.date, holidays)
            + weight * middle(hour + 1, on: time.date, holidays)
    }

    /// `hour` −1 is the last one of the day before, 24 the first of the day after.
    private func middle(_ hour: Int, on date: CivilDate, _ holidays: Set<CivilDate>) -> Double {
        guard !(0..<24).contains(hour) else {
            return fractions[LoadShape.row(of: date, holidays) * 24 + hour]
        }
        let neighbour = CivilDate(daysSinceEpoch: date.daysSinceEpoch + (hour < 0 ? -1 : 1))
        return fractions[LoadShape.row(of: neighbour, holidays) * 24 + (hour < 0 ? 23 : 0)]
    }

    private static func row(of date: CivilDate, _ holidays: Set<CivilDate>) -> Int {
        (date.month - 1) * 2 + (date.weekday >= 5 || holidays.contains(date) ? 1 : 0)
    }

    /// Mean fraction of each step, from samples at most a quarter of an hour apart. Each year after the first
    /// is 1 + `growth` times the year before it.
    public func fractions(
        over horizon: Horizon, in zone: TimeZoneTable, holidays: Set<CivilDate> = [], growth: Double = 0
    ) -> [Double] {
        let first = zone.civil(horizon.start)
        let samples = (horizon.step + 899) / 900
        return horizon.map { interval in
            let sum = (0..<samples).reduce(0.0) { sum, sample in
                let second = (2 * sample + 1) * interval.seconds / (2 * samples)
                return sum + fraction(at: zone.civil(interval.start + second), holidays: holidays)
            }
            guard growth != 0 else { return sum / Double(samples) }
            let years = zone.civil(interval.start).years(since: first)
            return sum / Double(samples) * pow(1 + growth, Double(years))
        }
    }
}

/// How one load strays from its shape: see the head of this file.
public struct LoadVariation: Hashable, Sendable {
    /// Standard deviation, as a fraction of the shape.
    public let deviation: Double
    private let stream: RandomStream
    private static let correlationSeconds = 3600.0

    /// `load` is the load's name: another load that comes or goes changes nothing.
    public init(deviation: Double, seed: UInt64, load: String) {
        precondition(deviation >= 0)
        self.deviation = deviation
        // FNV-1a of the name, as the stream's entity.
        let entity = load.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        stream = RandomStream(seed: seed, entity: entity, purpose: 0x6c6f_6164)
    }

    /// `nominal` at each of `fractions`, steps of `step` seconds; never negative.
    public func demand(nominal: Power, fractions: [Double], step: Int) -> [Power] {
        guard deviation > 0 else { return fractions.map { nominal * $0 } }
        let kept = exp(-Double(step) / LoadVariation.correlationSeconds)
        let fresh = (1 - kept * kept).squareRoot()
        var noise = stream.normal(step: 0)
        return fractions.enumerated().map { index, fraction in
            if index > 0 { noise = kept * noise + fresh * stream.normal(step: index) }
            return nominal * (fraction * max(0, 1 + deviation * noise))
        }
    }
}

/// The demand of a load before its variation is drawn.
public struct VariableDemand: Hashable, Sendable {
    /// Power at fraction 1; never negative.
    public let nominal: Power
    /// Mean fraction of nominal in each step, from the load's shape.
    public let fractions: [Double]
    /// Standard deviation around the shape, as a fraction of the shape.
    public let deviation: Double

    /// A demand of `nominal` power that follows `fractions` with variation `deviation`.
    public init(nominal: Power, fractions: [Double], deviation: Double) {
        self.nominal = nominal
        self.fractions = fractions
        self.deviation = deviation
    }

    /// The demand of each step without variation.
    public var expected: [Power] { fractions.map { nominal * $0 } }

    /// Returns a demand with the same variation around `demand`, one value a step.
    public func expecting(_ demand: [Power]) -> VariableDemand {
        VariableDemand(nominal: Power(1), fractions: demand.map(\.value), deviation: deviation)
    }

    /// The demand of the first week of steps of `step` seconds without variation.
    public func firstWeek(step: Int) -> [Power] {
        fractions.prefix((7 * 86_400 + step - 1) / step).map { nominal * $0 }
    }

    /// The demand of each step of `step` seconds, drawn with `seed` for the load named `load`.
    public func drawn(seed: UInt64, load: String, step: Int) -> [Power] {
        LoadVariation(deviation: deviation, seed: seed, load: load)
            .demand(nominal: nominal, fractions: fractions, step: step)
    }
}
