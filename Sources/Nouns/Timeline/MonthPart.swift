/// Part of a civil month, in days. Each local day counts as one, however long clock changes make it, so that
/// a whole month is exactly all its days. The fraction is exact.
public struct MonthPart: Hashable, Sendable {
    /// The month.
    public let month: CivilMonth
    /// Days of the part as a fraction in lowest terms, 0 … `daysOfMonth`.
    public let numerator, denominator: Int64
    /// Days of the month.
    public let daysOfMonth: Int

    /// Creates the part of `month` that lies between `start` and `end`, in the local time of `zone`.
    public init(of month: CivilMonth, from start: Instant, to end: Instant, in zone: TimeZoneTable) {
        let first = CivilDate(year: month.year, month: month.month, day: 1)!
        self.month = month
        daysOfMonth = CivilDate.days(inMonth: month.month, year: month.year)
        let from = max(start, zone.begin(of: first))
        let to = min(end, zone.begin(of: first + daysOfMonth))
        guard from < to else {
            (numerator, denominator) = (0, 1)
            return
        }
        let (day, last) = (zone.civil(from).date, zone.civil(to - 1).date)
        func length(_ day: CivilDate) -> Int64 {
            Int64(zone.begin(of: day + 1).seconds(since: zone.begin(of: day)))
        }
        var sum = (Int64(to.seconds(since: from)), length(day))
        if day < last {
            let lengths = (length(day), length(last))
            let ends = (
                Int64(zone.begin(of: day + 1).seconds(since: from)),
                Int64(to.seconds(since: zone.begin(of: last)))
            )
            let between = Int64(last.daysSinceEpoch - day.daysSinceEpoch - 1)
            sum.0 = ends.0 * lengths.1 + ends.1 * lengths.0 + between * lengths.0 * lengths.1
            sum.1 = lengths.0 * lengths.1
        }
        let divisor = Self.greatestCommonDivisor(sum.0, sum.1)
        (numerator, denominator) = (sum.0 / divisor, sum.1 / divisor)
    }

    /// Creates the whole month.
    public init(whole month: CivilMonth) {
        self.month = month
        daysOfMonth = CivilDate.days(inMonth: month.month, year: month.year)
        (numerator, denominator) = (Int64(daysOfMonth), 1)
    }

    /// Whether it is the whole month.
    public var isWhole: Bool { denominator == 1 && numerator == Int64(daysOfMonth) }

    /// Days of the part.
    public var days: Double { Double(numerator) / Double(denominator) }

    /// Fraction of the month, 0 … 1; exactly 1 for the whole month.
    public var fraction: Double { Double(numerator) / Double(Int64(daysOfMonth) * denominator) }

    private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}

extension MonthPart: CustomStringConvertible {
    /// The days of the part and of the month, such as `1 of 31 days` or `0.25 of 30 days`.
    public var description: String {
        let thousandths = (numerator * 1000 + denominator / 2) / denominator
        var digits = String(thousandths % 1000 + 1000).dropFirst()
        while digits.last == "0" { digits = digits.dropLast() }
        let text = "\(thousandths / 1000)" + (digits.isEmpty ? "" : ".\(digits)")
        return "\(text == "0" && numerator > 0 ? "<0.001" : text) of \(daysOfMonth) days"
    }
}

extension TimeZoneTable {
    /// Returns the first instant of a local date: its midnight, or the clock change that skips midnight.
    public func begin(of date: CivilDate) -> Instant {
        let midnight = CivilTime(date: date, secondOfDay: 0)
        if let instant = instant(midnight) { return instant }
        let skips = transitions.filter { civil($0.at - 1) < midnight && midnight < civil($0.at) }
        return skips.first?.at ?? midnight.instant(offset: initialOffset)
    }
}

extension CivilDate {
    /// Returns the date `days` days later.
    static func + (date: CivilDate, days: Int) -> CivilDate {
        CivilDate(daysSinceEpoch: date.daysSinceEpoch + days)
    }
}
