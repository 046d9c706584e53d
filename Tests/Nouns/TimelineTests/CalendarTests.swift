import Testing
import Timeline

@Suite("The calendar")
struct CalendarTests {
    @Test(
        "known days since the epoch",
        arguments: [
            ("1970-01-01", 0), ("2000-02-29", 11_016), ("2026-01-01", 20_454), ("1969-12-31", -1),
            ("1600-03-01", -135_080), ("2100-02-28", 47_540),
        ])
    func knownDays(text: String, days: Int) throws {
        let date = try #require(CivilDate(iso8601: text))
        #expect(date.daysSinceEpoch == days)
        #expect(CivilDate(daysSinceEpoch: days) == date)
        #expect(date.description == text)
    }

    @Test("every day of 800 years follows the one before")
    func consecutive() {
        var previous = CivilDate(daysSinceEpoch: -146_098)
        for days in -146_097...146_097 {
            let date = CivilDate(daysSinceEpoch: days)
            let isNextDay = date.day == previous.day + 1 && date.month == previous.month
            let isFirst =
                date.day == 1 && previous.day == CivilDate.days(inMonth: previous.month, year: previous.year)
            if !(isNextDay || isFirst) || date.daysSinceEpoch != days {
                Issue.record("\(previous) is followed by \(date)")
            }
            previous = date
        }
    }

    @Test("weekdays and days of the year")
    func weekdays() throws {
        #expect(CivilDate(year: 2026, month: 11, day: 23)?.weekday == 0)
        #expect(CivilDate(year: 1970, month: 1, day: 1)?.weekday == 3)
        #expect(CivilDate(year: 1969, month: 12, day: 28)?.weekday == 6)
        #expect(CivilDate(year: 2024, month: 12, day: 31)?.dayOfYear == 366)
    }

    @Test(
        "impossible dates and clocks are refused",
        arguments: [
            "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-01T24:00",
            "2026-01-01T1:00",
            "2026-01-01T10:60", "2026-01-01 10:00", "", "2026-01-01T", "+026-01-01",
        ])
    func refused(text: String) {
        #expect(CivilTime(iso8601: text) == nil)
    }

    @Test("a clock and its text")
    func clock() throws {
        let time = try #require(CivilTime(iso8601: "2026-07-03T14:05"))
        #expect(time.description == "2026-07-03T14:05:00")
        #expect(time.instant(offset: 8 * 3600).description == "2026-07-03T06:05:00Z")
    }
}

@Suite("Zones")
struct ZoneTests {
    /// Berlin in 2026: summer time from 29 March 01:00 UTC to 25 October 01:00 UTC.
    private let berlin = TimeZoneTable(
        name: "Europe/Berlin", initialOffset: 3600,
        transitions: [
            .init(at: Instant(secondsSinceEpoch: 1_774_746_000), offset: 7200),
            .init(at: Instant(secondsSinceEpoch: 1_792_890_000), offset: 3600),
        ])

    @Test("the hour that clocks skip has no instant, the one they repeat has its first")
    func changes() throws {
        let skipped = try #require(CivilTime(iso8601: "2026-03-29T02:30"))
        let doubled = try #require(CivilTime(iso8601: "2026-10-25T02:30"))
        #expect(berlin.instant(skipped) == nil)
        #expect(berlin.instant(doubled)?.description == "2026-10-25T00:30:00Z")
        #expect(berlin.instants(skipped).isEmpty)
        let both = berlin.instants(doubled).map(\.description)
        #expect(both == ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"])
        #expect(berlin.iso8601(Instant(secondsSinceEpoch: 1_774_746_000)) == "2026-03-29T03:00:00+02:00")
    }

    @Test("an instant is the only one at which its own clock says what it says, but in the doubled hour")
    func inverse() {
        for hour in stride(from: 0, to: 365 * 24, by: 7) {
            let instant = Instant(secondsSinceEpoch: 1_767_225_600 + Int64(hour) * 3600)
            let back = berlin.instant(berlin.civil(instant))
            #expect(back == instant || back == instant - 3600)
        }
    }

    @Test("steps of a horizon lie end to end")
    func horizon() {
        let horizon = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 35_040)
        #expect(horizon[0].start == horizon.start && horizon[35_039].end == horizon.end)
        #expect(horizon.part(96..<192).start == horizon[96].start && horizon.part(96..<192).count == 96)
        #expect(horizon.stepHours == 0.25)
    }
}
