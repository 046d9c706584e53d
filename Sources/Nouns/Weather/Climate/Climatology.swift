/// The usual weather of a place, month by month.
public struct Climatology: Hashable, Sendable {
    public struct Month: Hashable, Sendable {
        /// Mean over the month, °C.
        public var temperature: Double
        /// Mean difference of a day's highest and lowest, K.
        public var temperatureRange: Double
        /// Mean of a day's global horizontal irradiation, Wh/m².
        public var globalHorizontal: Double
        /// After Linke, at air mass 2.
        public var turbidity: Double
        /// Mean at `Climatology.windHeight`, m/s.
        public var windSpeed: Double
        /// Of the Weibull distribution.
        public var windShape: Double
        /// Mean, m³/s.
        public var riverFlow: Double
        /// 0 … 1: the part of the flow that comes in floods; also the flow's coefficient of variation.
        public var floodShare: Double

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

    /// January … December.
    public let months: [Month]
    /// m above ground.
    public let windHeight: Double

    public init(months: [Month], windHeight: Double = 10) {
        precondition(months.count == 12 && windHeight > 0)
        self.months = months
        self.windHeight = windHeight
    }

    /// At a place between the middles of two months.
    func value(_ quantity: KeyPath<Month, Double>, at place: MonthClock.Place) -> Double {
        place.between { months[MonthClock.monthOfYear($0)][keyPath: quantity] }
    }
}
