import Timeline
public import Weather

/// One year of hourly weather, by month, day and hour of local standard time. The year of a record is
/// ignored: a typical year consists of months of several years.
public struct HourlyWeather: Sendable {
    /// The weather of one hour, [hour, hour + 1).
    public struct Record: Hashable, Sendable {
        /// Mean irradiance over the hour, W/m².
        public var light: Irradiance
        /// Air temperature at the end of the hour, °C.
        public var airTemperature: Double
        /// Wind speed at the end of the hour, m/s.
        public var windSpeed: Double
        /// Air pressure at the end of the hour, Pa.
        public var pressure: Double

        /// A record; each value is as the property of the same name.
        public init(light: Irradiance, airTemperature: Double, windSpeed: Double, pressure: Double) {
            self.light = light
            self.airTemperature = airTemperature
            self.windSpeed = windSpeed
            self.pressure = pressure
        }
    }

    /// The name of the file in mistakes.
    public let file: String
    /// Where the station is.
    public let place: Place
    /// Local standard time minus UTC, s.
    public let utcOffset: Int
    /// Height of the wind speeds, m above ground.
    public let windHeight: Double
    /// By hour of a leap year; nil if the file does not have the hour.
    private var records: [Record?] = Array(repeating: nil, count: 366 * 24)

    init(file: String, place: Place, utcOffset: Int, windHeight: Double) {
        self.file = file
        self.place = place
        self.utcOffset = utcOffset
        self.windHeight = windHeight
    }

    /// The number of hours in the file.
    public var count: Int { records.count { $0 != nil } }

    /// The record of [hour, hour + 1), hour 0 … 23. Without a 29 February, the 28th is used; nil if the file
    /// does not have the hour.
    public func record(month: Int, day: Int, hour: Int) -> Record? {
        guard let slot = Self.slot(month: month, day: day, hour: hour) else { return nil }
        return records[slot] ?? (month == 2 && day == 29 ? records[slot - 24] : nil)
    }

    /// Stores `record`; false if the hour has a record already or does not exist.
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
