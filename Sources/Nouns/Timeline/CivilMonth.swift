/// A month of the civil calendar: the billing period.
public struct CivilMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Year of the proleptic Gregorian calendar.
    public let year: Int
    /// Month of the year, 1 … 12.
    public let month: Int

    /// Creates the month that contains `date`.
    public init(of date: CivilDate) {
        (year, month) = (date.year, date.month)
    }

    /// The month as ISO 8601 text, such as `2026-03`.
    public var description: String {
        String(CivilDate(year: year, month: month, day: 1)!.description.dropLast(3))
    }

    /// Compares by year, then by month.
    public static func < (a: CivilMonth, b: CivilMonth) -> Bool {
        (a.year, a.month) < (b.year, b.month)
    }
}
