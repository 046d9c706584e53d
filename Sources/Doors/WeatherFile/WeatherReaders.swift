public import TextFile
import Timeline
import Weather

// Both formats label an hour by its end: TMY3's 01:00 and EPW's hour 1 are the hour from 00:00 to 01:00 local
// standard time. Irradiance is the mean over the hour; the other values hold at its end. PVGIS writes EPW
// files with rows in UTC under a header that names another zone: correct the header of such a file before
// use.

extension HourlyWeather {
    /// Reads NREL's Typical Meteorological Year 3: one line with the place, a header, one line an hour.
    /// Columns that are not used may be missing. Throws all mistakes of the file at once.
    public init(tmy3 bytes: [UInt8], file: String) throws(FileMistakes) {
        var mistakes: [FileMistake] = []
        let names = ["station", "name", "state", "timezone_h", "latitude", "longitude", "elevation_m"]
        try Self.refuseEncoding(bytes, file)
        self = Self.header(bytes, file, names, &mistakes)
        let table = CSVTable(bytes, file: file, skipping: 1, anyEncoding: true, mistakes: &mistakes)
        let columns = Columns(
            global: "GHI (W/m^2)", direct: "DNI (W/m^2)", diffuse: "DHI (W/m^2)", temperature: "Dry-bulb (C)",
            wind: "Wspd (m/s)", pressure: "Pressure (mbar)", pascals: 100)
        let records = Self.records(table, columns, &mistakes)
        let dates = table.texts("Date (MM/DD/YYYY)", mistakes: &mistakes)
        let times = table.texts("Time (HH:MM)", mistakes: &mistakes)
        var tally = MistakeTally()
        for row in 0..<table.rowCount where table.index(of: "Time (HH:MM)") != nil {
            let date = Self.digits(dates[row], between: "/")
            let time = Self.digits(times[row], between: ":")
            let isHour = date.count == 3 && time.count == 2 && time[1] == 0
            if !isHour || !set(records[row], month: date[0], day: date[1], hour: time[0] - 1) {
                let found = quoted("\(dates[row]) \(times[row])")
                let message = "\(found) is given twice, or is not written like 07/31/1990 24:00"
                tally.add(table.mistake(message, row: row, column: 0), to: &mistakes)
            }
        }
        tally.close(&mistakes)
        if mistakes.isEmpty && count == 0 {
            mistakes.append(FileMistake(file: file, message: "the file has no hours"))
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
    }

    /// The numbers of at most four digits between `separator`s; empty if something else is among them.
    private static func digits(_ text: String, between separator: Character) -> [Int] {
        let numbers = text.split(separator: separator, omittingEmptySubsequences: false).map { part in
            part.utf8.count <= 4 && part.utf8.allSatisfy { (48...57).contains($0) } ? Int(part) : nil
        }
        return numbers.contains(nil) ? [] : numbers.compactMap(\.self)
    }

    /// Reads an EnergyPlus weather file (EPW): eight header lines, then one line an hour. Throws all mistakes
    /// of the file at once.
    public init(epw bytes: [UInt8], file: String) throws(FileMistakes) {
        var mistakes: [FileMistake] = []
        let names = [
            "LOCATION", "city", "state", "country", "source", "station", "latitude", "longitude",
            "timezone_h",
            "elevation_m",
        ]
        try Self.refuseEncoding(bytes, file)
        self = Self.header(bytes, file, names, &mistakes)
        if let mistake = EPWHeader.mistake(in: bytes, file), mistake.severity == .error {
            throw FileMistakes(mistakes + [mistake])
        }
        let columns = Columns(
            global: "global_horizontal_wh_m2", direct: "direct_normal_wh_m2",
            diffuse: "diffuse_horizontal_wh_m2",
            temperature: "dry_bulb_c", wind: "wind_speed_m_s", pressure: "pressure_pa", pascals: 1)
        let before = ["year", "month", "day", "hour", "minute", "flags", columns.temperature, "dew_point_c"]
        let middle = ["humidity_percent", columns.pressure, "extraterrestrial_horizontal_wh_m2"]
        let light = ["extraterrestrial_normal_wh_m2", "infrared_wh_m2", columns.global, columns.direct]
        let after = [
            columns.diffuse, "illuminance_1", "illuminance_2", "illuminance_3", "luminance",
            "wind_direction_deg", columns.wind,
        ]
        let table = CSVTable(
            bytes, file: file, skipping: 8, names: before + middle + light + after, anyEncoding: true,
            mistakes: &mistakes)
        let records = Self.records(table, columns, &mistakes)
        let months = table.integers("month", in: 1...12, mistakes: &mistakes)
        let days = table.integers("day", in: 1...31, mistakes: &mistakes)
        let hours = table.integers("hour", in: 1...24, mistakes: &mistakes)
        var tally = MistakeTally()
        for row in 0..<table.rowCount {
            let (month, day, hour) = (months[row], days[row], hours[row])
            if !set(records[row], month: month, day: day, hour: hour - 1) {
                let message =
                    "month \(month), day \(day), hour \(hour) is given twice, or does not exist"
                tally.add(table.mistake(message, row: row, column: 1), to: &mistakes)
            }
        }
        tally.close(&mistakes)
        if mistakes.isEmpty && count == 0 {
            mistakes.append(FileMistake(file: file, message: "the file has no hours"))
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
    }

    /// Reads a typical meteorological year of PVGIS, as it writes it in CSV: lines `Latitude (decimal
    /// degrees): …`, `Longitude …`, `Elevation (m): …` and perhaps `Irradiance Time Offset (h): …`, the year
    /// of each month, a header that begins with `time(UTC)`, one line an hour, and legends after an empty
    /// line. Values hold at the time of their row, irradiance the offset later; the mean of an hour is read
    /// between two rows, at its middle. Throws all mistakes of the file at once.
    public init(pvgis bytes: [UInt8], file: String) throws(FileMistakes) {
        var mistakes: [FileMistake] = []
        try Self.refuseEncoding(bytes, file)
        let head = PVGISHeader(bytes, file, &mistakes)
        self.init(file: file, place: head.place, utcOffset: 0, windHeight: 10)
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
        let table = CSVTable(head.rows, file: file, skipping: head.lines, mistakes: &mistakes)
        let columns = Columns(
            global: "G(h)", direct: "Gb(n)", diffuse: "Gd(h)", temperature: "T2m", wind: "WS10m",
            pressure: "SP", pascals: 1)
        let records = Self.records(table, columns, &mistakes)
        let times = table.texts("time(UTC)", mistakes: &mistakes)
        var tally = MistakeTally()
        for row in 0..<table.rowCount {
            let time = times[row].utf8.map { Int($0) - 48 }
            let isTime = time.count == 13 && time[8] == 10 && time[11] == 0 && time[12] == 0
            let number = { (places: Range<Int>) in time[places].reduce(0) { 10 * $0 + $1 } }
            let next = (row + 1) % table.rowCount
            let last = (row + table.rowCount - 1) % table.rowCount
            // The middle of the hour lies this part of an hour after the row's irradiance.
            let part = 0.5 - head.offset
            let light = records[row].light.between(records[part < 0 ? last : next].light, abs(part))
            var record = records[next]
            record.light = light
            if !isTime || !set(record, month: number(4..<6), day: number(6..<8), hour: number(9..<11)) {
                let message = "\(quoted(times[row])) is given twice, or is not written like 20110731:2300"
                tally.add(table.mistake(message, row: row, column: 0), to: &mistakes)
            }
        }
        tally.close(&mistakes)
        if mistakes.isEmpty && count == 0 {
            mistakes.append(FileMistake(file: file, message: "the file has no hours"))
        }
        guard mistakes.isEmpty else { throw FileMistakes(mistakes) }
    }

    private struct Columns {
        let global: String
        let direct: String
        let diffuse: String
        let temperature: String
        let wind: String
        let pressure: String
        /// Pa in one unit of the file's pressure.
        let pascals: Double
    }

    private static func refuseEncoding(_ bytes: [UInt8], _ file: String) throws(FileMistakes) {
        guard let refusal = TextEncoding.refusal(of: bytes) else { return }
        throw FileMistakes([FileMistake(file: file, message: refusal)])
    }

    /// Place and zone from the first line.
    private static func header(
        _ bytes: [UInt8], _ file: String, _ names: [String], _ mistakes: inout [FileMistake]
    ) -> HourlyWeather {
        let line = Array(bytes.prefix { $0 != 10 && $0 != 13 })
        let table = CSVTable(line, file: file, names: names, anyEncoding: true, mistakes: &mistakes)
        func number(_ name: String, _ allowed: ClosedRange<Double>) -> Double {
            table.numbers(name, in: allowed, mistakes: &mistakes).first ?? 0
        }
        let place = Place(
            latitude: number("latitude", -90...90), longitude: number("longitude", -180...180),
            elevation: number("elevation_m", -450...9000))
        let offset = Int((number("timezone_h", -14...14) * 3600).rounded())
        return HourlyWeather(file: file, place: place, utcOffset: offset, windHeight: 10)
    }

    /// The limits also catch the codes for missing values, 9999 and the like.
    private static func records(
        _ table: CSVTable, _ columns: Columns, _ mistakes: inout [FileMistake]
    ) -> [Record] {
        let light = 0.0...2000
        let global = table.numbers(columns.global, in: light, mistakes: &mistakes)
        let direct = table.numbers(columns.direct, in: light, mistakes: &mistakes)
        let diffuse = table.numbers(columns.diffuse, in: light, mistakes: &mistakes)
        let temperature = table.numbers(columns.temperature, in: -90...70, mistakes: &mistakes)
        let wind = table.numbers(columns.wind, in: 0...110, mistakes: &mistakes)
        let allowed = 30_000 / columns.pascals...120_000 / columns.pascals
        let pressure = table.numbers(columns.pressure, in: allowed, mistakes: &mistakes)
        return (0..<table.rowCount).map { row in
            Record(
                light: Irradiance(
                    globalHorizontal: global[row], directNormal: direct[row],
                    diffuseHorizontal: diffuse[row]),
                airTemperature: temperature[row], windSpeed: wind[row],
                pressure: pressure[row] * columns.pascals)
        }
    }
}
