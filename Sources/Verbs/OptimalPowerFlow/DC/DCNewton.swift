import Lanes

/// The iteration of `DCOptimalPowerFlow`: the point, its residuals, and Newton's steps. Each unit has its
/// power g within limits and their multipliers; each line has its flow f = b·(A·θ − shift), the distances to
/// its limits and their multipliers. A missing limit of a line has always the distance 1 and the multiplier
/// 0.
final class DCNewton {
    typealias Column = UnsafeMutableBufferPointer<Double>

    let model: DCModel
    private let system: DCSystem
    // The point.
    let angle: Column
    let price: Column
    let given: Column
    let lowGiven: Column
    let highGiven: Column
    let below: Column
    let above: Column
    let lowFlow: Column
    let highFlow: Column
    let flow: Column
    // Residuals: of balances and stationarity by bus, of the distances and of λ across by line, by unit.
    private let imbalance: Column
    let force: Column
    /// 1/Σ|b| of each bus.
    private let measure: Column
    private let belowError: Column
    private let aboveError: Column
    let tension: Column
    private let unitError: Column
    // The step, and what was reduced.
    private let step: Step
    private let first: Step
    private let weight: Column
    /// r·f of each line: half of its marginal loss.
    let marginalLoss: Column
    private let give: Column
    private let curvature: Column
    private let unitTerm: Column

    /// Changes of a point, by the names of its parts.
    struct Step {
        let angle: Column
        let price: Column
        let given: Column
        let lowGiven: Column
        let highGiven: Column
        let below: Column
        let above: Column
        let lowFlow: Column
        let highFlow: Column

        init(buses: Int, lines: Int, units: Int) {
            (angle, price) = (.filled(buses, with: 0), .filled(buses, with: 0))
            given = .filled(units, with: 0)
            (lowGiven, highGiven) = (.filled(units, with: 0), .filled(units, with: 0))
            (below, above) = (.filled(lines, with: 0), .filled(lines, with: 0))
            (lowFlow, highFlow) = (.filled(lines, with: 0), .filled(lines, with: 0))
        }

        var columns: [Column] {
            [angle, price, given, lowGiven, highGiven, below, above, lowFlow, highFlow]
        }
    }

    struct Residuals {
        var primal = 0.0
        var dual = 0.0
        /// Σ of products of multiplier and distance, and over how many.
        var gap = 0.0
        var cost = 0.0
    }

    private let products: Double

    init(_ model: DCModel, alwaysFallback: Bool) {
        self.model = model
        system = DCSystem(model, alwaysFallback: alwaysFallback)
        let (buses, lines, units) = (model.demand.count, model.lines.count, model.units.count)
        func column(_ count: Int) -> Column { .filled(count, with: 0) }
        (angle, price, imbalance, force) = (column(buses), column(buses), column(buses), column(buses))
        measure = column(buses)
        (given, lowGiven, highGiven) = (column(units), column(units), column(units))
        (unitError, unitTerm, curvature) = (column(units), column(units), column(units))
        (below, above, lowFlow, highFlow) = (column(lines), column(lines), column(lines), column(lines))
        (flow, belowError, aboveError) = (column(lines), column(lines), column(lines))
        (tension, weight, marginalLoss) = (column(lines), column(lines), column(lines))
        give = column(buses)
        step = Step(buses: buses, lines: lines, units: units)
        first = Step(buses: buses, lines: lines, units: units)
        let sides = model.lines.reduce(0) { $0 + ($1.lower.isFinite ? 1 : 0) + ($1.upper.isFinite ? 1 : 0) }
        products = Double(max(1, sides + 2 * units))
        start()
    }

    deinit {
        let columns = [
            angle, price, imbalance, force, given, lowGiven, highGiven, unitError, unitTerm, curvature,
            below, above, lowFlow, highFlow, flow, belowError, aboveError, tension, weight, marginalLoss,
            give, measure,
        ]
        for column in columns + step.columns + first.columns { column.deallocate() }
    }

    /// Units in the middle, no flows, multipliers alike.
    private func start() {
        for (k, unit) in model.units.enumerated() {
            given[k] = (unit.lower + unit.upper) / 2
            (lowGiven[k], highGiven[k]) = (Self.multiplier, Self.multiplier)
        }
        for line in model.lines {
            measure[line.from] += line.susceptance.magnitude
            measure[line.to] += line.susceptance.magnitude
        }
        for bus in measure.indices { measure[bus] = measure[bus] > 0 ? 1 / measure[bus] : 1 }
        for (k, line) in model.lines.enumerated() {
            flow[k] = -line.susceptance * line.shift
            below[k] = line.lower.isFinite ? max(flow[k] - line.lower, Self.distance) : 1
            above[k] = line.upper.isFinite ? max(line.upper - flow[k], Self.distance) : 1
            lowFlow[k] = line.lower.isFinite ? Self.multiplier : 0
            highFlow[k] = line.upper.isFinite ? Self.multiplier : 0
        }
    }

    private static let multiplier = 0.1
    private static let distance = 0.1

    /// Residuals of the current point.
    func residuals() -> Residuals {
        var result = Residuals()
        for bus in imbalance.indices { (imbalance[bus], force[bus]) = (model.demand[bus], 0) }
        for (k, line) in model.lines.enumerated() {
            let f = line.susceptance * (angle[line.from] - angle[line.to] - line.shift)
            flow[k] = f
            let half = line.resistance * f
            marginalLoss[k] = half
            imbalance[line.from] += f + 0.5 * half * f
            imbalance[line.to] -= f - 0.5 * half * f
            let t = (1 + half) * price[line.from] - (1 - half) * price[line.to] - lowFlow[k] + highFlow[k]
            tension[k] = t
            force[line.from] += line.susceptance * t
            force[line.to] -= line.susceptance * t
            belowError[k] = line.lower.isFinite ? below[k] - (f - line.lower) : 0
            aboveError[k] = line.upper.isFinite ? above[k] - (line.upper - f) : 0
            result.primal = max(result.primal, belowError[k].magnitude, aboveError[k].magnitude)
            result.gap += below[k] * lowFlow[k] + above[k] * highFlow[k]
        }
        for (k, unit) in model.units.enumerated() {
            imbalance[unit.bus] -= given[k]
            let marginal = unit.slope + 2 * unit.quadratic * given[k]
            unitError[k] = marginal - price[unit.bus] - lowGiven[k] + highGiven[k]
            result.dual = max(result.dual, unitError[k].magnitude)
            result.gap += lowGiven[k] * (given[k] - unit.lower) + highGiven[k] * (unit.upper - given[k])
            result.cost += given[k] * (unit.slope + unit.quadratic * given[k])
        }
        for bus in imbalance.indices {
            result.primal = max(result.primal, imbalance[bus].magnitude)
            result.dual = max(result.dual, force[bus].magnitude * measure[bus])
        }
        return result
    }

    /// Makes one predictor–corrector step from a point with known residuals. False where it is impossible.
    func advance(_ residuals: Residuals, equalSteps: Bool, leastGap: Double) -> Bool {
        reduce()
        guard system.factor(weight.baseAddress!, marginalLoss.baseAddress!, give.baseAddress!),
            direct(first, target: 0, nil)
        else {
            return false
        }
        let reach = reach(first, equalSteps, damping: 1)
        let mean = residuals.gap / products
        let ratio = max(0, gap(after: first, reach)) / max(residuals.gap, 1e-300)
        // No lower than the required gap: smaller distances to a limit lose digits.
        let least = leastGap * max(1e-3, residuals.cost.magnitude) / products
        guard direct(step, target: max(mean * ratio * ratio * ratio, least), first) else { return false }
        let final = self.reach(step, equalSteps, damping: max(0.9, 1 - 0.1 * mean))
        move(final)
        return final.primal > 1e-10 || final.dual > 1e-10
    }

    /// D of the lines, W of the buses.
    private func reduce() {
        for (k, line) in model.lines.enumerated() {
            // The second derivative of the losses, where it is not negative.
            let curvature = line.resistance * (price[line.from] + price[line.to])
            weight[k] = lowFlow[k] / below[k] + highFlow[k] / above[k] + max(0, curvature)
        }
        for bus in give.indices { give[bus] = 0 }
        for (k, unit) in model.units.enumerated() {
            curvature[k] =
                2 * unit.quadratic + lowGiven[k] / (given[k] - unit.lower)
                + highGiven[k] / (unit.upper - given[k])
            give[unit.bus] += 1 / curvature[k]
        }
    }

    /// Newton's step towards products that are `target`, less what the products of the step before will add.
    private func direct(_ step: Step, target: Double, _ before: Step?) -> Bool {
        for bus in imbalance.indices { (step.angle[bus], step.price[bus]) = (-force[bus], -imbalance[bus]) }
        for (k, line) in model.lines.enumerated() {
            let low = line.lower.isFinite ? target - (before.map { $0.below[k] * $0.lowFlow[k] } ?? 0) : 0
            let high = line.upper.isFinite ? target - (before.map { $0.above[k] * $0.highFlow[k] } ?? 0) : 0
            // The known part of the changes of the multipliers.
            step.lowFlow[k] = (low + lowFlow[k] * belowError[k]) / below[k] - lowFlow[k]
            step.highFlow[k] = (high + highFlow[k] * aboveError[k]) / above[k] - highFlow[k]
            let change = line.susceptance * (step.highFlow[k] - step.lowFlow[k])
            step.angle[line.from] -= change
            step.angle[line.to] += change
        }
        for (k, unit) in model.units.enumerated() {
            let low = target - (before.map { $0.given[k] * $0.lowGiven[k] } ?? 0)
            let high = target + (before.map { $0.given[k] * $0.highGiven[k] } ?? 0)
            step.lowGiven[k] = low / (given[k] - unit.lower) - lowGiven[k]
            step.highGiven[k] = high / (unit.upper - given[k]) - highGiven[k]
            unitTerm[k] = step.lowGiven[k] - step.highGiven[k] - unitError[k]
            step.price[unit.bus] += unitTerm[k] / curvature[k]
        }
        guard system.solve(step.angle.baseAddress!, step.price.baseAddress!) else { return false }
        complete(step)
        return true
    }

    /// The other parts of a step, from angles and prices.
    private func complete(_ step: Step) {
        for (k, line) in model.lines.enumerated() {
            let change = line.susceptance * (step.angle[line.from] - step.angle[line.to])
            step.below[k] = line.lower.isFinite ? change - belowError[k] : 0
            step.above[k] = line.upper.isFinite ? -change - aboveError[k] : 0
            step.lowFlow[k] -= lowFlow[k] / below[k] * change
            step.highFlow[k] += highFlow[k] / above[k] * change
        }
        for (k, unit) in model.units.enumerated() {
            let change = (step.price[unit.bus] + unitTerm[k]) / curvature[k]
            step.given[k] = change
            step.lowGiven[k] -= lowGiven[k] / (given[k] - unit.lower) * change
            step.highGiven[k] += highGiven[k] / (unit.upper - given[k]) * change
        }
    }

    /// Fraction of a step that keeps distances and multipliers above 0.
    private func reach(_ step: Step, _ equalSteps: Bool, damping: Double) -> (primal: Double, dual: Double) {
        var (primal, dual) = (damping, damping)
        func limit(_ value: Double, _ change: Double, _ reach: inout Double) {
            if value + reach / damping * change < 0 { reach = -damping * value / change }
        }
        for k in below.indices {
            limit(below[k], step.below[k], &primal)
            limit(above[k], step.above[k], &primal)
            limit(lowFlow[k], step.lowFlow[k], &dual)
            limit(highFlow[k], step.highFlow[k], &dual)
        }
        for (k, unit) in model.units.enumerated() {
            limit(given[k] - unit.lower, step.given[k], &primal)
            limit(unit.upper - given[k], -step.given[k], &primal)
            limit(lowGiven[k], step.lowGiven[k], &dual)
            limit(highGiven[k], step.highGiven[k], &dual)
        }
        // No limit in the way: the full step.
        if primal == damping { primal = 1 }
        if dual == damping { dual = 1 }
        let both = min(primal, dual)
        return equalSteps ? (both, both) : (primal, dual)
    }

    private func gap(after step: Step, _ reach: (primal: Double, dual: Double)) -> Double {
        let (p, d) = reach
        var gap = 0.0
        for k in below.indices {
            gap += (below[k] + p * step.below[k]) * (lowFlow[k] + d * step.lowFlow[k])
            gap += (above[k] + p * step.above[k]) * (highFlow[k] + d * step.highFlow[k])
        }
        for (k, unit) in model.units.enumerated() {
            let power = given[k] + p * step.given[k]
            gap += (power - unit.lower) * (lowGiven[k] + d * step.lowGiven[k])
            gap += (unit.upper - power) * (highGiven[k] + d * step.highGiven[k])
        }
        return gap
    }

    private func move(_ reach: (primal: Double, dual: Double)) {
        func add(_ column: Column, _ change: Column, _ factor: Double) {
            for k in column.indices { column[k] += factor * change[k] }
        }
        for (column, change) in [
            (angle, step.angle), (given, step.given), (below, step.below), (above, step.above),
        ] { add(column, change, reach.primal) }
        for (column, change) in [
            (price, step.price), (lowGiven, step.lowGiven), (highGiven, step.highGiven),
            (lowFlow, step.lowFlow), (highFlow, step.highFlow),
        ] { add(column, change, reach.dual) }
    }
}
