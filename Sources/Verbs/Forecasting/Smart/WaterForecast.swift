import Glibc
import Grid

// A river falls back to its mean as floods recede: with P of the last step and P̄ of the last 30 days,
//
//     P̂(h) = P̄ + e^(−h/τ) (P − P̄),   τ = 10 days (assumed).
//
// Before anything was measured both are the first reading, which counts as one day of the mean.

struct WaterForecast {
    private let stepsPerDay: Int
    /// e^(−Δ/τ).
    private let kept: Double
    private var mean: MonthMean
    private var last: Double
    private var step = 0

    private static let recession = 10 * 86_400.0

    init(first: Power, step: Int) {
        stepsPerDay = Block(step: step).stepsPerDay
        kept = exp(-Double(step) / Self.recession)
        last = first.value
        mean = MonthMean(sum: first.value * Double(stepsPerDay), weight: Double(stepsPerDay))
    }

    mutating func measure(_ power: Double) {
        last = power
        mean.add(power, weight: 1)
        step += 1
        if step % stepsPerDay == 0 { mean.endDay() }
    }

    func forecast(over steps: Range<Int>) -> [Power] {
        let mean = mean.value ?? last
        var deviation = last - mean
        return steps.map { _ in
            deviation *= kept
            return Power(mean + deviation)
        }
    }
}
