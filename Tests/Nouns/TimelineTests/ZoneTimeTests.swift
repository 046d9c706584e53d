import Testing
import Timeline

/// Times as people and runs write them, by the clocks of a zone.
@Suite struct ZoneTimeTests {
    /// Central Europe around 25 October 2026, when the hour from 2 to 3 comes twice.
    private static let change = Instant(secondsSinceEpoch: 1_792_890_000)
    private static let berlin = TimeZoneTable(
        name: "Europe/Berlin", initialOffset: 7200, transitions: [.init(at: change, offset: 3600)])

    @Test("every time stamp of a run is read again as the same instant")
    func ownStamps() {
        for shift in stride(from: -7200, through: 7200, by: 900) {
            let instant = Self.change + shift
            #expect(Self.berlin.instants(written: Self.berlin.iso8601(instant)) == [instant])
        }
        #expect(Self.berlin.instants(written: "2026-10-25 01:30:00Z") == [Self.change + 1800])
    }

    @Test("a local time is one instant, two in an hour that comes twice, and none in one that is skipped")
    func localTimes() {
        #expect(Self.berlin.instants(written: "2026-10-25T01:30") == [Self.change - 5400])
        let twice = [Self.change - 1800, Self.change + 1800]
        #expect(Self.berlin.instants(written: "2026-10-25 02:30") == twice)
        let spring = TimeZoneTable(
            name: "", initialOffset: 3600, transitions: [.init(at: Self.change, offset: 7200)])
        #expect(spring.instants(written: "2026-10-25T02:30") == [])
    }

    @Test(arguments: ["", "noon", "2026-07-15T25:00", "2026-07-15T18:15+8", "2026-07-15T18:15+08:0x"])
    func otherTextIsNoTime(text: String) {
        #expect(Self.berlin.instants(written: text) == nil)
    }
}
