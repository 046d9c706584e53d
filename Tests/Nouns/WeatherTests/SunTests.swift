import TestSupport
import Testing
import Timeline
import Weather

@Suite struct SunTests {
    @Test func positionsOfTheAlgorithm() throws {
        let rows = try GoldenTable("weather/solar_position_spa").rows
        #expect(rows.count == 120)
        for row in rows {
            let time = CivilTime(iso8601: row.text("time_utc").dropLast())!
            let place = Place(
                latitude: row["latitude_deg"], longitude: row["longitude_deg"], elevation: row["altitude_m"])
            let sun = place.sun(
                at: time.instant(offset: 0), pressure: row["pressure_pa"], temperature: row["temperature_c"])
            let site = row.text("site") + " " + row.text("time_utc")
            #expect(abs(sun.zenith - row["zenith_deg"]) < 1e-5, "\(site)")
            #expect(abs(sun.apparentZenith - row["apparent_zenith_deg"]) < 1e-5, "\(site)")
            let turn = abs(sun.azimuth - row["azimuth_deg"])
            #expect(min(turn, 360 - turn) < (abs(place.latitude) > 89 ? 0.01 : 1e-4), "\(site)")
        }
    }

    /// Reda and Andreas, appendix A.5.
    @Test func publishedExample() {
        let place = Place(latitude: 39.742476, longitude: -105.1786, elevation: 1830.14)
        let instant = CivilTime(iso8601: "2003-10-17T19:30:30")!.instant(offset: 0)
        let sun = place.sun(at: instant, pressure: 82_000, temperature: 11)
        #expect(abs(sun.apparentZenith - 50.11162) < 1e-4)
        #expect(abs(sun.azimuth - 194.34024) < 1e-4)
    }

    @Test func theSunStandsHighestAtTheSolsticesNoon() {
        let place = Place(latitude: 27.06, longitude: 106.98, elevation: 1070)
        let start = CivilTime(iso8601: "2026-01-01")!.instant(offset: 0)
        var highest = 90.0
        for step in 0..<35_040 { highest = min(highest, place.sun(at: start + 900 * step).zenith) }
        // At the solstice's noon the sun stands 27.06° − 23.44° from the zenith, at most 7.5 min off a
        // sample.
        #expect((3.6..<4.1).contains(highest))
    }

    @Test func noonIsDueSouthAndHighest() {
        let place = Place(latitude: 27.06, longitude: 106.98, elevation: 1070)
        let midnight = CivilTime(iso8601: "2026-03-20")!.instant(offset: 8 * 3600)
        let day = (0..<1440).map { place.sun(at: midnight + 60 * $0) }
        let noon = day.min { $0.zenith < $1.zenith }!
        #expect(abs(noon.azimuth - 180) < 0.5)
        #expect(day.allSatisfy { (0..<360).contains($0.azimuth) && (0...180).contains($0.zenith) })
        #expect(day.allSatisfy { $0.apparentZenith <= $0.zenith })
    }
}
