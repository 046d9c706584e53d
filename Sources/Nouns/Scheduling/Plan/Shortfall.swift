public import Grid

extension Plan {
    /// Shortage of power in one area and step, and the limits that cause it.
    public struct Shortfall: Hashable, Sendable {
        /// The step.
        public let step: Int
        /// The area.
        public let area: Int
        /// Demand not served: shortage, and loads shed.
        public let missing: Power
        /// Places of the offers that give their greatest power.
        public let atLimit: [Int]
        /// Places of the stores at their least content.
        public let empty: [Int]
        /// Ties that carry all they may into the area.
        public let full: [Int]
    }

    /// The shortfalls of all steps and areas in order; empty where every load is served.
    public var shortfalls: [Shortfall] {
        horizon.indices.flatMap { step in
            (0..<problem.areas.count).compactMap { shortfall(in: $0, at: step) }
        }
    }

    private func shortfall(in area: Int, at step: Int) -> Shortfall? {
        let missing = shortage[step + area * horizon.count] + shed(at: step, in: area)
        let tolerance = problem.offers.reduce(0) { max($0, abs($1.lower[step].value)) } * 1e-6
        guard missing.value > max(tolerance, 1e-3) else { return nil }
        let stores = problem.offers.indices.filter { problem.offers[$0].reservoir != nil }
        return Shortfall(
            step: step, area: area, missing: missing,
            atLimit: problem.offers.indices.filter {
                let upper = problem.offers[$0].upper[step].value
                return upper > 0 && power(of: $0, at: step).value >= upper * (1 - 1e-6)
            },
            empty: stores.filter {
                let reservoir = problem.offers[$0].reservoir!
                let range = reservoir.maximum.value - reservoir.minimum.value
                return stored(in: $0, at: step).value <= reservoir.minimum.value + 1e-5 * range
            },
            full: problem.areas.ties.indices.filter { isFull($0, toward: area, at: step) })
    }
}
