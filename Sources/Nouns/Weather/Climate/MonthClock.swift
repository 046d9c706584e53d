import Timeline

/// Months in local mean solar time, numbered through the years: 12 × year + month of the year, from 0.
struct MonthClock {
    /// Seconds by which local mean solar time runs ahead of UTC.
    private let offset: Int

    /// A time between the middles of two months: `weight`, 0 … 1, of the way from month `month` to the next.
    struct Place {
        let month: Int
        let weight: Double

        func between(_ value: (Int) -> Double) -> Double {
            value(month) * (1 - weight) + value(month + 1) * weight
        }
    }

    init(longitude: Double) {
        offset = Int((longitude * 240).rounded())
    }

    /// 0 in January.
    static func monthOfYear(_ month: Int) -> Int {
        month - 12 * year(month)
    }

    private static func year(_ month: Int) -> Int {
        month >= 0 ? month / 12 : (month - 11) / 12
    }

    /// `time` in seconds since the epoch.
    func month(_ time: Double) -> Int {
        let date = CivilTime(Instant(secondsSinceEpoch: Int64(time.rounded(.down))), offset: offset).date
        return date.year * 12 + date.month - 1
    }

    /// Begin of a month, seconds since the epoch.
    func start(_ month: Int) -> Double {
        let date = CivilDate(year: Self.year(month), month: Self.monthOfYear(month) + 1, day: 1)!
        return Double(date.daysSinceEpoch * 86_400 - offset)
    }

    func place(_ time: Double) -> Place {
        let month = month(time)
        let (start, end) = (start(month), start(month + 1))
        let position = (time - start) / (end - start) - 0.5
        return position < 0
            ? Place(month: month - 1, weight: position + 1) : Place(month: month, weight: position)
    }

    /// Hours since midnight in local mean solar time.
    func hour(_ time: Double) -> Double {
        let hours = (time + Double(offset)) / 3600
        return hours - 24 * (hours / 24).rounded(.down)
    }
}
