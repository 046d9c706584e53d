import Grid

// The clear-sky index k = P/P_clear of the last lit hour is blended with its mean over the last 30 days, k̄:
//
//     P̂(j) = (k̄(j) + α (k − k̄)) · P_clear(j),
//
// with k̄ of the time of day: half the mean of this hour of the day, half that of all hours, as of midnight. α
// is that of the lag from the last lit hour to the step j (Yang, Solar Energy 193 (2019) 981): persistence of
// the index where α is 1, climatology where it is 0. P_clear comes from the plant's own model under a clear
// sky of assumed turbidity; k̄ takes up what is wrong with it. α weighs hours by the square of their clear-sky
// energy, so that it minimises the error of the power. An hour is lit where its clear-sky energy is at least
// 5 % of that of the best hour of the scenario. Before anything was measured k = k̄ = 0.6, which counts as
// one day of the means.

struct SunForecast {
    private let clear: [Double]
    private let rating: Double
    private let block: Block
    private let best: Double
    private var mean: MonthMean
    /// The same by hour of the day, and k̄ of these hours as of the last midnight.
    private var hours: [MonthMean]
    private var levels: [Double]
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
        let block = Block(step: step)
        self.block = block
        best = (self.clear.max() ?? 0) * Double(block.steps)
        let day = self.clear.prefix(block.stepsPerDay).reduce(0, +)
        mean = MonthMean(sum: Self.assumedIndex * day, weight: day)
        let count = (block.stepsPerDay + block.steps - 1) / block.steps
        hours = (0..<count).map { hour in
            let steps = (hour * block.steps)..<min((hour + 1) * block.steps, block.stepsPerDay)
            let light = steps.reduce(0) { $0 + ($1 < clear.count ? clear[$1].value : 0) }
            return MonthMean(sum: Self.assumedIndex * light, weight: light)
        }
        levels = Array(repeating: Self.assumedIndex, count: count)
        // The weight of five bright hours with a standard deviation of 0.25.
        memory = IndexMemory(lags: block.lags, hours: Double(block.steps * step) / 3600, prior: 5 * 0.0625)
        powers = Array(repeating: 0, count: block.steps)
    }

    /// Hour of the day of a step, from the beginning of the scenario's days.
    private func hour(of step: Int) -> Int { step % block.stepsPerDay / block.steps }

    mutating func measure(_ power: Double) {
        guard step < clear.count else { return }
        powers[step % block.steps] = power
        mean.add(power, weight: clear[step])
        hours[hour(of: step)].add(power, weight: clear[step])
        step += 1
        let light = clear[max(0, step - block.steps)..<step].reduce(0, +)
        let isLit = light > Self.lit * best && light > 0
        let deviation = isLit ? min(2, powers.reduce(0, +) / light) - levels[hour(of: step - 1)] : .nan
        if isLit { last = (deviation, step) }
        if step % block.steps == 0 {
            memory.add(deviation, weight: (light / best) * (light / best))
        }
        if step % block.stepsPerDay == 0 { endDay() }
    }

    private mutating func endDay() {
        mean.endDay()
        let all = mean.value ?? Self.assumedIndex
        for hour in hours.indices {
            hours[hour].endDay()
            levels[hour] = (all + (hours[hour].value ?? all)) / 2
        }
    }

    func forecast(over steps: Range<Int>) -> [Power] {
        steps.map { step in
            guard step < clear.count, clear[step] > 0 else { return .zero }
            let kept = memory.kept(block.lag(from: last.end, to: step))
            let index = levels[hour(of: step)] + kept * last.deviation
            return Power(min(rating, max(0, index * clear[step])))
        }
    }
}
