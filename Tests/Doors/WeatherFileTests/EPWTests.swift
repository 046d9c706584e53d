import Foundation
import Testing
import TextFile
import Timeline
import Weather
import WeatherFile

@Suite struct EPWTests {
    private func file(hours: Int, swap: (String, String) = ("", "")) -> [UInt8] {
        var lines = ["LOCATION,Somewhere,-,CHN,own,000000,27.0,107.0,8.0,1070.0"]
        lines += Array(repeating: "COMMENT,an \"open quote here is nobody's business", count: 6)
        lines.append("DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31")
        for hour in 0..<hours {
            let head = "2018,3,\(hour / 24 + 1),\(hour % 24 + 1),0,flags,\(10 + hour % 24),5,60,89000"
            lines.append(
                head
                    + ",0,0,300,\(hour % 24 == 12 ? 700 : 0),0,\(hour % 24 == 12 ? 700 : 0),0,0,0,0,180,2.5,8"
            )
        }
        return Array(lines.joined(separator: "\r\n").replacingOccurrences(of: swap.0, with: swap.1).utf8)
    }

    @Test func hourOneIsTheFirstOfTheDay() throws {
        let epw = try HourlyWeather(epw: file(hours: 48), file: "t.epw")
        #expect(epw.place == Place(latitude: 27, longitude: 107, elevation: 1070))
        #expect(epw.utcOffset == 8 * 3600 && epw.count == 48)
        let noon = epw.record(month: 3, day: 1, hour: 12)
        let light = Irradiance(globalHorizontal: 700, directNormal: 0, diffuseHorizontal: 700)
        #expect(
            noon == HourlyWeather.Record(light: light, airTemperature: 22, windSpeed: 2.5, pressure: 89_000))
        #expect(epw.record(month: 3, day: 3, hour: 0) == nil)
    }

    @Test func temperatureRunsBetweenHourEnds() throws {
        let epw = try HourlyWeather(epw: file(hours: 24), file: "t.epw")
        let start = CivilTime(iso8601: "2026-03-01T05:00")!.instant(offset: 8 * 3600)
        let series = try epw.series(over: Horizon(start: start, step: 1800, count: 2), riverFlow: [1, 2])
        // At the ends of the hours before and after, 14 and 15 °C.
        #expect(series.conditions.map(\.airTemperature) == [14.25, 14.75])
        #expect(series.conditions.map(\.riverFlow) == [1, 2])
    }

    @Test func missingValuesAreMistakes() {
        let error = #expect(throws: FileMistakes.self) {
            _ = try HourlyWeather(epw: file(hours: 24, swap: (",89000,", ",999999,")), file: "t.epw")
        }
        #expect(error?.all.first?.message.contains("'999999' is not between") == true)
        #expect(error?.all.count == 11)
    }

    /// Arithmetic on what the file says never leaves the range of integers.
    @Test(arguments: [
        "-9223372036854775808:00", "9223372036854775807:00", "0:00", "1.5:00", ":00", "1:00:00", "+1:00",
        "25:00", "1::00",
    ])
    func foreignTimes(time: String) throws {
        let text = String(decoding: try scenarioFile("greensboro-campus/723170TYA.csv"), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).prefix(12).joined(separator: "\n")
            .replacingOccurrences(of: "01/01/1988,01:00,", with: "01/01/1988,\(time),")
        #expect(text.contains(time))
        let error = #expect(throws: FileMistakes.self) {
            _ = try HourlyWeather(tmy3: Array(text.utf8), file: "t.csv")
        }
        #expect(error?.all.map(\.line) == [3])
        #expect(error?.all[0].message.contains("is not written like 07/31/1990 24:00") == true)
    }

    /// A day or hour with a fraction is not cut to the whole number below it.
    @Test(arguments: [",3,1,1.5,0,", ",3,1,nan,0,", ",3,1.9,2,0,", ",3,1,-1e300,0,", ",3.5,1,2,0,"])
    func wholeDaysAndHours(found: String) {
        let error = #expect(throws: FileMistakes.self) {
            _ = try HourlyWeather(epw: file(hours: 24, swap: (",3,1,2,0,", found)), file: "t.epw")
        }
        #expect(error?.all.allSatisfy { $0.line == 10 && $0.column > 0 } == true, "\(error?.all ?? [])")
    }

    @Test func emptyAndBrokenFilesAreToldNotTrapped() {
        for text in ["", "\n", "LOCATION", "LOCATION,a,b,c,d,e,x,y,z,w\n"] {
            let bytes = Array(text.utf8)
            #expect(throws: FileMistakes.self) { _ = try HourlyWeather(epw: bytes, file: "t.epw") }
            #expect(throws: FileMistakes.self) { _ = try HourlyWeather(tmy3: bytes, file: "t.csv") }
            #expect(throws: FileMistakes.self) { _ = try Climatology(csv: bytes, file: "t.csv") }
        }
    }

    @Test(
        "a header that does not fit the hours is refused with its cause, once",
        arguments: [
            (
                "COMMENT,an \"open quote here is nobody's business\r\nDATA", "DATA",
                "8: error: line 8 is not DATA PERIODS; it is line 7; an EPW file has eight header lines, "
                    + "of which it is the last"
            ),
            (
                "DATA PERIODS", "COMMENTS 3,x\r\nDATA PERIODS",
                "8: error: line 8 is not DATA PERIODS; it is line 9; an EPW file has eight header lines, "
                    + "of which it is the last"
            ),
            (
                "DATA PERIODS,1,1", "DATA PERIODS,1,4",
                "8: error: DATA PERIODS gives 4 records an hour; one can be read"
            ),
            (
                "DATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31", "DATA PERIODS",
                "8: error: DATA PERIODS gives no number of records an hour; one can be read"
            ),
        ])
    func headers(old: String, new: String, mistake: String) {
        let error = #expect(throws: FileMistakes.self) {
            _ = try HourlyWeather(epw: file(hours: 48, swap: (old, new)), file: "t.epw")
        }
        #expect(error?.all.map(\.description) == ["t.epw:\(mistake)"])
    }

    @Test("a last header line of other words is told, and read as one record an hour")
    func lastLine() throws {
        let fits = file(hours: 48)
        #expect(HourlyWeather.headerWarning(epw: fits, file: "t.epw") == nil)
        let other = file(hours: 48, swap: ("DATA PERIODS,1,1", "REMARK"))
        #expect(
            HourlyWeather.headerWarning(epw: other, file: "t.epw")?.description
                == "t.epw:8: warning: line 8 is not DATA PERIODS; one record an hour is assumed")
        #expect(try HourlyWeather(epw: other, file: "t.epw").count == 48)
    }

    @Test("bytes that are not UTF-8 in lines and cells whose text is not used")
    func latin1() throws {
        let latin = file(hours: 48, swap: ("Somewhere", "S\u{1}o")).map { $0 == 1 ? 0xE9 : $0 }
        #expect(try HourlyWeather(epw: latin, file: "t.epw").count == 48)
        let flags = file(hours: 48, swap: ("flags", "fl\u{1}gs")).map { $0 == 1 ? 0xFC : $0 }
        #expect(try HourlyWeather(epw: flags, file: "t.epw").count == 48)
        var tmy3 = try scenarioFile("greensboro-campus/723170TYA.csv")
        tmy3[tmy3.firstIndex(of: UInt8(ascii: "G"))!] = 0xC9
        #expect(try HourlyWeather(tmy3: tmy3, file: "t.csv").count == 8760)
    }

    @Test("UTF-16 is one mistake")
    func utf16() {
        let bytes = String(decoding: file(hours: 48), as: UTF8.self).utf16.flatMap {
            [UInt8($0 & 255), UInt8($0 >> 8)]
        }
        for read in [
            { _ = try HourlyWeather(epw: $0, file: "w") }, { _ = try HourlyWeather(tmy3: $0, file: "w") },
        ]
            as [([UInt8]) throws -> Void]
        {
            let error = #expect(throws: FileMistakes.self) { try read([0xFF, 0xFE] + bytes) }
            #expect(error?.all.map(\.description) == ["w: error: the file is UTF-16; save it as UTF-8"])
        }
    }
}
