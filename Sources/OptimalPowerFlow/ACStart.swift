import Grid

extension ACPoint {
    /// Angles of 0, |V|, and powers in the middle of their limits, all prices alike.
    func startFlat() {
        let model = model
        x.update(repeating: 0)
        let angle = model.network.sources.first?.angle ?? 0
        for bus in 0..<model.buses.count {
            let limits = model.networkCase.network.buses[model.buses[bus]].limits
            x[4 * bus] = angle
            let play = (limits.upperBound - limits.lowerBound) * T[12]
            x[4 * bus + 1] = min(max(1, limits.lowerBound + play), limits.upperBound - play)
        }
        for (index, source) in model.sources.enumerated() {
            x[model.firstSource + index] = Self.middle(source.lower, source.upper, wished: 0)
        }
        for pin in model.pinned { x[pin.variable] = pin.value }
        slack.update(repeating: 0)
        evaluate()
        for row in 0..<limitCount {
            slack[row] = max(-residual[row], Self.leastSlack)
            price[row] = Self.firstBarrier / slack[row]
        }
    }

    static var leastSlack: Double { T[0] }
    static var firstBarrier: Double { T[1] }

    /// Between two limits, or at what is wished as far as one limit allows.
    private static func middle(_ lower: Double, _ upper: Double, wished: Double) -> Double {
        let (hasLower, hasUpper) = (lower > -ACModel.largest, upper < ACModel.largest)
        if hasLower, hasUpper { return lower + (upper - lower) / 2 }
        return hasLower ? max(wished, lower + 1) : hasUpper ? min(wished, upper - 1) : wished
    }
}
