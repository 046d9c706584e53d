import Glibc
import Randomness
import Timeline

// How much of the clear sky's light arrives: between 5 % under the thickest cloud and 105 % at a cloud's
// bright edge, by the logistic function of an even mixture of a day's weather and the clouds' passing,
//
//     k = 0.05 + (1.05 − 0.05) / (1 + exp(−(a + 2 u))).
//
// The month's a is the one at which its irradiation is the climatology's: the sum of clear sky × k grows with
// a, so it is found by halving.

struct CloudCover {
    private static let (least, most) = (0.05, 1.05)
    private static let contrast = 2.0

    private let days: GaussianNoise
    private let passing: GaussianNoise

    init(seed: UInt64, over range: ClosedRange<Double>) {
        days = GaussianNoise(
            WeatherGenerator.stream(.day, seed), spacing: 86_400, correlationTime: 1.5 * 86_400, over: range)
        passing = GaussianNoise(
            WeatherGenerator.stream(.cloud, seed), spacing: 900, correlationTime: 3600, over: range)
    }

    /// Clear-sky index where the month's cloudiness is `a`.
    func index(_ time: Double, a: Double) -> Double {
        let u = 0.8 * days(time) + 0.6 * passing(time)
        return Self.least + (Self.most - Self.least) / (1 + exp(-(a + Self.contrast * u)))
    }

    /// The `a` at which `clear` light, W/m² each `spacing` seconds from `start` on, comes down to a `mean` of
    /// W/m². An end of its range when no clouds give that mean.
    func cloudiness(start: Double, spacing: Double, clear: [Double], mean: Double) -> Double {
        let lit = clear.indices.filter { clear[$0] > 0 }
        let mixture = lit.map { i in
            let time = start + (Double(i) + 0.5) * spacing
            return Self.contrast * (0.8 * days(time) + 0.6 * passing(time))
        }
        var (low, high) = (-20.0, 20.0)
        for _ in 0..<50 {
            let a = (low + high) / 2
            var sum = 0.0
            for (i, u) in zip(lit, mixture) {
                sum += clear[i] * (Self.least + (Self.most - Self.least) / (1 + exp(-(a + u))))
            }
            if sum < mean * Double(clear.count) { low = a } else { high = a }
        }
        return (low + high) / 2
    }
}
