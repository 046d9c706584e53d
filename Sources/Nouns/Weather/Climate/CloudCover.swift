import Glibc
import Randomness
import Timeline

// The clear-sky index k is the share of the clear-sky irradiance that reaches the ground: between 5 % under
// the thickest cloud and 105 % at the bright edge of a cloud. It is the logistic function of u, the sum of
// two Gaussian noises: one for the weather of the day and one for passing clouds,
//
//     k = 0.05 + (1.05 − 0.05) / (1 + exp(−(a + 2 u))).
//
// The month's a gives the month the irradiation of the climatology. The sum of clear sky × k grows with a, so
// bisection finds it.

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

    /// Returns the clear-sky index where the month's cloudiness is `a`.
    func index(_ time: Double, a: Double) -> Double {
        let u = 0.8 * days(time) + 0.6 * passing(time)
        return Self.least + (Self.most - Self.least) / (1 + exp(-(a + Self.contrast * u)))
    }

    /// Returns the `a` that reduces the clear-sky irradiance `clear`, W/m² every `spacing` seconds from
    /// `start` on, to the mean `mean`, W/m²; an end of the range of `a` where no cloudiness gives that mean.
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
