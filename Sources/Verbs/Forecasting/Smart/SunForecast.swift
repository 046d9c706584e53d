import Grid

// The clear-sky index k = P/P_clear of the last lit hour is blended with its mean over the last 30 days, k̄:
//
//     P̂(j) = (k̄ + α (k − k̄)) · P_clear(j),
//
// with α of the lag from that hour to the step j (Yang, Solar Energy 193 (2019) 981): persistence of the
// index where α is 1, climatology where it is 0. P_clear comes from the plant's own model under a clear sky
// of assumed turbidity; k̄ takes up what is wrong with it. α weighs hours by the square of their clear-sky
// energy, so that it minimises the error of the power. An hour is lit where its clear-sky energy is at least
// 5 % of that of the best hour of the scenario. Before anything was measured k = k̄ = 0.6, which counts as
// one day of the mean.

struct SunForecast {
    private let clear: [Double]
    private let rating: Double
    private let block: Block
    private let best: Double
    private var mean: MonthMean
    private var memory: IndexMemory
    /// Deviation of the index of the last lit hour from k̄, and the step after it.
    private var last = (deviation: 0.0, end: 0)
    /// Power of the last steps, by step modulo the block's.
    private var powers: [Double]
    private var step = 0

    private static let assumedIndex = 0.6
    private static let lit = 0.05

    init(clear: [Power], rating: Power, step: Int) {
        self.clear = clear.map(\.value)
        self.rating = rating.value
        block = Block(step: step)
        best = (self.clear.max() ?? 0) * Double(block.steps)
        let day = self.clear.prefix(block.stepsPerDay).reduce(0, +)
        mean = MonthMean(sum: Self.assumedIndex * day, weight: day)
        // The weight of five bright hours with a standard deviation of 0.25.
        memory = IndexMemory(lags: block.lags, hours: Double(block.steps * step) / 3600, prior: 5 * 0.0625)
        powers = Array(repeating: 0, count: block.steps)
    }

    /// k̄.
    private var level: Double { mean.value ?? Self.assumedIndex }

    mutating func measure(_ power: Double) {
        guard step < clear.count else { return }
        powers[step % block.steps] = power
        mean.add(power, weight: clear[step])
        step += 1
        if step % block.steps == 0 {
            let hour = lastHour
            if let deviation = hour.deviation { last = (deviation, step) }
            memory.add(hour.deviation ?? .nan, weight: (hour.light / best) * (hour.light / best))
        }
        if step % block.stepsPerDay == 0 { mean.endDay() }
    }

    /// Clear-sky energy of the last hour, and the deviation of its index from k̄; nil where it was not lit.
    private var lastHour: (light: Double, deviation: Double?) {
        let light = clear[max(0, step - block.steps)..<step].reduce(0, +)
        guard light > Self.lit * best, light > 0 else { return (light, nil) }
        return (light, min(2, powers.reduce(0, +) / light) - level)
    }

    func forecast(over steps: Range<Int>) -> [Power] {
        let last = step > 0 ? lastHour.deviation.map { (deviation: $0, end: step) } ?? last : last
        let level = level
        return steps.map { step in
            guard step < clear.count, clear[step] > 0 else { return .zero }
            let kept = memory.kept(block.lag(from: last.end, to: step))
            let index = level + kept * last.deviation
            return Power(min(rating, max(0, index * clear[step])))
        }
    }
}
