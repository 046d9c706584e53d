import Foundation
import TestSupport
import Testing
import TextFile
import Timeline
import Weather
import WeatherFile

func scenarioFile(_ path: String) throws -> [UInt8] {
    try InputFile.bytes(at: Checkout.root.appending(path: "Scenarios/\(path)").path, name: path)
}

@Suite struct TMY3Tests {
    let greensboro: HourlyWeather

    init() throws {
        let name = "greensboro-campus/723170TYA.csv"
        greensboro = try HourlyWeather(tmy3: try scenarioFile(name), file: name)
    }

    func year(_ year: Int, step: Int) throws -> WeatherSeries {
        let start = CivilTime(iso8601: "\(year)-01-01")!.instant(offset: -5 * 3600)
        let days = CivilDate.isLeap(year) ? 366 : 365
        return try greensboro.series(over: Horizon(start: start, step: step, count: days * 86_400 / step))
    }

    @Test func headerAndFirstHours() {
        #expect(greensboro.place == Place(latitude: 36.1, longitude: -79.95, elevation: 273))
        #expect(greensboro.utcOffset == -5 * 3600 && greensboro.windHeight == 10)
        #expect(greensboro.count == 8760)
        // The file's row 01/01 08:00 is the hour from 07:00 to 08:00.
        let hour = greensboro.record(month: 1, day: 1, hour: 7)
        let light = Irradiance(globalHorizontal: 9, directNormal: 1, diffuseHorizontal: 9)
        #expect(
            hour == HourlyWeather.Record(light: light, airTemperature: 10, windSpeed: 5.2, pressure: 99_200))
        // 29 February repeats the 28th.
        let leapDay = greensboro.record(month: 2, day: 29, hour: 12)
        #expect(leapDay != nil && leapDay == greensboro.record(month: 2, day: 28, hour: 12))
        #expect(greensboro.record(month: 2, day: 30, hour: 12) == nil)
    }

    /// Sums that pvlib 0.16.1 reads from the same file.
    @Test func sumsOfTheYear() throws {
        let hours = try year(1990, step: 3600).conditions
        let sum = { (quantity: (Conditions) -> Double) in hours.reduce(0) { $0 + quantity($1) } }
        #expect(abs(sum { $0.globalHorizontal } - 1_566_203) < 1e-3)
        #expect(abs(sum { $0.directNormal } - 1_476_549) < 1e-3)
        #expect(abs(sum { $0.diffuseHorizontal } - 682_223) < 1e-3)
        #expect(abs(sum { $0.airTemperature } - 126_335.4) < 20)
        #expect(abs(sum { $0.windSpeed } - 26_756.9) < 5)
    }

    /// kWh/m² a month on a plane tilted 25° south, from pvlib 0.16.1 (SPA, Spencer, Hay–Davies, albedo 0.2).
    @Test func planeOfArrayOfTheYear() throws {
        let expected = [
            103.9178724, 112.9165292, 152.7905741, 170.7306029, 171.7634203, 178.674506, 181.7710453,
            177.4108892,
            148.0335137, 137.2020591, 100.6536101, 103.3884372,
        ]
        let series = try year(1990, step: 3600)
        var months = [Double](repeating: 0, count: 12)
        for (interval, given) in zip(series.horizon, series.conditions) {
            let month = CivilTime(interval.start, offset: -5 * 3600).date.month
            months[month - 1] += given.planeOfArray(tilt: 25, azimuth: 180).global / 1000
        }
        for (month, mean) in zip(months, expected) { #expect(abs(month / mean - 1) < 1e-3) }
        #expect(abs(months.reduce(0, +) / 1739.253059 - 1) < 2e-4)
    }

    @Test(arguments: [300, 420, 900, 1800]) func finerStepsKeepEachHoursLight(step: Int) throws {
        let start = CivilTime(iso8601: "2024-02-28")!.instant(offset: -5 * 3600)
        let fine = try greensboro.series(over: Horizon(start: start, step: step, count: 7 * 86_400 / step))
        let hours = try greensboro.series(over: Horizon(start: start, step: 3600, count: 7 * 24))
        let block = 7 * 3600 / step
        for first in stride(from: 0, to: fine.conditions.count, by: block) {
            let part = fine.conditions[first..<(first + block)]
            let whole = hours.conditions[(first / block * 7)..<(first / block * 7 + 7)]
            for quantity in [
                \Conditions.globalHorizontal, \.directNormal, \.diffuseHorizontal, \.airTemperature,
            ] {
                let sum = part.reduce(0) { $0 + $1[keyPath: quantity] } / Double(block)
                let mean = whole.reduce(0) { $0 + $1[keyPath: quantity] } / 7
                #expect(abs(sum - mean) < 1e-9)
            }
        }
    }

    /// Within a bright morning hour the light grows with the sun.
    @Test func lightFollowsTheSunWithinTheHour() throws {
        let start = CivilTime(iso8601: "2026-07-03T08:00")!.instant(offset: -5 * 3600)
        let quarters = try greensboro.series(over: Horizon(start: start, step: 900, count: 4)).conditions
        #expect(zip(quarters, quarters.dropFirst()).allSatisfy { $0.globalHorizontal < $1.globalHorizontal })
        #expect(quarters.allSatisfy { $0.globalHorizontal > 0 && $0.directNormal < $0.extraterrestrial })
    }

    @Test func missingHoursAreToldNotGuessed() throws {
        let bytes = try scenarioFile("greensboro-campus/723170TYA.csv")
        let lines = bytes.split(separator: 10).prefix(2 + 48)
        let two = try HourlyWeather(tmy3: Array(lines.joined(separator: [10])), file: "two.csv")
        let start = CivilTime(iso8601: "2026-01-02")!.instant(offset: -5 * 3600)
        let error = #expect(throws: FileMistakes.self) {
            _ = try two.series(over: Horizon(start: start, step: 3600, count: 30))
        }
        #expect(
            error?.all.map(\.description) == [
                "two.csv: error: the hour from 2026-01-03T00:00:00 is missing, and so are 5 more hours of the scenario"
            ])
    }

    @Test func mistakesOfAFile() {
        let text = """
            723170,"GREENSBORO",NC,-5.0,96.100,-79.950,273
            Date (MM/DD/YYYY),Time (HH:MM),GHI (W/m^2),DNI (W/m^2),DHI (W/m^2),Dry-bulb (C),Pressure (mbar)
            01/01/1988,01:00,0,0,0,10.0,993
            01/01/1988,01:00,0,0,9999,10.0,993
            01/32/1988,02:00,0,0,0,10.0,9.93
            """
        let error = #expect(throws: FileMistakes.self) {
            _ = try HourlyWeather(tmy3: Array(text.utf8), file: "t.csv")
        }
        #expect(
            error?.all.map { "\($0.line):\($0.column)" } == ["1:29", "2:0", "4:1", "4:22", "5:1", "5:29"])
    }
}

@Suite struct ClimatologyReaderTests {
    @Test func unknownColumnsAreRefused() throws {
        let table = String(decoding: try scenarioFile("wujiang-valley/climatology.csv"), as: UTF8.self)
        let lines = table.split(separator: "\n")
        let wider = ([lines[0] + ",albedo"] + lines.dropFirst().map { $0 + ",0.2" }).joined(separator: "\n")
        let error = #expect(throws: FileMistakes.self) {
            _ = try Climatology(csv: Array(wider.utf8), file: "c.csv")
        }
        #expect(
            error?.all.map(\.description) == [
                "c.csv:1:\(lines[0].count + 2): error: unknown column 'albedo'"
            ])
    }

    @Test func theValley() throws {
        let file = "wujiang-valley/climatology.csv"
        let climatology = try Climatology(csv: try scenarioFile(file), file: file)
        #expect(climatology.windHeight == 10)
        #expect(climatology.months[6].temperature == 23.7)
        #expect(climatology.months[0].globalHorizontal == 1470)
        #expect(climatology.months[11].floodShare == 0.25)
    }

    @Test func everyMistake() throws {
        let text = String(decoding: try scenarioFile("wujiang-valley/climatology.csv"), as: UTF8.self)
            .replacingOccurrences(of: "river_flow_m3_s", with: "river_flow")
            .replacingOccurrences(of: "0.65", with: "1.65").replacingOccurrences(of: "23.4", with: "warm")
        let error = #expect(throws: FileMistakes.self) {
            _ = try Climatology(csv: Array(text.utf8), file: "c.csv")
        }
        #expect(error?.all.map { "\($0.line):\($0.column)" } == ["1:0", "1:110", "7:34", "9:3"])
    }
}

@Suite struct InputFileTests {
    @Test func whatCannotBeRead() {
        let folder = FileManager.default.temporaryDirectory.path
        for (path, message) in [
            (folder, "this is a folder, not a file"),
            ("/dev/null", "this is a device, pipe or socket, not a file"),
            (folder + "/not-there.csv", "there is no such file"),
        ] {
            let error = #expect(throws: FileMistakes.self) { try InputFile.bytes(at: path, name: "x.csv") }
            #expect(error?.all == [FileMistake(file: "x.csv", message: message)])
        }
    }
}
