import Glibc
public import Grid
public import Weather

/// A photovoltaic plant: fixed modules behind one inverter.
public struct Solar: Hashable, Sendable {
    /// Direct-current rating of the modules at 1000 W/m² and 25 °C.
    public var capacity: Power
    /// Greatest alternating-current output.
    public var inverterCapacity: Power
    /// Tilt of the modules, degrees; 0 is flat.
    public var tilt: Double
    /// Direction that the modules face, degrees clockwise from north; 180 is south.
    public var azimuth: Double
    /// Fraction of the light that the ground reflects.
    public var albedo: Double
    /// Fraction lost to soiling, wiring, mismatch and the rest (PVWatts' 14.08 %).
    public var losses: Double
    /// Change of output per °C of cell temperature.
    public var temperatureCoefficient: Double
    /// Part of the modules' output that is lost in a year.
    public var degradation = 0.0

    /// Creates a photovoltaic plant; the defaults are those of PVWatts.
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

// From irradiance to alternating current, the chain of PVWatts (Dobos, PVWatts Version 5 Manual, NREL 2014):
//
//     poa       plane of array: beam, sky by Hay and Davies, ground reflection (room Weather)
//     effective = beam · modifier(incidence angle) + diffuse
//     Tc        = Ta + poa / (25 + 6.84 v)                                   Faiman 2008
//     Pdc       = effective/1000 · capacity · (1 + γ (Tc − 25)) · (1 − losses)
//     Pac       = Pdc · 0.96/0.9637 · (0.9858 − 0.0162 z − 0.0059/z),  z = 0.96 Pdc / inverterCapacity
//
// limited by the inverter's capacity. Fallback without a setpoint: no curtailment.

extension Solar {
    private static let nominalEfficiency = 0.96
    private static let referenceEfficiency = 0.9637
    private static let glass = Glass()

    /// Returns the output without curtailment, so many years after the first step.
    public func potential(under conditions: Conditions, years: Double = 0) -> Power {
        let light = conditions.globalHorizontal + conditions.directNormal + conditions.diffuseHorizontal
        guard light > 0 else { return .zero }
        let plane = conditions.planeOfArray(tilt: tilt, azimuth: azimuth, albedo: albedo)
        let effective = plane.direct * Solar.glass.incidenceModifier(plane.incidence) + plane.diffuse
        let cell = Solar.cellTemperature(
            irradiance: plane.global, air: conditions.airTemperature, wind: conditions.windSpeed)
        let left = degradation == 0 ? 1 : pow(1 - degradation, years)
        return alternatingCurrent(directCurrent(effective: effective, cell: cell) * left)
    }

    /// Cell temperature, °C, under `irradiance` W/m² on the plane, in air of `air` °C and a wind of `wind`
    /// m/s.
    public static func cellTemperature(irradiance: Double, air: Double, wind: Double) -> Double {
        air + irradiance / (25 + 6.84 * max(0, wind))
    }

    /// Direct-current output after losses, for `effective` W/m² on cells of `cell` °C.
    public func directCurrent(effective: Double, cell: Double) -> Power {
        let heat = 1 + temperatureCoefficient * (cell - 25)
        return max(.zero, capacity * (effective / 1000 * heat * (1 - losses)))
    }

    /// Returns the output of the inverter for `direct` current power.
    public func alternatingCurrent(_ direct: Power) -> Power {
        let load = Solar.nominalEfficiency * (direct / inverterCapacity)
        guard load > 0, load.isFinite else { return .zero }
        let efficiency =
            Solar.nominalEfficiency / Solar.referenceEfficiency * (0.9858 - 0.0162 * load - 0.0059 / load)
        return min(max(.zero, direct * efficiency), inverterCapacity)
    }
}
