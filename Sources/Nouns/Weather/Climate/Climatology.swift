/// Typical weather of a place by month of the year.
public struct Climatology: Hashable, Sendable {
    /// Typical weather of one month.
    public struct Month: Hashable, Sendable {
        /// Mean air temperature, °C.
        public var temperature: Double
        /// Mean difference between a day's highest and lowest temperature, K.
        public var temperatureRange: Double
        /// Mean daily global horizontal irradiation, Wh/m².
        public var globalHorizontal: Double
        /// Linke turbidity at air mass 2, 1 or more: the number of clean dry atmospheres that dim the sun as
        /// much.
        public var turbidity: Double
        /// Mean wind speed at `Climatology.windHeight`, m/s.
        public var windSpeed: Double
        /// Shape parameter of the Weibull distribution of the wind speed, above 0.
        public var windShape: Double
        /// Mean flow of the river, m³/s.
        public var riverFlow: Double
        /// Share of the river flow that comes in floods, 0 … 1; also the coefficient of variation of the
        /// flow.
        public var floodShare: Double

        /// Creates a month in the units of the properties; their ranges are preconditions.
        public init(
            temperature: Double, temperatureRange: Double, globalHorizontal: Double, turbidity: Double,
            windSpeed: Double, windShape: Double, riverFlow: Double, floodShare: Double
        ) {
            precondition(globalHorizontal >= 0 && turbidity >= 1 && windSpeed >= 0 && windShape > 0)
            precondition(riverFlow >= 0 && (0...1).contains(floodShare))
            self.temperature = temperature
            self.temperatureRange = temperatureRange
            self.globalHorizontal = globalHorizontal
            self.turbidity = turbidity
            self.windSpeed = windSpeed
            self.windShape = windShape
            self.riverFlow = riverFlow
            self.floodShare = floodShare
        }
    }

    /// Twelve months, January … December.
    public let months: [Month]
    /// Height of the wind speeds, m above ground.
    public let windHeight: Double

    /// Creates a climatology. `months` must hold twelve months, and `windHeight` must be above 0.
    public init(months: [Month], windHeight: Double = 10) {
        precondition(months.count == 12 && windHeight > 0)
        self.months = months
        self.windHeight = windHeight
    }

    /// Returns a quantity interpolated linearly between the middles of two months.
    func value(_ quantity: KeyPath<Month, Double>, at place: MonthClock.Place) -> Double {
        place.between { months[MonthClock.monthOfYear($0)][keyPath: quantity] }
    }
}
