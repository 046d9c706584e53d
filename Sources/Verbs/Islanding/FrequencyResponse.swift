public import Grid

/// Primary response of an island: the frequency at which droop balances a sudden change of power.
///
/// Unit i changes its power by clip(−Δf/R_i, down_i, up_i) with R_i = droop·f0/rating. Sun, wind and water
/// give way above f0 + 0.036 Hz, each by 1/(5 %·f0) of its power per Hz (IEEE 1547-2018). Their sum falls
/// with Δf and is linear between breakpoints. There is no inertia in it and no nadir.
public struct FrequencyResponse: Hashable, Sendable {
    private struct Unit: Hashable {
        /// Hz per W.
        let slope: Double
        let down: Double
        let up: Double
    }

    private let units: [Unit]
    /// Power of sun, wind and water together, W.
    private let sources: Double
    /// Hz.
    private let begin, width: Double
    /// Changes of frequency at which the slope changes, ascending, Hz.
    private let breakpoints: [Double]

    /// The response of `units`, and of sources that give `sources` before.
    public init(_ units: [FormingUnit], sources: Power, frequency: Double) {
        let all = units.map { unit in
            Unit(
                slope: unit.droop * frequency / unit.rating.value,
                down: min(0, (unit.range.lowerBound - unit.power).value),
                up: max(0, (unit.range.upperBound - unit.power).value))
        }
        self.units = all
        self.sources = max(0, sources.value)
        begin = IslandSettings.deadband
        width = IslandSettings.sourceDroop * frequency
        let ends = all.flatMap { [-$0.up * $0.slope, -$0.down * $0.slope] }
        breakpoints = (ends + (sources > .zero ? [begin, begin + width] : []) + [0]).sorted()
    }

    /// What units and sources give more at a change of frequency, W.
    public func power(at deviation: Double) -> Power {
        let given = units.reduce(0) { $0 + min(max(-deviation / $1.slope, $1.down), $1.up) }
        return Power(given - sources * min(max((deviation - begin) / width, 0), 1))
    }

    /// The change of frequency, Hz, at which units and sources give `lost` more. Where they cannot, the one
    /// at which they have done all that they can.
    public func deviation(for lost: Power) -> Double {
        let target = lost.value
        // The first breakpoint at which no more than the target is given.
        var (low, high) = (0, breakpoints.count - 1)
        if power(at: breakpoints[low]).value <= target { return breakpoints[low] }
        if power(at: breakpoints[high]).value >= target { return breakpoints[high] }
        while high - low > 1 {
            let middle = (low + high) / 2
            if power(at: breakpoints[middle]).value > target { low = middle } else { high = middle }
        }
        let (above, below) = (power(at: breakpoints[low]).value, power(at: breakpoints[high]).value)
        let share = (above - target) / (above - below)
        return breakpoints[low] + share * (breakpoints[high] - breakpoints[low])
    }
}
