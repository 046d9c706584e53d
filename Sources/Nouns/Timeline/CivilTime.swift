/// A date of the proleptic Gregorian calendar.
public struct CivilDate: Hashable, Comparable, Sendable {
    /// Year; year 0 is 1 BC.
    public let year: Int
    /// Month of the year, 1 … 12.
    public let month: Int
    /// Day of the month, from 1.
    public let day: Int

    /// Creates a date; nil when the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, year: year) else {
            return nil
        }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Creates the date that lies `days` days after 1970-01-01 (before it where negative).
    ///
    /// Months are counted from March, so that the leap day comes last; 400 years repeat after 146,097 days.
    public init(daysSinceEpoch days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days from 1970-01-01 to this date; negative before it.
    public var daysSinceEpoch: Int {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear >= 0 ? marchYear : marchYear - 399) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// Day of the year, 1 on 1 January.
    public var dayOfYear: Int {
        daysSinceEpoch - CivilDate(year: year, month: 1, day: 1)!.daysSinceEpoch + 1
    }

    /// Day of the week, 0 on Monday … 6 on Sunday.
    public var weekday: Int {
        (daysSinceEpoch % 7 + 10) % 7
    }

    /// Returns whether `year` is a leap year of the Gregorian calendar.
    public static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// Returns the number of days of `month` (1 … 12) in `year`.
    public static func days(inMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Compares by year, month and day.
    public static func < (a: CivilDate, b: CivilDate) -> Bool {
        (a.year, a.month, a.day) < (b.year, b.month, b.day)
    }
}

/// Local time as a wall clock shows it: a date and the seconds since its midnight. It names no time zone.
public struct CivilTime: Hashable, Comparable, Sendable {
    /// Date that the clock shows.
    public let date: CivilDate
    /// Seconds that the clock shows since midnight, 0 ..< 86,400.
    public let secondOfDay: Int

    /// Creates a local time. `secondOfDay` must be in 0 ..< 86,400.
    public init(date: CivilDate, secondOfDay: Int) {
        precondition((0..<86_400).contains(secondOfDay))
        self.date = date
        self.secondOfDay = secondOfDay
    }

    /// Creates the local time at `instant` where clocks run `offset` seconds ahead of UTC.
    public init(_ instant: Instant, offset: Int = 0) {
        let seconds = Int(instant.secondsSinceEpoch) + offset
        let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
        date = CivilDate(daysSinceEpoch: days)
        secondOfDay = seconds - days * 86_400
    }

    /// Hour of the day, 0 … 23.
    public var hour: Int { secondOfDay / 3600 }
    /// Minute of the hour, 0 … 59.
    public var minute: Int { secondOfDay / 60 % 60 }
    /// Second of the minute, 0 … 59.
    public var second: Int { secondOfDay % 60 }

    /// Returns the instant at which a clock that runs `offset` seconds ahead of UTC shows this time.
    public func instant(offset: Int) -> Instant {
        Instant(secondsSinceEpoch: Int64(date.daysSinceEpoch * 86_400 + secondOfDay - offset))
    }

    /// Compares by date, then by second of the day.
    public static func < (a: CivilTime, b: CivilTime) -> Bool {
        (a.date, a.secondOfDay) < (b.date, b.secondOfDay)
    }
}

extension CivilTime {
    /// Whole years from `earlier` to this time, by the calendar.
    public func years(since earlier: CivilTime) -> Int {
        let (a, b) = (earlier.date, date)
        let isBefore =
            (b.month, b.day, secondOfDay) < (a.month, a.day, earlier.secondOfDay)
        return b.year - a.year - (isBefore ? 1 : 0)
    }
}
