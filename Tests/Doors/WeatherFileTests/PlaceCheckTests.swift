import Foundation
import Testing
import TextFile
import Timeline
import Weather
import WeatherFile

@Suite("A weather file that contradicts the place warns with numbers")
struct PlaceCheckTests {
    private let lines: [Substring]
    private let greensboro = Place(latitude: 36.1, longitude: -79.95, elevation: 273)
    private let start = CivilTime(iso8601: "2026-06-21")!.instant(offset: 0)

    /// Every fourth day of the typical year of Greensboro.
    init() throws {
        let bytes = try scenarioFile("greensboro-campus/723170TYA.csv")
        let all = String(decoding: bytes, as: UTF8.self).split { $0.isNewline }
        lines = all.enumerated().filter { $0.offset < 2 || ($0.offset - 2) / 24 % 4 == 0 }.map(\.element)
    }

    /// The file under another header, so that its rows are those of another zone or place.
    private func file(zone: Double, at place: Place? = nil) throws -> HourlyWeather {
        let place = place ?? greensboro
        let header = "723170,\"G\",NC,\(zone),\(place.latitude),\(place.longitude),\(place.elevation)"
        let text = ([Substring(header)] + lines.dropFirst()).joined(separator: "\n")
        return try HourlyWeather(tmy3: Array(text.utf8), file: "w.csv")
    }

    private func warnings(_ file: HourlyWeather, _ place: Place, zone offset: Double) -> [String] {
        let zone = TimeZoneTable(name: "Here/There", initialOffset: Int(offset * 3600), transitions: [])
        let warnings = file.contradictions(to: place, zone: zone, from: start)
        #expect(warnings.allSatisfy { $0.severity == .warning && $0.file == "w.csv" })
        return warnings.map(\.message)
    }

    @Test("a file that fits says nothing, also one with rows in UTC that says so, or of a place nearby")
    func good() throws {
        #expect(warnings(try file(zone: -5), greensboro, zone: -5).isEmpty)
        let near = Place(latitude: 36.2, longitude: -80.1, elevation: 400)
        #expect(warnings(try file(zone: -5), near, zone: -5).isEmpty)
    }

    @Test("light at night is summed: the share of a lost sign, a wrong zone, another place")
    func night() throws {
        func share(_ file: HourlyWeather, _ place: Place, _ zone: Double) throws -> Double {
            let all = warnings(file, place, zone: zone)
            let message = try #require(all.first { $0.contains("% of the year's light") })
            #expect(message.contains(". Light with the sun more than 6 degrees below the horizon, "))
            return try #require(Double(message.split(separator: " ")[0]))
        }
        // pvlib 0.16's positions of the sun give 90.3, 1.5, 68.1, 27.9 and 87.0 % in the whole year.
        let east = Place(latitude: 36.1, longitude: 79.95, elevation: 273)
        let south = Place(latitude: -36.1, longitude: -79.95, elevation: 273)
        let swapped = Place(latitude: -79.95, longitude: 36.1, elevation: 273)
        #expect(abs(try share(file(zone: -5), east, -5) - 90.3) < 1)
        #expect(abs(try share(file(zone: -5), south, -5) - 1.5) < 0.3)
        #expect(abs(try share(file(zone: -5), swapped, -5) - 68.1) < 1)
        #expect(abs(try share(file(zone: 0), greensboro, 0) - 27.9) < 1)
        #expect(abs(try share(file(zone: 5), greensboro, 5) - 87.0) < 1)
        // Also where the file's header has the same fault as the scenario.
        #expect(abs(try share(file(zone: -5, at: east), east, -5) - 90.3) < 1)
    }

    @Test("hours that are labelled up to three hours late or early", arguments: [-2, -1, -0.5, 0.5, 1, 2])
    func shifted(hours: Double) throws {
        let message = try #require(warnings(try file(zone: -5 + hours), greensboro, zone: -5 + hours).first)
        if abs(hours) > 1 {
            #expect(message.contains("% of the year's light"))
        } else {
            // A zone farther east reads the same clock as an earlier instant.
            let expected =
                "the direct light is that of the sun \(Int(abs(hours) * 60)) min "
                + "\(hours > 0 ? "later" : "earlier") than the file's hours say"
            #expect(message.hasPrefix(expected))
        }
    }

    @Test("the header is compared with the place and the zone")
    func header() throws {
        let file = try file(zone: -5)
        func first(_ latitude: Double, _ longitude: Double, _ elevation: Double = 273) -> String {
            warnings(file, Place(latitude: latitude, longitude: longitude, elevation: elevation), zone: -5)
                .first { $0.hasPrefix("the file is of") } ?? ""
        }
        let end = "; the sun is reckoned for the scenario's place"
        let here = "the file is of 36.1, -79.95 (273 m), the scenario of"
        #expect(
            first(36.1, 79.95)
                == "\(here) 36.1, 79.95 (273 m), 11722 km apart: the sign of the longitude differs\(end)")
        #expect(first(-36.1, -79.95).contains("8028 km apart: the sign of the latitude differs"))
        #expect(first(-79.95, 36.1).contains("km apart: latitude and longitude are swapped"))
        #expect(first(35.23, -80.84) == "\(here) 35.23, -80.84 (273 m), 126 km apart\(end)")
        #expect(first(36.1, -79.95, 1600) == "\(here) 36.1, -79.95 (1600 m), 1327 m of elevation apart\(end)")
        #expect(
            warnings(file, greensboro, zone: 8).first
                == "the hours of the file are read as UTC-05:00, as its header says, but Here/There has UTC+08:00"
        )
    }

    @Test("light with the sun well below the horizon gives nothing, and that of the day is kept")
    func leftOut() throws {
        let file = try file(zone: -5)
        let begin = CivilTime(iso8601: "2026-01-01")!.instant(offset: -5 * 3600)
        let day = Horizon(start: begin, step: 900, count: 96)
        let here = try file.series(over: day).conditions.map(\.globalHorizontal)
        let there = try file.series(
            over: day, place: Place(latitude: 36.1, longitude: 79.95, elevation: 273))
        #expect(abs(here.reduce(0, +) / 4 - 1158) < 1e-6)
        for step in there.conditions where step.sun.apparentZenith > 111 {
            #expect(step.globalHorizontal == 0 && step.directNormal == 0 && step.diffuseHorizontal == 0)
        }
        #expect(there.conditions.reduce(0) { $0 + $1.globalHorizontal } < 0.2 * here.reduce(0, +))
    }
}
