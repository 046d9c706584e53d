public import Grid

/// AC optimal power flow of a case: the cheapest dispatch that satisfies the full power flow equations.
///
/// ```swift
/// let networkCase = try CaseFile.load(path: path).networkCase
/// let optimum = try ACOptimalPowerFlow(networkCase).solve()
/// print(optimum.status, optimum.cost)  // MATPOWER's case30: 576.89 $/h.
/// ```
///
/// Polar voltages, active and reactive balance at every bus, ratings at both ends of the branches, limits of
/// angles, voltages and generators; costs of active and of reactive power, piecewise linear or polynomials of
/// any degree, convex between the limits. The problem is that of PowerModels' ACP formulation.
///
/// Loads may depend on |V| and |V|². An `ampacity` counts at nominal voltage. A bus without a path to a
/// source is de-energised and its load unserved. A generator without a cost costs nothing; one without limits
/// is not limited.
public struct ACOptimalPowerFlow {
    private let model: ACModel
    private let networkCase: NetworkCase
    /// A power imbalance above this, p.u., makes a case infeasible.
    private static let leastMissing = 1e-6

    /// Solver of the linear systems in the iteration.
    public enum LinearSolver: Sendable {
        /// Blocks of 4×4 along the network; KLU where a block is singular.
        case blocks
        /// KLU for all systems; slower.
        case klu
    }

    /// Creates the problem. Throws every mistake in the case.
    public init(_ networkCase: NetworkCase) throws(CaseMistake) {
        self.networkCase = networkCase
        model = try ACModel(networkCase)
    }

    /// Returns the optimum.
    ///
    /// Where no attempt converges, the least missing power is computed; where that is not zero, the case is
    /// infeasible.
    public func solve(linearSolver: LinearSolver = .blocks) -> ACOptimum {
        var iterations = 0
        var best: ACOptimum?
        var attempts = [(ACInteriorPoint.Strategy.predicted, isTurned: false), (.cautious, false)]
        if hasShifts { attempts += [(.predicted, true), (.cautious, true)] }
        for (strategy, isTurned) in attempts {
            let solver = ACInteriorPoint(model, linearSolver: linearSolver)
            solver.point.startFlat(barrier: strategy.firstBarrier, isTurned: isTurned)
            let ending = solver.run(strategy)
            iterations += solver.iterations
            let optimum = ACOptimum(networkCase, solver, ending, iterations)
            if ending == .converged {
                precondition(optimum.cost.isFinite && optimum.voltages.allSatisfy { $0.isFinite && $0 >= 0 })
                return optimum
            }
            let isNearer = best.map { optimum.residuals.primal < $0.residuals.primal } ?? true
            if isNearer { best = optimum }
        }
        var optimum = best!
        optimum.iterations = iterations
        relax(&optimum, linearSolver)
        return optimum
    }

    private var hasShifts: Bool { model.live.branches.contains { model.network.branches[$0].shift != 0 } }

    /// Computes the least missing power; sets the status to infeasible where it is not zero.
    private func relax(_ optimum: inout ACOptimum, _ linearSolver: LinearSolver) {
        let model = model.relaxed()
        let solver = ACInteriorPoint(model, linearSolver: linearSolver)
        let isFound = [ACInteriorPoint.Strategy.cautious, .predicted].contains { strategy in
            solver.point.startFlat(barrier: strategy.firstBarrier, isTurned: hasShifts)
            return solver.run(strategy) == .converged
        }
        optimum.iterations += solver.iterations
        guard isFound else { return }
        var missing = Array(repeating: SIMD2<Double>.zero, count: model.buses.count)
        for (index, source) in model.sources.enumerated() where source.generator == nil {
            let amount = source.sign * solver.point.x[model.firstSource + index]
            missing[source.balance / 4][source.balance & 1] += amount
        }
        let sizes = missing.map { ($0 * $0).sum().squareRoot() }
        guard let worst = sizes.indices.max(by: { sizes[$0] < sizes[$1] }), sizes[worst] > Self.leastMissing
        else { return }
        optimum.status = .infeasible
        optimum.missing = ACOptimum.Missing(
            bus: model.buses[worst], active: Power(missing[worst].x * model.network.basePower),
            reactive: ReactivePower(missing[worst].y * model.network.basePower))
    }
}

extension ACOptimum {
    /// Creates the result from the last point of a solver.
    init(
        _ networkCase: NetworkCase, _ solver: ACInteriorPoint, _ ending: ACInteriorPoint.Ending,
        _ iterations: Int
    ) {
        let (point, model) = (solver.point, solver.point.model)
        let unit = model.network.basePower
        var given = model.base
        for (index, source) in model.sources.enumerated() {
            guard let generator = source.generator else { continue }
            given[generator][source.balance & 1] += point.x[model.firstSource + index]
        }
        var flows = networkCase.network.branches.map { _ in ACPoint.Four.zero }
        for (index, branch) in model.branches.enumerated() { flows[branch.index] = point.powers(of: index) }
        func byBus(_ value: (Int) -> Double) -> [Double] {
            model.positions.map { $0.map(value) ?? 0 }
        }
        let split = ACPrices(point)
        self.init(
            status: ending == .converged
                ? .optimal : ending == .iterationLimit ? .iterationLimit : .numericalFailure,
            cost: model.cost(of: given), active: given.map { Power($0.x * unit) },
            reactive: given.map { ReactivePower($0.y * unit) }, voltages: byBus { point.x[4 * $0 + 1] },
            angles: byBus { point.x[4 * $0] }, powerFrom: flows.map { Power($0[0] * unit) },
            powerTo: flows.map { Power($0[2] * unit) },
            reactiveFrom: flows.map { ReactivePower($0[1] * unit) },
            reactiveTo: flows.map { ReactivePower($0[3] * unit) },
            prices: model.positions.map { bus in
                bus.map { split.price(at: $0) } ?? NodalPrice(energy: .zero, congestion: .zero, loss: .zero)
            },
            reactivePrices: byBus { point.x[4 * $0 + 3] / point.scale / unit }, binding: point.binding,
            limitPrices: point.limitPrices, missing: nil, residuals: solver.residuals, iterations: iterations)
    }
}
