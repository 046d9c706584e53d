import Glibc
import Randomness

// Gaussian noise with mean 0, variance 1 and correlation exp(−Δ/τ). On a fixed grid of time it is an
// autoregression of order one, x' = φ x + √(1 − φ²) ε with φ = exp(−spacing/τ). Between two grid points it is
// their weighted mean, scaled to variance one. The recursion starts twenty τ before the first value needed,
// so that two overlapping ranges agree to 1e-8.

struct GaussianNoise {
    private let spacing: Double
    private let correlation: Double
    private let first: Int
    private var values: [Double] = []

    /// Times in seconds; `range` since the epoch.
    init(_ stream: RandomStream, spacing: Double, correlationTime: Double, over range: ClosedRange<Double>) {
        self.spacing = spacing
        correlation = exp(-spacing / correlationTime)
        first = Int((range.lowerBound / spacing).rounded(.down))
        let last = Int((range.upperBound / spacing).rounded(.down)) + 1
        let start = first - Int((20 * correlationTime / spacing).rounded(.up))
        let fresh = (1 - correlation * correlation).squareRoot()
        var value = stream.normal(step: start)
        values.reserveCapacity(last - first + 1)
        for point in start...last {
            if point > start { value = correlation * value + fresh * stream.normal(step: point) }
            if point >= first { values.append(value) }
        }
    }

    func callAsFunction(_ time: Double) -> Double {
        let position = time / spacing
        let point = Int(position.rounded(.down))
        let (late, early) = (position - Double(point), Double(point + 1) - position)
        let variance = early * early + late * late + 2 * early * late * correlation
        let mean = early * values[point - first] + late * values[point - first + 1]
        return mean / variance.squareRoot()
    }
}
