import TestSupport
import Testing
import TextFile
import Timeline
import Weather
import WeatherFile

/// A typical meteorological year as PVGIS writes it, cut to one day: made up, in the file's own form.
@Suite struct PVGISTests {
    private static func text(offset: String, rows: [String]) -> String {
        let head = [
            "Latitude (decimal degrees): 45.000", "Longitude (decimal degrees): 8.000",
            "Elevation (m): 250.0",
            "\(offset)month,year", "1,2011", "2,2008",
            "time(UTC),T2m,RH,G(h),Gb(n),Gd(h),IR(h),WS10m,WD10m,SP",
        ]
        let legends = [
            "", "T2m: 2-m air temperature (degree Celsius)", "", "PVGIS (c) European Union, 2001-2026", "",
        ]
        return (head + rows + legends).joined(separator: "\r\n")
    }

    /// Global irradiance 100 W/m² more each hour up to noon, and back; a degree more each hour.
    private static let rows = (0..<24).map { hour in
        let global = 100 * (12 - abs(hour - 12))
        let clock = hour < 10 ? "0\(hour)" : "\(hour)"
        return
            "20110701:\(clock)00,\(hour).5,80.0,\(global).0,-0.0,\(global / 2).0,300.0,\(hour).0,90.0,98500.0"
    }

    private func read(_ text: String) throws -> HourlyWeather {
        try HourlyWeather(pvgis: Array(text.utf8), file: "tmy.csv")
    }

    @Test func anHourIsReadBetweenTwoRows() throws {
        let offset = "Irradiance Time Offset (h): 0.2\r\n"
        let weather = try read(Self.text(offset: offset, rows: Self.rows))
        #expect(weather.place == Place(latitude: 45, longitude: 8, elevation: 250))
        #expect(weather.count == 24 && weather.utcOffset == 0 && weather.windHeight == 10)
        // Between 6:12 with 600 W/m² and 7:12 with 700 W/m² the middle of the hour, 6:30, has 630 W/m².
        let hour = try #require(weather.record(month: 7, day: 1, hour: 6))
        #expect(near(hour.light.globalHorizontal, 630) && near(hour.light.diffuseHorizontal, 315))
        #expect(hour.light.directNormal == 0)
        // What holds at its end is that of the next row.
        #expect(hour.airTemperature == 7.5 && hour.windSpeed == 7 && hour.pressure == 98_500)
    }

    @Test func withoutAnOffsetTheRowIsTheBeginOfTheHour() throws {
        let weather = try read(Self.text(offset: "", rows: Self.rows))
        #expect(near(weather.record(month: 7, day: 1, hour: 6)?.light.globalHorizontal, 650))
        let middle = try read(Self.text(offset: "Irradiance Time Offset (h): 0.5\r\n", rows: Self.rows))
        #expect(middle.record(month: 7, day: 1, hour: 6)?.light.globalHorizontal == 600)
        let late = try read(Self.text(offset: "Irradiance Time Offset (h): 0.7\r\n", rows: Self.rows))
        #expect(near(late.record(month: 7, day: 1, hour: 6)?.light.globalHorizontal, 580))
    }

    @Test(arguments: [
        (
            "Latitude (decimal degrees): 45.000", "Latitude (decimal degrees): 95",
            "a line 'Latitude (decimal degrees): …'"
        ),
        ("time(UTC)", "time", "no line begins with 'time(UTC),'"),
        (
            "20110701:0300", "20110701:0310",
            "'20110701:0310' is given twice, or is not written like 20110731:2300"
        ),
        ("20110701:0300", "20110701:0200", "'20110701:0200' is given twice"),
        ("300.0,3.0,", "300.0,x,", "'x' is not a number"),
        ("20110701:0500,5.5", "20110701:0500,-999", "tmy.csv:13:15: error: T2m: '-999'"),
    ])
    func whatIsWrongIsTold(old: String, new: String, message: String) {
        let text = Self.text(offset: "", rows: Self.rows).replacing(old, with: new)
        let error = #expect(throws: FileMistakes.self) { try read(text) }
        #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    }
}
