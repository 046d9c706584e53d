import Timeline
public import Weather

/// A year of hourly weather as weather files hold it, by month, day and hour of local standard time. The year
/// of a record doesn't count: typical years are sewn together from several.
public struct HourlyWeather: Sendable {
    /// One hour, [hour, hour + 1).
    public struct Record: Hashable, Sendable {
        /// Mean over the hour.
        public var light: Irradiance
        /// At the hour's end: °C, m/s, Pa.
        public var airTemperature: Double
        public var windSpeed: Double
        public var pressure: Double

        public init(light: Irradiance, airTemperature: Double, windSpeed: Double, pressure: Double) {
            self.light = light
            self.airTemperature = airTemperature
            self.windSpeed = windSpeed
            self.pressure = pressure
        }
    }

    /// How mistakes call it.
    public let file: String
    public let place: Place
    /// Seconds that local standard time runs ahead of UTC.
    public let utcOffset: Int
    /// m above ground.
    public let windHeight: Double
    /// By hour of a leap year; nil where the file has none.
    private var records: [Record?] = Array(repeating: nil, count: 366 * 24)

    init(file: String, place: Place, utcOffset: Int, windHeight: Double) {
        self.file = file
        self.place = place
        self.utcOffset = utcOffset
        self.windHeight = windHeight
    }

    public var count: Int { records.count { $0 != nil } }

    /// Of the hour [hour, hour + 1), hour 0 … 23. 29 February falls back on the 28th; nil when the file
    /// doesn't have the hour.
    public func record(month: Int, day: Int, hour: Int) -> Record? {
        guard let slot = Self.slot(month: month, day: day, hour: hour) else { return nil }
        return records[slot] ?? (month == 2 && day == 29 ? records[slot - 24] : nil)
    }

    /// False when the hour has a record already, or doesn't exist.
    mutating func set(_ record: Record, month: Int, day: Int, hour: Int) -> Bool {
        guard let slot = Self.slot(month: month, day: day, hour: hour), records[slot] == nil else {
            return false
        }
        records[slot] = record
        return true
    }

    private static func slot(month: Int, day: Int, hour: Int) -> Int? {
        guard let date = CivilDate(year: 2000, month: month, day: day), (0..<24).contains(hour) else {
            return nil
        }
        return (date.dayOfYear - 1) * 24 + hour
    }
}
