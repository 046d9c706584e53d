/// A month of the civil calendar: the period in which bills are made.
public struct CivilMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let year: Int
    public let month: Int

    public init(of date: CivilDate) {
        (year, month) = (date.year, date.month)
    }

    /// `2026-03`
    public var description: String {
        String(CivilDate(year: year, month: month, day: 1)!.description.dropLast(3))
    }

    public static func < (a: CivilMonth, b: CivilMonth) -> Bool {
        (a.year, a.month) < (b.year, b.month)
    }
}
