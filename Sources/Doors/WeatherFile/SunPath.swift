import Glibc
import Timeline
import Weather

/// The sun's height during one hour: sin(height) = a + b·cos(hour angle), with the low-precision position of
/// the Astronomical Almanac (Michalsky, Solar Energy 40, 1988), accurate to 0.01°.
struct SunPath {
    private let a: Double
    private let b: Double
    /// Hour angle at the begin of the hour, −π … π.
    private let begin: Double

    init(at place: Place, _ instant: Instant) {
        let days = (Double(instant.secondsSinceEpoch) - 946_728_000) / 86_400
        let anomaly = radians(357.528 + 0.9856003 * days)
        let mean = 280.460 + 0.9856474 * days
        let longitude = radians(mean + 1.915 * sin(anomaly) + 0.020 * sin(2 * anomaly))
        let obliquity = radians(23.439 - 0.0000004 * days)
        let ascension = atan2(cos(obliquity) * sin(longitude), cos(longitude))
        let declination = asin(sin(obliquity) * sin(longitude))
        let sidereal = radians(280.46062 + 360.98564737 * days + place.longitude)
        a = sin(radians(place.latitude)) * sin(declination)
        b = cos(radians(place.latitude)) * cos(declination)
        begin = (sidereal - ascension).remainder(dividingBy: 2 * Double.pi)
    }

    /// Sine of the largest height within the hour.
    var highest: Double {
        let end = begin + .pi / 12
        return a + b * (begin <= 0 && end >= 0 ? 1 : max(cos(begin), cos(end)))
    }

    /// Mean of sin(height) over the hour that begins `minutes` later; not below zero.
    func mean(later minutes: Int) -> Double {
        let middle = begin + .pi / 24 + Double(minutes) / 720 * .pi
        return max(0, a + b * cos(middle) * Self.chord)
    }

    /// Mean of the cosine over an hour divided by that in its middle: sin(x)/x at 7.5°.
    private static let chord = sin(Double.pi / 24) / (Double.pi / 24)
}

/// Finds the shift of time at which the direct light agrees best with the sun.
struct ShiftFit {
    private static let shifts = Array(stride(from: -180, through: 180, by: 5))
    private var squares = Array(repeating: 0.0, count: shifts.count)
    private var hours = 0

    mutating func add(_ light: Irradiance, _ path: SunPath) {
        guard light.directNormal > 200 else { return }
        hours += 1
        let direct = light.globalHorizontal - light.diffuseHorizontal
        for (index, minutes) in Self.shifts.enumerated() {
            let error = direct - light.directNormal * path.mean(later: minutes)
            squares[index] += error * error
        }
    }

    /// The shift, min; positive where the light is that of a later sun. Nil where there are less than 100
    /// bright hours, or where no shift fits clearly better than none.
    var minutes: Int? {
        guard hours >= 100, let least = squares.min(), let index = squares.firstIndex(of: least),
            let none = Self.shifts.firstIndex(of: 0), least < squares[none] / 4
        else { return nil }
        return Self.shifts[index]
    }
}

func radians(_ degrees: Double) -> Double { degrees * .pi / 180 }
