import Glibc
public import Timeline

/// Properties of the atmosphere that the sunlight passes through.
public enum Atmosphere {
    /// Returns the pressure of the standard atmosphere at `elevation` m above sea level, Pa (US Standard
    /// Atmosphere 1976, first layer).
    public static func pressure(elevation: Double) -> Double {
        100 * pow((44_331.514 - elevation) / 11_880.516, 1 / 0.1902632)
    }

    /// Returns the irradiance above the atmosphere on a plane that faces the sun, W/m², with a solar constant
    /// of 1366.1 W/m² (Spencer, Search 2, 1971). `dayOfYear` is 1 on 1 January.
    public static func extraterrestrial(dayOfYear: Int) -> Double {
        let b = 2 * Double.pi * Double(dayOfYear - 1) / 365
        return 1366.1
            * (1.00011 + 0.034221 * cos(b) + 0.00128 * sin(b) + 0.000719 * cos(2 * b)
                + 0.000077 * sin(2 * b))
    }

    /// Returns the irradiance above the atmosphere on the UTC day of `instant`, W/m².
    public static func extraterrestrial(at instant: Instant) -> Double {
        extraterrestrial(dayOfYear: CivilTime(instant).date.dayOfYear)
    }

    /// Returns the relative air mass: the length of the light's path through the atmosphere divided by that
    /// at zenith (Kasten and Young, Applied Optics 28, 1989). `zenith` in degrees; nil when the sun is below
    /// the horizon.
    public static func airMass(apparentZenith zenith: Double) -> Double? {
        guard zenith <= 90 else { return nil }
        return 1 / (cos(radians(zenith)) + 0.50572 * pow(96.07995 - zenith, -1.6364))
    }
}
