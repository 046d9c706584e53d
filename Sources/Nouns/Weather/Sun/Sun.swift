import Glibc
public import Timeline

// Reda and Andreas, "Solar position algorithm for solar radiation applications" (NREL/TP-560-34302, 2008),
// accurate to 0.0003° from the year −2000 to 6000. The earth's orbit gives the geocentric longitude λ and
// latitude β of the sun; nutation and aberration correct them; the obliquity of the ecliptic turns them into
// right ascension α and declination δ; the earth's rotation gives the hour angle H; the observer's distance
// from the earth's centre shifts both (parallax); and refraction raises the sun near the horizon.

extension Place {
    /// Returns the position of the sun as seen from this place.
    ///
    /// - Parameters:
    ///   - instant: the time.
    ///   - pressure: of the air, Pa, for the refraction. Nil: that of the standard atmosphere at this
    ///     elevation.
    ///   - temperature: of the air, °C.
    public func sun(at instant: Instant, pressure: Double? = nil, temperature: Double = 12) -> SolarPosition {
        let sun = EquatorialSun(at: instant)
        let (latitude, hourAngle) = (
            radians(latitude), radians(sun.siderealTime + longitude - sun.rightAscension)
        )
        let declination = radians(sun.declination)

        let parallax = radians(8.794 / (3600 * sun.distance))
        let reduced = atan(Self.flattening * tan(latitude))
        let x = cos(reduced) + elevation / Self.equatorialRadius * cos(latitude)
        let y = Self.flattening * sin(reduced) + elevation / Self.equatorialRadius * sin(latitude)
        let towards = cos(declination) - x * sin(parallax) * cos(hourAngle)
        let shift = atan2(-x * sin(parallax) * sin(hourAngle), towards)
        let seenDeclination = atan2((sin(declination) - y * sin(parallax)) * cos(shift), towards)
        let seenHourAngle = hourAngle - shift

        let height = asin(
            sin(latitude) * sin(seenDeclination)
                + cos(latitude) * cos(seenDeclination) * cos(seenHourAngle))
        let fromSouth = atan2(
            sin(seenHourAngle),
            cos(seenHourAngle) * sin(latitude) - tan(seenDeclination) * cos(latitude))
        let elevationAngle = degrees(height)
        let lift = Self.refraction(
            elevationAngle, pressure: pressure ?? Atmosphere.pressure(elevation: elevation),
            temperature: temperature)
        return SolarPosition(
            zenith: 90 - elevationAngle, apparentZenith: 90 - elevationAngle - lift,
            azimuth: wholeTurn(degrees(fromSouth) + 180))
    }

    /// Polar radius of the earth divided by its equatorial radius, and the equatorial radius, m.
    private static let flattening = 0.99664719
    private static let equatorialRadius = 6_378_140.0

    /// Refraction in degrees; zero once the sun's upper edge, raised by 0.5667°, is below the horizon.
    private static func refraction(_ elevation: Double, pressure: Double, temperature: Double) -> Double {
        guard elevation >= -(0.26667 + 0.5667) else { return 0 }
        let bend = 1.02 / (60 * tan(radians(elevation + 10.3 / (elevation + 5.11))))
        return pressure / 101_000 * 283 / (273 + temperature) * bend
    }
}

/// Geocentric position of the sun in equatorial coordinates; degrees.
private struct EquatorialSun {
    let rightAscension: Double
    let declination: Double
    /// Apparent sidereal time at Greenwich.
    let siderealTime: Double
    /// Distance of the sun, astronomical units.
    let distance: Double

    /// Seconds by which dynamical time runs ahead of UTC; 64 in 2000, 69 in 2025.
    private static let dynamicalLead = 67.0

    init(at instant: Instant) {
        // Days since 2000-01-01T12:00Z.
        let days = (Double(instant.secondsSinceEpoch) - 946_728_000) / 86_400
        let centuries = days / 36_525
        let dynamicalCenturies = (days + Self.dynamicalLead / 86_400) / 36_525
        let τ = dynamicalCenturies / 10

        distance = Earth.distance.value(τ)
        let nutation = Nutation(dynamicalCenturies)
        let obliquity = radians(Self.meanObliquity(τ / 10) / 3600 + nutation.obliquity)
        let aberration = -20.4898 / (3600 * distance)
        let λ = Earth.longitude.value(τ) + .pi + radians(nutation.longitude + aberration)
        let β = -Earth.latitude.value(τ)

        let mean =
            280.46061837 + 360.98564736629 * days
            + centuries * centuries * (0.000387933 - centuries / 38_710_000)
        siderealTime = wholeTurn(mean) + nutation.longitude * cos(obliquity)
        rightAscension = degrees(atan2(sin(λ) * cos(obliquity) - tan(β) * sin(obliquity), cos(λ)))
        declination = degrees(asin(sin(β) * cos(obliquity) + cos(β) * sin(obliquity) * sin(λ)))
    }

    /// Mean obliquity of the ecliptic, arc seconds; `u` in units of 10,000 Julian years since 2000.
    private static func meanObliquity(_ u: Double) -> Double {
        let coefficients = [
            2.45, 5.79, 27.87, 7.12, -39.05, -249.67, -51.38, 1999.25, -1.55, -4680.93, 84381.448,
        ]
        return coefficients.reduce(0) { $0 * u + $1 }
    }
}
