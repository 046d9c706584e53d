// Least Σ c(g) where at each bus the power of its units, less the demand, equals the outgoing flows,
//
//     Σ g − Aᵀf = d,   f = b·(A·θ − shift),   lower ≤ g ≤ upper,   lower ≤ f ≤ upper,
//
// and with losses Σ g − Aᵀf − |A|ᵀ·r·f²/2 = d: one more unit of a flow f takes 1 + r·f from the sending end
// and delivers 1 − r·f at the receiving end. The matrix E of these coefficients then replaces A between λ and
// the flows, and r·(λ(from) + λ(to)) adds to D. λ are the prices of the balances, z, u ≥ 0 the multipliers of
// the limits. The conditions of Karush, Kuhn and Tucker are the equations above; c′(g) = λ + z_lower −
// z_upper at each unit; Aᵀ·b·t = 0 at each angle, where t = λ(from) − λ(to) − u_lower + u_upper; and for each
// limit either the multiplier or the distance is 0. The primal–dual interior point method keeps all products
// of the two at a μ that goes to 0 (Mehrotra 1992, SIAM J. Optim. 2(4)). In each of its Newton equations
//
//     Δu = (μ + u·error)/distance − u ∓ (u/distance)·Δf,        D = u_lower/distance + u_upper/distance,
//     Δg = (Δλ + known)/Θ,   Θ = c″ + z_lower/(g − lower) + z_upper/(upper − g),   W = Σ 1/Θ at the bus,
//
// so that units, flows and multipliers are eliminated, which leaves one block of 2×2 a bus: see `DCSystem`.

public import Grid

/// DC optimal power flow of a case: the cheapest dispatch on the linear model of its network.
///
/// ```swift
/// let buses = ["west", "east"].map {
///     Bus(name: $0, nominalVoltage: Voltage(110_000), limits: 0.9...1.1)
/// }
/// let line = Branch(
///     name: "line", from: 0, to: 1, resistance: .zero, reactance: Impedance(12),
///     rating: ApparentPower(60e6))
/// let plants = [300.0, 450].enumerated().map { bus, yuanPerMegawattHour in
///     NetworkCase.Generator(
///         name: buses[bus].name, bus: bus, active: .zero, activeLimits: .zero...Power(100e6),
///         cost: .polynomial(constant: 0, linear: yuanPerMegawattHour / 1e6, quadratic: 0))
/// }
/// let town = NetworkCase.Load(name: "town", bus: 1, active: Power(100e6), reactive: .zero)
/// let twoBuses = NetworkCase(
///     name: "two buses", buses: buses, branches: [line], sources: [.init(bus: 0, voltage: 1)],
///     loads: [town], generators: plants, basePower: Power(100e6))
/// let optimum = try DCOptimalPowerFlow(twoBuses).solve()
/// print(optimum.powers, optimum.prices.map(\.total))  // 60 and 40 MW at 300 and 450 yuan/MWh.
/// ```
///
/// Generators have limits and quadratic or piecewise linear convex costs; branches have ratings and limits of
/// their angle differences; the network may have several islands. An `ampacity` counts at nominal voltage,
/// and loads and shunt conductances take their power at nominal voltage.
public struct DCOptimalPowerFlow: Sendable {
    let model: DCModel
    private let networkCase: NetworkCase
    private static let stepLimit = 150
    private static let tolerance = 1e-8
    /// A power imbalance up to this, p.u., is rounding and not missing power.
    private static let leastMissing = 1e-6

    /// Creates the problem. Throws every mistake in the case: a missing cost, or one that is not convex.
    ///
    /// - Parameters:
    ///   - networkCase: network, generators and demand.
    ///   - branchModel: susceptances of the branches.
    ///   - losses: whether each line loses r·f² (p.u. at nominal voltage), half of it at each end.
    public init(
        _ networkCase: NetworkCase, branchModel: DCBranchModel = .tapped, losses: Bool = false
    ) throws(CaseMistake) {
        self.networkCase = networkCase
        model = try DCModel(networkCase, branchModel, losses: losses)
    }

    /// Returns the optimum. Where none is found, the result holds the least missing power.
    public func solve(linearSolver: LinearSolver = .blocks) -> DCOptimum {
        let newton = DCNewton(model, alwaysFallback: linearSolver == .klu)
        let (status, iterations) = model.isServable ? Self.run(newton) : (.infeasible, 0)
        var optimum = optimum(newton, status, iterations)
        if status != .optimal { relax(&optimum, linearSolver) }
        precondition(
            optimum.status != .optimal || optimum.cost.isFinite && optimum.powers.allSatisfy(\.isFinite))
        return optimum
    }

    private static func run(_ newton: DCNewton) -> (DCOptimum.Status, iterations: Int) {
        let model = newton.model
        let areLossy = model.lines.contains { $0.resistance != 0 }
        let areStepsEqual = areLossy || model.units.contains { $0.quadratic > 0 }
        // As a fraction of the cost. Nearer to their limits, lines with losses also lose digits.
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

    /// Computes the least missing power; sets the status to infeasible where it is not zero.
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

    /// Solver of the linear systems in the iteration.
    public enum LinearSolver: Sendable {
        /// Blocks of 2×2 along the network; KLU where these lose too many digits.
        case blocks
        /// KLU for all systems; slower.
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

    /// Binding limits: their multiplier is larger than their distance, each in its own scale.
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
