public import Grid
import Optimization
import Timeline

extension RollingOptimum {
    /// What one Wh less and one Wh more taken from the network would save and cost, at each of `steps`: the
    /// ends of the interval in which `Plan.price` lies, wide where the plan stands at a kink. Of the plan's
    /// program, with its units on and off as planned; solves it again, and two more for each step. Nil where
    /// the solver does not reach an end.
    public func priceIntervals(
        _ problem: DispatchProblem, at steps: [Int], in area: Int = 0
    ) -> [ClosedRange<EnergyCost>?] {
        let sheet = Sheet(problem)
        let bundles = Bundle.all(sheet, merging: merging)
        guard let best = best(sheet, bundles),
            let (_, solution) = once(sheet, bundles, best.solved.decisions)
        else { return steps.map { _ in nil } }
        let form = horizonProgram!
        return steps.map { step in
            form.program.multipliers(
                of: step * form.height + form.rows.balance + area, at: solution,
                by: { solver!.solve($0) }
            )
            .map {
                EnergyCost($0.lowerBound * form.priceBase)...EnergyCost($0.upperBound * form.priceBase)
            }
        }
    }
}

extension Plan {
    /// Why power is short in an area in a step: what is missing, and what could give if it were not at its
    /// limit.
    public struct Shortfall: Hashable, Sendable {
        public let step: Int
        public let area: Int
        /// Shortage, and loads shed.
        public let missing: Power
        /// Offers at the greatest power they offer.
        public let atLimit: [Int]
        /// Stores at their least content.
        public let empty: [Int]
        /// Ties into the area that carry all they may.
        public let full: [Int]
    }

    /// Of each step and area in which power is short, in order; empty where every load is served.
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
