public import Grid

/// A photovoltaic plant: fixed modules behind one inverter.
public struct Solar: Hashable, Sendable {
    /// Direct-current rating of the modules at 1000 W/m² and 25 °C.
    public let capacity: Power
    /// Greatest alternating-current output.
    public let inverterCapacity: Power
    /// Degrees; 0 is flat.
    public let tilt: Double
    /// Degrees clockwise from north; 180 faces south.
    public let azimuth: Double
    public let albedo: Double
    /// Fraction lost to soiling, wiring, mismatch and the rest (PVWatts' 14.08 %).
    public let losses: Double
    /// Change of output per °C of cell temperature.
    public let temperatureCoefficient: Double

    public init(
        capacity: Power, inverterCapacity: Power, tilt: Double, azimuth: Double, albedo: Double = 0.2,
        losses: Double = 0.140757, temperatureCoefficient: Double = -0.0035
    ) {
        self.capacity = capacity
        self.inverterCapacity = inverterCapacity
        self.tilt = tilt
        self.azimuth = azimuth
        self.albedo = albedo
        self.losses = losses
        self.temperatureCoefficient = temperatureCoefficient
    }
}
