import Glibc
import Grid
import Randomness

// The power of the last hour is turned into a normal score z by the distribution of the hourly powers of the
// last 30 days, F: z = Φ⁻¹(F(P)). Scores are blended as the sun's index is, with mean 0, and turned back. The
// forecast is the mean of what may follow, not its median, since that would be too low:
//
//     P̂(h) = E[F⁻¹(Φ(α z + √(1 − α²) ε))],   ε normal,
//
// by Gauss–Hermite quadrature with seven points. F is counted anew each day. Before the first day is over the
// power of the last hour is kept; before anything was measured, that of the first reading.

struct WindForecast {
    private let block: Block
    /// Hourly powers of the last 30 days, by block modulo their number.
    private var recent: [Double] = []
    private var blocks = 0
    /// The same in order of size, as of midnight.
    private var sorted: [Double] = []
    /// F⁻¹(Φ(z)) at z = −4, −3.9 … 4.
    private var quantiles: [Double] = []
    private var memory: IndexMemory
    private var powers: [Double]
    private var sum = 0.0
    private var step = 0
    private let first: Double
    /// The mean of what may follow by whole lags, of the last forecast.
    private var means: [Double] = []

    private let most: Int
    private let blocksPerDay: Int

    init(first: Power, step: Int) {
        block = Block(step: step)
        blocksPerDay = max(1, block.stepsPerDay / block.steps)
        most = 30 * blocksPerDay
        self.first = first.value
        memory = IndexMemory(lags: block.lags, hours: Double(block.steps * step) / 3600, prior: 5)
        powers = Array(repeating: 0, count: block.steps)
    }

    mutating func measure(_ power: Double) {
        powers[step % block.steps] = power
        sum += power
        step += 1
        guard step % block.steps == 0 else { return }
        let mean = sum / Double(block.steps)
        sum = 0
        if recent.count < most { recent.append(mean) } else { recent[blocks % most] = mean }
        blocks += 1
        memory.add(sorted.isEmpty ? .nan : score(mean), weight: 1)
        if blocks % blocksPerDay == 0 { countAnew() }
    }

    /// Mean power of the last hour; the first reading before anything was measured.
    private var last: Double {
        step > 0 ? powers.reduce(0, +) / Double(min(step, block.steps)) : first
    }

    private mutating func countAnew() {
        sorted = recent.sorted()
        quantiles = (-40...40).map { tenth in
            let place = StandardNormal.cumulative(Double(tenth) / 10) * Double(sorted.count) - 0.5
            let low = min(max(0, Int(place.rounded(.down))), sorted.count - 1)
            let high = min(low + 1, sorted.count - 1)
            let weight = min(1, max(0, place - Double(low)))
            return sorted[low] + weight * (sorted[high] - sorted[low])
        }
    }

    /// Φ⁻¹ of the share of the recent powers below `power`; equal ones count half.
    private func score(_ power: Double) -> Double {
        let (below, through) = (count { $0 < power }, count { $0 <= power })
        let share = Double(below + through) / 2 / Double(sorted.count)
        let least = 0.5 / Double(sorted.count)
        return StandardNormal.quantile(min(1 - least, max(least, share)))
    }

    /// Number of leading elements of `sorted` for which `holds` is true.
    private func count(_ holds: (Double) -> Bool) -> Int {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(sorted[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func power(score: Double) -> Double {
        let place = min(79.999, max(0, (score + 4) * 10))
        let low = Int(place)
        return quantiles[low] + (place - Double(low)) * (quantiles[low + 1] - quantiles[low])
    }

    private static let nodes: [(point: Double, weight: Double)] = [
        (-3.750_439_717_725_742, 5.482_688_559_722_178e-4), (-2.366_759_410_734_541, 0.030_757_123_967_586),
        (-1.154_405_394_739_968, 0.240_123_178_605_013), (0, 0.457_142_857_142_857),
        (1.154_405_394_739_968, 0.240_123_178_605_013), (2.366_759_410_734_541, 0.030_757_123_967_586),
        (3.750_439_717_725_742, 5.482_688_559_722_178e-4),
    ]

    /// The mean of the power at `lag` blocks after one of score `score`.
    private func mean(after score: Double, lag: Int) -> Double {
        let kept = memory.kept(lag)
        let fresh = (1 - kept * kept).squareRoot()
        var mean = 0.0
        for node in Self.nodes { mean += node.weight * power(score: kept * score + fresh * node.point) }
        return mean
    }

    mutating func forecast(over steps: Range<Int>) -> [Power] {
        let last = last
        guard !sorted.isEmpty else { return Array(repeating: Power(last), count: steps.count) }
        let score = score(last)
        let longest = Int(block.lag(from: step, to: steps.upperBound)) + 1
        means.removeAll(keepingCapacity: true)
        for lag in 0...longest {
            means.append(lag == 0 ? last : lag <= block.lags ? mean(after: score, lag: lag) : means[lag - 1])
        }
        return steps.map { target in
            let lag = block.lag(from: step, to: target)
            let whole = Int(lag)
            return Power(means[whole] + (lag - Double(whole)) * (means[whole + 1] - means[whole]))
        }
    }
}
