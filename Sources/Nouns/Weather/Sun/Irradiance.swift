import Glibc

/// Irradiance at the ground in its three components, W/m²: global = direct × cos(zenith) + diffuse.
public struct Irradiance: Hashable, Sendable {
    /// Global horizontal irradiance (GHI).
    public var globalHorizontal: Double
    /// Direct normal irradiance (DNI).
    public var directNormal: Double
    /// Diffuse horizontal irradiance (DHI).
    public var diffuseHorizontal: Double

    /// Creates irradiance from its components, W/m².
    public init(globalHorizontal: Double, directNormal: Double, diffuseHorizontal: Double) {
        self.globalHorizontal = globalHorizontal
        self.directNormal = directNormal
        self.diffuseHorizontal = diffuseHorizontal
    }

    /// No light.
    public static let dark = Irradiance(globalHorizontal: 0, directNormal: 0, diffuseHorizontal: 0)

    /// Returns the clear-sky irradiance (Ineichen and Perez, Solar Energy 73, 2002); dark when the sun is
    /// below the horizon.
    ///
    /// - Parameters:
    ///   - apparentZenith: zenith angle of the sun with refraction, degrees.
    ///   - turbidity: Linke turbidity at air mass 2: the number of clean dry atmospheres that dim the sun as
    ///     much.
    ///   - elevation: m above sea level.
    ///   - pressure: of the air, Pa.
    ///   - extraterrestrial: irradiance above the atmosphere on a plane that faces the sun, W/m².
    public static func clearSky(
        apparentZenith: Double, turbidity: Double, elevation: Double, pressure: Double,
        extraterrestrial: Double
    ) -> Irradiance {
        guard let relative = Atmosphere.airMass(apparentZenith: apparentZenith) else { return .dark }
        let sine = max(cos(radians(apparentZenith)), 0)
        let airMass = relative * pressure / 101_325
        let f1 = exp(-elevation / 8000)
        let f2 = exp(-elevation / 1250)
        let c1 = 5.09e-5 * elevation + 0.868
        let c2 = 3.92e-5 * elevation + 0.0387
        let global = c1 * extraterrestrial * sine * exp(-c2 * airMass * (f1 + f2 * (turbidity - 1)))
        let beam = extraterrestrial * (0.664 + 0.163 / f1) * exp(-0.09 * airMass * (turbidity - 1))
        // In turbid air the first formula gives more direct light than the global irradiance allows; some
        // light is always diffuse.
        let leastDiffuse = (0.1 - 0.2 * exp(-turbidity)) / (0.1 + 0.882 / f1)
        let direct = sine > 0 ? min(beam, global * max(1 - leastDiffuse, 0) / sine) : 0
        return Irradiance(
            globalHorizontal: global, directNormal: direct, diffuseHorizontal: global - direct * sine)
    }

    /// Estimates direct and diffuse irradiance from the global (Erbs, Klein and Duffie, Solar Energy 28,
    /// 1982). All light is diffuse when the sun is less than 3° above the horizon.
    ///
    /// - Parameters:
    ///   - global: global horizontal irradiance, W/m².
    ///   - zenith: zenith angle of the sun, degrees.
    ///   - extraterrestrial: irradiance above the atmosphere on a plane that faces the sun, W/m².
    public static func erbs(global: Double, zenith: Double, extraterrestrial: Double) -> Irradiance {
        let sine = cos(radians(zenith))
        let clearness = min(max(global / (extraterrestrial * max(sine, 0.065)), 0), 1)
        let diffuse = global * diffuseFraction(clearness: clearness)
        guard zenith <= 87, global >= 0 else {
            return Irradiance(globalHorizontal: global, directNormal: 0, diffuseHorizontal: global)
        }
        return Irradiance(
            globalHorizontal: global, directNormal: (global - diffuse) / sine, diffuseHorizontal: diffuse)
    }

    private static func diffuseFraction(clearness k: Double) -> Double {
        if k <= 0.22 { return 1 - 0.09 * k }
        return k <= 0.8 ? 0.9511 + k * (-0.1604 + k * (4.388 + k * (-16.638 + k * 12.336))) : 0.165
    }
}
