import Grid

/// Shadow prices of all limits of an AC optimal power flow, binding or not: money/h for one unit more of
/// each.
///
/// Above 0 for an upper limit, below 0 for a lower one; 0 where there is no limit and where both limits are
/// equal. With these prices the derivative of the Lagrangian with respect to every voltage, angle and power
/// is 0.
public struct ACLimitPrices: Hashable, Sendable {
    /// Shadow prices of the voltage limits, by bus: money/h for each nominal voltage of |V|.
    public internal(set) var voltages: [Double]
    /// Shadow prices of the angle limits, by branch: money/(h·rad).
    public internal(set) var angles: [Double]
    /// Shadow prices of the ratings at the from end, by branch: money/(h·VA).
    public internal(set) var ratingsFrom: [Double]
    /// Shadow prices of the ratings at the to end, by branch: money/(h·VA).
    public internal(set) var ratingsTo: [Double]
    /// Shadow prices of the active power limits, by generator: money/(W·h). With a piecewise linear cost,
    /// those of its first and last piece.
    public internal(set) var active: [Double]
    /// Shadow prices of the reactive power limits, by generator: money/(var·h).
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

    /// Binding limits: their shadow price is larger than their slack.
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
