import Glibc
public import Grid
import Randomness
public import Weather

/// One or more wind turbines of one type.
public struct Wind: Hashable, Sendable {
    /// Number of turbines.
    public var turbines: Int
    /// Rated power of one turbine.
    public let rated: Power
    /// Output of one turbine against wind speed at hub height at standard air density, in order of speed;
    /// zero outside.
    public let curve: [CurvePoint]
    /// Height of the hub above ground, m.
    public var hubHeight: Double
    /// Roughness length of the ground, m.
    public var roughness: Double
    /// Standard deviation of the wind among the turbines of the site, as a fraction of its speed; 0: all have
    /// the same wind.
    public var spread: Double

    /// One point of a power curve.
    public struct CurvePoint: Hashable, Sendable {
        /// Wind speed, m/s.
        public let speed: Double
        /// Output of one turbine.
        public let power: Power

        /// Creates a point.
        public init(speed: Double, power: Power) {
            self.speed = speed
            self.power = power
        }
    }

    /// Creates turbines; the curve needs two points or more, in order of speed.
    public init(
        turbines: Int, rated: Power, curve: [CurvePoint], hubHeight: Double, roughness: Double,
        spread: Double = 0
    ) {
        precondition(curve.count >= 2 && zip(curve, curve.dropFirst()).allSatisfy { $0.speed < $1.speed })
        self.turbines = turbines
        self.rated = rated
        self.curve = curve
        self.hubHeight = hubHeight
        self.roughness = roughness
        self.spread = spread
    }
}

// The wind at hub height follows the logarithmic profile over ground of roughness length z₀,
//
//     v(hub) = v ln(hub / z₀) / ln(height / z₀).
//
// The temperature falls by 6.5 K per km from 2 m up, the pressure by 1 hPa per 8 m from the ground, and the
// density is that of the standard atmosphere in their ratio, ρ = 1.225 · p/1013.3 hPa · 288.15 K/T.
//
// A curve holds at ρ₀ = 1.225 kg/m³. In other air the same power needs the speed
//
//     v′ = v (ρ₀ / ρ)^e(v),   e = 1/3 up to 7.5 m/s, rising to 2/3 at 12.5 m/s,
//
// (Svenningsen, Power Curve Air Density Correction, EMD 2010; Biank, Methodology, Implementation and
// Validation of a Variable Scale Simulation Model for Windpower, 2014).
//
// The turbines of a site stand in different winds. Turbine i of n has the site's speed times 1 + spread · zᵢ,
// with zᵢ the (i − ½)/n quantile of the normal distribution: their mean is the site's speed, and the steep
// parts of the curve are smoothed as in the power curve of a wind farm. Of more than 25 turbines 25 are
// reckoned. Fallback without a setpoint: no curtailment.

extension Wind {
    /// Density for which a `curve` is stated, kg/m³.
    public static let standardDensity = 1.225

    /// Returns the output without curtailment; the wind speed is that at `windHeight` m above ground.
    public func potential(under conditions: Conditions, windHeight: Double) -> Power {
        let speed = hubSpeed(conditions.windSpeed, at: windHeight)
        let density = hubDensity(temperature: conditions.airTemperature, pressure: conditions.pressure)
        guard spread > 0, turbines > 1 else {
            return min(output(speed: speed, density: density) * Double(turbines), rating)
        }
        let count = min(turbines, Self.mostReckoned)
        let sum = (0..<count).reduce(Power.zero) { sum, turbine in
            let place = StandardNormal.quantile((Double(turbine) + 0.5) / Double(count))
            return sum + output(speed: speed * max(0, 1 + spread * place), density: density)
        }
        return min(sum * (Double(turbines) / Double(count)), rating)
    }

    private static let mostReckoned = 25

    var rating: Power { rated * Double(turbines) }

    /// m/s at the hub for `speed` at `height` m above ground; `speed` itself where no profile can be, at or
    /// below the roughness length.
    public func hubSpeed(_ speed: Double, at height: Double) -> Double {
        guard roughness > 0, height > roughness, hubHeight > roughness else { return speed }
        return speed * log(hubHeight / roughness) / log(height / roughness)
    }

    /// kg/m³ at the hub, for `temperature` °C at 2 m and `pressure` Pa at the ground.
    public func hubDensity(temperature: Double, pressure: Double) -> Double {
        let kelvin = temperature + 273.15 - 0.0065 * (hubHeight - 2)
        let hubPressure = pressure - 100 * hubHeight / 8
        return Wind.standardDensity * hubPressure / 101_330 * 288.15 / kelvin
    }

    /// Output of one turbine in a wind of `speed` m/s at the hub: linear between the points of the curve,
    /// whose speeds are moved for air of `density` kg/m³.
    public func output(speed: Double, density: Double) -> Power {
        let thinness = density > 0 ? Wind.standardDensity / density : 1
        var before = (speed: 0.0, power: Power.zero)
        for (index, point) in curve.enumerated() {
            let moved = point.speed * pow(thinness, Wind.correctionExponent(point.speed))
            if speed <= moved {
                if speed == moved { return point.power }
                guard index > 0, speed > before.speed else { return .zero }
                return before.power
                    + (point.power - before.power) * ((speed - before.speed) / (moved - before.speed))
            }
            before = (moved, point.power)
        }
        return .zero
    }

    private static func correctionExponent(_ speed: Double) -> Double {
        (1 + max(0, min(1, (speed - 7.5) / 5))) / 3
    }
}
