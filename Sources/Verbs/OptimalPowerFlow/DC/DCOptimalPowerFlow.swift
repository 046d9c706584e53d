// Least Σ c(g) where at each bus what units give, less the demand, is what flows away,
//
//     Σ g − Aᵀf = d,   f = b·(A·θ − shift),   lower ≤ g ≤ upper,   lower ≤ f ≤ upper,
//
// and with losses Σ g − Aᵀf − |A|ᵀ·r·f²/2 = d: more of a flow f leaves its one end as 1 + r·f and arrives
// at the other as 1 − r·f. E of these counts in place of A wherever λ and flows meet, and r·(λ(from) + λ(to))
// adds to D. All this with prices λ of the balances and multipliers z, u ≥ 0 of the limits. The conditions of
// Karush, Kuhn and Tucker are these, c′(g) = λ + z_lower − z_upper at each unit, and at each angle Aᵀ·b·t =
// 0, where t = λ(from) − λ(to) − u_lower + u_upper; and each multiplier or the distance to its limit is 0.
// The primal–dual interior point method keeps all products at a μ that goes to 0 (Mehrotra 1992, SIAM J.
// Optim. 2(4)). In each of Newton's equations for that
//
//     Δu = (μ + u·error)/distance − u ∓ (u/distance)·Δf,        D = u_lower/distance + u_upper/distance,
//     Δg = (Δλ + known)/Θ,   Θ = c″ + z_lower/(g − lower) + z_upper/(upper − g),   W = Σ 1/Θ at the bus,
//
// so that units, flows and multipliers go out and one block of 2×2 a bus is left: see `DCSystem`.

public import Grid

/// Solves the optimal power flow of a case on the linear (DC) model of its network: generators with quadratic
/// or piecewise linear convex costs and limits, ratings of branches, limits of angles, several islands.
///
/// An `ampacity` counts at nominal voltage. Loads are taken at nominal voltage; shunt conductances take what
/// they take there.
public struct DCOptimalPowerFlow: Sendable {
    let model: DCModel
    private let networkCase: NetworkCase
    private static let stepLimit = 150
    private static let tolerance = 1e-8
    /// Less than this, p.u., is not missing.
    private static let leastMissing = 1e-6

    /// Throws what the case lacks: costs, or costs that are convex. With `losses`, each line loses r·f² (p.u.
    /// at nominal voltage), half of it at each end.
    public init(
        _ networkCase: NetworkCase, branchModel: DCBranchModel = .tapped, losses: Bool = false
    ) throws(CaseMistake) {
        self.networkCase = networkCase
        model = try DCModel(networkCase, branchModel, losses: losses)
    }

    /// The optimum; where `linearSolver` is `.klu`, KLU solves all linear systems, which is slower. Where
    /// there is none, what is least missing for one is sought.
    public func solve(linearSolver: LinearSolver = .blocks) -> DCOptimum {
        let newton = DCNewton(model, alwaysFallback: linearSolver == .klu)
        let (status, iterations) = model.isServable ? Self.run(newton) : (.infeasible, 0)
        var optimum = optimum(newton, status, iterations)
        if status != .optimal { relax(&optimum, linearSolver) }
        return optimum
    }

    private static func run(_ newton: DCNewton) -> (DCOptimum.Status, iterations: Int) {
        let model = newton.model
        let areLossy = model.lines.contains { $0.resistance != 0 }
        let areStepsEqual = areLossy || model.units.contains { $0.quadratic > 0 }
        // As a part of the cost. Nearer to their limits, lines that lose lose digits too.
        let leastGap = areLossy ? 1e-8 : 1e-9
        for iteration in 0..<stepLimit {
            let residuals = newton.residuals()
            if isGood(residuals, leastGap) { return (.optimal, iteration) }
            if iteration > 5, newton.provesInfeasible() { return (.infeasible, iteration) }
            guard
                newton.advance(residuals, equalSteps: areStepsEqual, leastGap: areLossy ? 0.3 * leastGap : 0)
            else {
                return (.iterationLimit, iteration)
            }
        }
        return (isGood(newton.residuals(), leastGap) ? .optimal : .iterationLimit, stepLimit)
    }

    /// Says what is least missing, if it is something.
    private func relax(_ optimum: inout DCOptimum, _ linearSolver: LinearSolver) {
        let newton = DCNewton(model.relaxed(), alwaysFallback: linearSolver == .klu)
        let (status, iterations) = Self.run(newton)
        optimum.iterations += iterations
        guard status == .optimal else { return }
        var missing = model.demand.map { _ in 0.0 }
        for (k, unit) in newton.model.units.enumerated() where unit.generator == nil {
            missing[unit.bus] += newton.given[k]
        }
        optimum.missing = missing.indices.filter { missing[$0].magnitude > Self.leastMissing }.map {
            DCOptimum.Missing(bus: $0, active: Power(missing[$0] * model.base))
        }
        if !optimum.missing.isEmpty { optimum.status = .infeasible }
    }

    /// How the linear systems of the iteration are solved.
    public enum LinearSolver: Sendable {
        /// By blocks of two, and by KLU where these lose too many digits.
        case blocks
        case klu
    }

    private static func isGood(_ residuals: DCNewton.Residuals, _ leastGap: Double) -> Bool {
        residuals.primal <= tolerance && residuals.dual <= tolerance
            && residuals.gap <= leastGap * max(1e-3, residuals.cost.magnitude)
    }

    private func optimum(
        _ newton: DCNewton, _ status: DCOptimum.Status, _ iterations: Int
    ) -> DCOptimum {
        let residuals = newton.residuals()
        var powers = model.floor.map { $0 * model.base }
        for (k, unit) in model.units.enumerated() {
            powers[unit.generator!] += newton.given[k] * model.base
        }
        var cost = 0.0
        for (generator, power) in zip(networkCase.generators, powers) where generator.isConnected {
            cost += generator.cost?.cost(at: power) ?? 0
        }
        var flows = networkCase.network.branches.map { _ in 0.0 }
        var flowLimitPrices = flows.map { _ in EnergyCost.zero }
        for (k, line) in model.lines.enumerated() {
            flows[line.branch] = newton.flow[k] * model.base
            let price = newton.highFlow[k] - newton.lowFlow[k]
            flowLimitPrices[line.branch] = EnergyCost(price * model.costScale)
        }
        var powerLimitPrices = powers.map { _ in EnergyCost.zero }
        for (k, unit) in model.units.enumerated() {
            let isFirst = k == 0 || model.units[k - 1].generator != unit.generator
            let isLast = k + 1 == model.units.count || model.units[k + 1].generator != unit.generator
            let price = (isLast ? newton.highGiven[k] : 0) - (isFirst ? newton.lowGiven[k] : 0)
            powerLimitPrices[unit.generator!] =
                powerLimitPrices[unit.generator!] + EnergyCost(price * model.costScale)
        }
        return DCOptimum(
            status: status, cost: cost, powers: powers,
            angles: newton.angle.indices.map { newton.angle[$0] - newton.angle[model.references[$0]] },
            flows: flows, prices: newton.prices, references: model.references, binding: binding(newton),
            flowLimitPrices: flowLimitPrices, powerLimitPrices: powerLimitPrices,
            losses: model.lines.indices.reduce(0) { $0 + newton.marginalLoss[$1] * newton.flow[$1] }
                * model.base,
            missing: [],
            primalResidual: residuals.primal, dualResidual: residuals.dual,
            gap: residuals.gap / max(1e-3, residuals.cost.magnitude), iterations: iterations)
    }

    /// Limits whose multiplier is larger than the distance, both on their scales.
    private func binding(_ newton: DCNewton) -> [DCOptimum.BindingLimit] {
        model.lines.indices.flatMap { k -> [DCOptimum.BindingLimit] in
            let line = model.lines[k]
            var limits: [DCOptimum.BindingLimit] = []
            if newton.highFlow[k] > newton.above[k] {
                limits.append(
                    .init(
                        branch: line.branch, kind: line.isUpperAngle ? .angle : .rating,
                        price: EnergyCost(newton.highFlow[k] * model.costScale)))
            }
            if newton.lowFlow[k] > newton.below[k] {
                limits.append(
                    .init(
                        branch: line.branch, kind: line.isLowerAngle ? .angle : .rating,
                        price: EnergyCost(-newton.lowFlow[k] * model.costScale)))
            }
            return limits
        }
    }
}
