/// What a place is given during one step: sun, air and water. Means over the step.
public struct Conditions: Hashable, Sendable {
    /// Global horizontal, direct normal and diffuse horizontal irradiance, W/m².
    public var globalHorizontal: Double
    public var directNormal: Double
    public var diffuseHorizontal: Double
    /// On a plane facing the sun above the air, W/m²; the day's, also at night.
    public var extraterrestrial: Double
    /// °C, 2 m above ground.
    public var airTemperature: Double
    /// m/s, at `WeatherSeries.windHeight`.
    public var windSpeed: Double
    /// Pa.
    public var pressure: Double
    /// m³/s, in the river before any intake.
    public var riverFlow: Double
    /// The sun in the middle of the step.
    public var sun: SolarPosition

    public init(
        globalHorizontal: Double, directNormal: Double, diffuseHorizontal: Double, extraterrestrial: Double,
        airTemperature: Double, windSpeed: Double, pressure: Double, riverFlow: Double, sun: SolarPosition
    ) {
        self.globalHorizontal = globalHorizontal
        self.directNormal = directNormal
        self.diffuseHorizontal = diffuseHorizontal
        self.extraterrestrial = extraterrestrial
        self.airTemperature = airTemperature
        self.windSpeed = windSpeed
        self.pressure = pressure
        self.riverFlow = riverFlow
        self.sun = sun
    }
}

/// Where the sun stands, degrees.
public struct SolarPosition: Hashable, Sendable {
    /// From the vertical, without refraction.
    public var zenith: Double
    /// From the vertical, as seen through the air.
    public var apparentZenith: Double
    /// Clockwise from north.
    public var azimuth: Double

    public init(zenith: Double, apparentZenith: Double, azimuth: Double) {
        self.zenith = zenith
        self.apparentZenith = apparentZenith
        self.azimuth = azimuth
    }
}
