/// Weather of a place during one step: sun, air and river flow. Values are means over the step.
public struct Conditions: Hashable, Sendable {
    /// Global horizontal irradiance (GHI), W/m².
    public var globalHorizontal: Double
    /// Direct normal irradiance (DNI), W/m².
    public var directNormal: Double
    /// Diffuse horizontal irradiance (DHI), W/m².
    public var diffuseHorizontal: Double
    /// Irradiance above the atmosphere on a plane that faces the sun, W/m²; that of the day, also at night.
    public var extraterrestrial: Double
    /// Air temperature 2 m above ground, °C.
    public var airTemperature: Double
    /// Wind speed at `WeatherSeries.windHeight`, m/s.
    public var windSpeed: Double
    /// Air pressure, Pa.
    public var pressure: Double
    /// Flow of the river upstream of any intake, m³/s.
    public var riverFlow: Double
    /// Position of the sun in the middle of the step.
    public var sun: SolarPosition

    /// Creates the weather of one step, in the units of the properties.
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

/// Position of the sun in the sky, degrees.
public struct SolarPosition: Hashable, Sendable {
    /// Angle from the vertical, without refraction.
    public var zenith: Double
    /// Angle from the vertical with refraction by the atmosphere.
    public var apparentZenith: Double
    /// Azimuth, clockwise from north.
    public var azimuth: Double

    /// Creates a position from angles in degrees.
    public init(zenith: Double, apparentZenith: Double, azimuth: Double) {
        self.zenith = zenith
        self.apparentZenith = apparentZenith
        self.azimuth = azimuth
    }
}
