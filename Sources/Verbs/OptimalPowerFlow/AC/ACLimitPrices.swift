import Grid

/// What the limits of an AC optimum are worth, those that do not bind included: money/h for a little more
/// of each. Above 0 it is that of an upper limit, below 0 that of a lower one; 0 where there is none, and
/// where the two limits are one. With these the derivative of the Lagrangian by every voltage, angle and
/// power is 0.
public struct ACLimitPrices: Hashable, Sendable {
    /// Of each bus, for each nominal voltage of |V|.
    public internal(set) var voltages: [Double]
    /// Of each branch, for each rad of the angle across it, and for each VA of its rating at each end.
    public internal(set) var angles: [Double]
    public internal(set) var ratingsFrom: [Double]
    public internal(set) var ratingsTo: [Double]
    /// Of each generator, for each W and var. Where its cost has pieces: of the first and the last piece.
    public internal(set) var active: [Double]
    public internal(set) var reactive: [Double]
}

extension ACPoint {
    var limitPrices: ACLimitPrices {
        let networkCase = model.networkCase
        let (buses, branches) = (networkCase.network.buses, networkCase.network.branches)
        var prices = ACLimitPrices(
            voltages: buses.map { _ in 0 }, angles: branches.map { _ in 0 },
            ratingsFrom: branches.map { _ in 0 }, ratingsTo: branches.map { _ in 0 },
            active: networkCase.generators.map { _ in 0 }, reactive: networkCase.generators.map { _ in 0 })
        let unit = scale * model.network.basePower
        for (row, bound) in model.bounds.enumerated() {
            let saving = bound.sign * price[row]
            if bound.variable < model.firstSource {
                prices.voltages[model.buses[bound.variable / 4]] += saving / scale
            } else if bound.variable >= model.firstDifference {
                let branch = model.branches[bound.variable - model.firstDifference]
                prices.angles[branch.index] += saving / scale
            } else {
                let index = bound.variable - model.firstSource
                let source = model.sources[index]
                guard let generator = source.generator else { continue }
                if source.balance & 1 == 1 {
                    prices.reactive[generator] += saving / unit
                } else if model.isOuter(index, isUpper: bound.sign > 0) {
                    prices.active[generator] += saving / unit
                }
            }
        }
        for (index, limit) in model.flowLimits.enumerated() {
            let branch = model.branches[limit.branch].index
            let saving = price[model.bounds.count + index] / unit
            if limit.isFrom { prices.ratingsFrom[branch] = saving } else { prices.ratingsTo[branch] = saving }
        }
        return prices
    }

    /// Limits of which the price is larger than the play.
    var binding: [ACOptimum.BindingLimit] {
        typealias Limit = ACOptimum.BindingLimit
        var buses: [(index: Int, limit: Limit)] = []
        var branches: [(index: Int, limit: Limit)] = []
        for (row, bound) in model.bounds.enumerated() where price[row] > slack[row] {
            let isUpper = bound.sign > 0
            let saving = price[row] / scale
            if bound.variable < model.firstSource {
                let bus = model.buses[bound.variable / 4]
                let kind: Limit.Kind = isUpper ? .largestVoltage(bus: bus) : .leastVoltage(bus: bus)
                buses.append((bus, Limit(kind: kind, price: saving)))
            } else if bound.variable >= model.firstDifference {
                let branch = model.branches[bound.variable - model.firstDifference].index
                let kind: Limit.Kind = isUpper ? .largestAngle(branch: branch) : .leastAngle(branch: branch)
                branches.append((branch, Limit(kind: kind, price: saving)))
            }
        }
        for (index, limit) in model.flowLimits.enumerated() {
            let row = model.bounds.count + index
            guard price[row] > slack[row] else { continue }
            let branch = model.branches[limit.branch].index
            let kind: Limit.Kind = limit.isFrom ? .ratingFrom(branch: branch) : .ratingTo(branch: branch)
            let saving = price[row] / scale / model.network.basePower
            branches.append((branch, Limit(kind: kind, price: saving)))
        }
        buses.sort { $0.index < $1.index }
        branches.sort { $0.index < $1.index }
        return buses.map(\.limit) + branches.map(\.limit)
    }
}
