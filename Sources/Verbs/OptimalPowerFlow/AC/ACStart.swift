import Grid
import LinearAlgebra

extension ACPoint {
    /// Angles of the source, with `isTurned` behind the phase shifts on the way from it; |V| near nominal,
    /// powers in the middle of their limits, no prices of balances; and at every limit slack times price at
    /// `barrier`.
    func startFlat(barrier: Double, isTurned: Bool = false) {
        let model = model
        x.update(repeating: 0)
        let angle = model.network.sources.first?.angle ?? 0
        for bus in 0..<model.buses.count {
            let limits = model.networkCase.network.buses[model.buses[bus]].limits
            let play = (limits.upperBound - limits.lowerBound) / 4
            x[4 * bus] = angle
            x[4 * bus + 1] = min(max(1, limits.lowerBound + play), limits.upperBound - play)
        }
        for (index, source) in model.sources.enumerated() {
            x[model.firstSource + index] = Self.middle(source.lower, source.upper)
        }
        for pin in model.pinned { x[pin.variable] = pin.value }
        if isTurned { turn() }
        slack.update(repeating: 0)
        ease.update(repeating: 1)
        evaluate()
        for row in 0..<limitCount {
            // A slack may be larger than the distance between the limits; the iteration corrects that.
            slack[row] = max(-residual[row], Self.leastSlack)
            price[row] = barrier / slack[row]
        }
    }

    /// Sets the angles of a network without loads, along the trees from the sources.
    private func turn() {
        let (live, positions) = (model.live, model.pattern.positions)
        for (place, parent) in live.parents.enumerated() where parent >= 0 {
            let branch = model.network.branches[live.parentBranches[place]]
            let shift = branch.to == live.buses[place] ? -branch.shift : branch.shift
            x[4 * Int(positions[place])] = x[4 * Int(positions[parent])] + shift
        }
    }

    private static var leastSlack: Double { 1 }

    /// Between two limits, or at 0 as far as one limit allows.
    private static func middle(_ lower: Double, _ upper: Double) -> Double {
        let (hasLower, hasUpper) = (lower > -ACModel.largest, upper < ACModel.largest)
        if hasLower, hasUpper { return lower + (upper - lower) / 2 }
        return hasLower ? max(0, lower + 1) : hasUpper ? min(0, upper - 1) : 0
    }
}
