import Testing
import Timeline

@Suite("Times as tables write them")
struct WrittenTimeTests {
    @Test(
        "one instant, in the forms of pandas, JavaScript, Java, Excel and ISO 8601",
        arguments: [
            "2026-07-15T00:15:00+08:00", "2026-07-15 00:15:00+08:00", "2026-07-15 00:15:00 +0800",
            "2026-07-15T00:15+08", "2026-07-15T00:15:00.000+08:00", "2026-07-14T16:15:00Z",
            "2026-07-14T16:15:00.000Z", "2026-07-14 16:15:00.000000 UTC", "2026/7/14 16:15Z",
            "2026-07-14t16:15:00z", "2026-07-14 10:45:00-05:30", "2026-07-14 16:15:00,000+00:00",
        ])
    func instants(text: String) throws {
        #expect(Instant(iso8601: text)?.description == "2026-07-14T16:15:00Z")
        #expect(WrittenTime(text)?.instant == Instant(iso8601: text))
    }

    @Test(
        "a local time without offset",
        arguments: [
            ("2026/1/1 0:00", "2026-01-01T00:00:00"), ("2026-01-01 00:00:00", "2026-01-01T00:00:00"),
            ("2026/01/01 9:45", "2026-01-01T09:45:00"), ("2026-01-01", "2026-01-01T00:00:00"),
            ("2026-01-01T23:59:59.000", "2026-01-01T23:59:59"), ("2026.1.1 0:00", "2026-01-01T00:00:00"),
            ("2025-12-31 24:00", "2026-01-01T00:00:00"),
        ])
    func local(text: String, civil: String) throws {
        let time = try #require(WrittenTime(text))
        #expect(time.civil.description == civil && time.offset == nil && time.instant == nil)
        #expect(Instant(iso8601: text) == nil)
    }

    @Test(
        "what may mean two times, or none, is not read",
        arguments: [
            "1/2/2026 0:00", "01.02.2026 00:00", "2026-07-15 1:00 PM", "2026-07-15T00:00:00.5Z", "2026-07",
            "2026-02-29 00:00", "2026-07-15 24:15", "2026-07-15 00:60", "2026-07-15T", "2026-07-15 ", "",
            "2026-07-15T00:00:00+8", "2026-07-15T00:00:00+24:00", "2026-07-15T00:00:00+08:60", "nan", "45000",
            "2026-07/15 00:00", "2026-07-15T00:00:00+08:00x", "99999999999999999999-01-01 00:00",
            "2026-07-15T00:00:00Z+08:00", "2026-07-15 00:00:00 CST", "2026-07-15T00:00:00+080",
        ])
    func refused(text: String) {
        #expect(WrittenTime(text) == nil)
    }

    @Test("every time that a zone writes is read back as the same instant")
    func roundTrip() throws {
        let zone = TimeZoneTable(
            name: "X", initialOffset: -12_600,
            transitions: [
                .init(at: Instant(secondsSinceEpoch: 1_772_953_200), offset: -9000),
                .init(at: Instant(secondsSinceEpoch: 1_793_512_800), offset: -12_600),
            ])
        for hour in 0..<8760 {
            let instant = Instant(secondsSinceEpoch: 1_767_225_600 + 3600 * Int64(hour))
            #expect(Instant(iso8601: zone.iso8601(instant)) == instant)
        }
    }
}
