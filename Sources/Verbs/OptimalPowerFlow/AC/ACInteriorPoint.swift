// Least cost f(x) where the balances g(x) = 0 and limits c(x) ≤ 0 hold, by a primal–dual interior point
// (Torres & Quintana 1998, IEEE Trans. Power Syst. 13(4); Wang et al. 2007, 22(3)). With slacks s > 0 and
// prices y and z > 0, Newton's method on
//
//     ∇f + ∇g·y + ∇c·z = 0,    g = 0,    c + s = 0,    s·z = τ
//
// leaves, once slacks and the prices of limits are eliminated, with W = z/(s + z·softness),
//
//     | H + Σ ∇c·W·∇cᵀ   ∇g | |dx|     | ∇f + ∇g·y + Σ ∇c·(z + W·(τ/z + c)) |
//     | ∇gᵀ              0  | |dy| = − | g                                  |
//
// where H holds the exact second derivatives of the Lagrangian. Sources are eliminated too, which leaves one
// block of 4×4 a bus. The step is a descent direction where the matrix has as many negative eigenvalues as
// there are balances; where it has not, a multiple of the identity is added to H until it has.

import Lanes
import LinearAlgebra

/// Moves an `ACPoint` to a solution. Owns a workspace.
final class ACInteriorPoint {
    /// Settings of one attempt: no single strategy solves all cases.
    struct Strategy {
        /// Product of slack and price at the start.
        let firstBarrier: Double
        /// τ as a fraction of the mean s·z; nil: Mehrotra's predictor chooses it, and corrects the step.
        let centring: Double?
        /// Whether every step must be a descent direction.
        let isLifted: Bool
        let iterationLimit: Int

        static let predicted = Strategy(
            firstBarrier: 0.1, centring: nil, isLifted: true, iterationLimit: 100)
        static let cautious = Strategy(
            firstBarrier: 0.01, centring: 0.1, isLifted: false, iterationLimit: 150)
    }

    enum Ending { case converged, iterationLimit, numericalFailure }

    static let tolerance = 1e-8
    /// Least τ: beyond the tolerance, smaller slacks only lose digits.
    private static let leastBarrier = 1e-9
    /// Fraction of the distance to a limit that a step may go.
    private static let nearest = 0.9995
    /// Least fraction of the softness of a limit that remains.
    private static let leastEase = 1e-4
    private static let largestLift = 1e10

    let point: ACPoint
    private let model: ACModel
    private let system: ACSystem
    private let step: ACPoint.Column
    private let slackStep: ACPoint.Column
    private let priceStep: ACPoint.Column
    private let target: ACPoint.Column
    private let weight: ACPoint.Column
    private let sums: ACPoint.Column
    private let unknowns: UnsafeMutableBufferPointer<ACPoint.Four>
    /// Multiple of the identity added to H now, and when it was last needed.
    private var lift = 0.0
    private var lastLift = 0.0
    private(set) var iterations = 0
    private(set) var residuals = ACResiduals()

    init(_ model: ACModel, linearSolver: ACOptimalPowerFlow.LinearSolver) {
        self.model = model
        point = ACPoint(model)
        system = ACSystem(point, alwaysFallback: linearSolver == .klu)
        step = .filled(model.variableCount, with: 0)
        sums = .filled(model.variableCount, with: 0)
        slackStep = .filled(point.limitCount, with: 0)
        priceStep = .filled(point.limitCount, with: 0)
        target = .filled(point.limitCount, with: 0)
        weight = .filled(point.limitCount, with: 0)
        unknowns = .filled(model.buses.count, with: .zero)
    }

    deinit {
        for column in [step, sums, slackStep, priceStep, target, weight] { column.deallocate() }
        unknowns.deallocate()
    }

    /// Iterates from the current point.
    func run(_ strategy: Strategy) -> Ending {
        point.evaluate()
        lastLift = 0
        for iteration in 0...strategy.iterationLimit {
            measure()
            guard residuals.isFinite else { return .numericalFailure }
            if residuals.isWithin(Self.tolerance) { return .converged }
            guard iteration < strategy.iterationLimit else { break }
            iterations += 1
            guard factor(strategy) else { return .numericalFailure }
            aim(strategy)
            direct()
            advance()
            point.evaluate()
        }
        return .iterationLimit
    }

    /// Factors the matrix, with the least multiple of the identity that makes the step a descent direction.
    private func factor(_ strategy: Strategy) -> Bool {
        lift = 0
        let isDownhill = system.factor(lift: 0)
        if isDownhill == true || (!strategy.isLifted && isDownhill != nil) { return true }
        lift = max(lastLift / 3, 1e-6)
        while lift < Self.largestLift {
            lastLift = lift
            if system.factor(lift: lift) == true { return true }
            lift *= 8
        }
        return false
    }

    /// Sets `target`, τ of every limit.
    private func aim(_ strategy: Strategy) {
        let (slack, price) = (point.slack, point.price)
        let count = Double(max(point.limitCount, 1))
        var mean = 0.0
        for row in 0..<point.limitCount { mean += slack[row] * price[row] / count }
        if let centring = strategy.centring {
            target.update(repeating: max(centring * mean, Self.leastBarrier))
            return
        }
        target.update(repeating: 0)
        direct()
        let (primal, dual) = (length(slack, slackStep, 1), length(price, priceStep, 1))
        var predicted = 0.0
        for row in 0..<point.limitCount {
            let (s, z) = (slack[row] + primal * slackStep[row], price[row] + dual * priceStep[row])
            predicted += s * z / count
        }
        let ratio = predicted / mean
        let centre = max(ratio * ratio * ratio * mean, Self.leastBarrier)
        for row in 0..<point.limitCount { target[row] = centre - slackStep[row] * priceStep[row] }
    }

    /// Largest fraction of `step`, at most 1, that keeps positive `values` positive.
    private func length(_ values: ACPoint.Column, _ step: ACPoint.Column, _ nearest: Double) -> Double {
        var longest = 1.0
        for at in 0..<values.count where values[at] + longest * step[at] < (1 - nearest) * values[at] {
            longest = -nearest * values[at] / step[at]
        }
        return longest
    }

    private func advance() {
        let primal = length(point.slack, slackStep, Self.nearest)
        let dual = length(point.price, priceStep, Self.nearest)
        harden(primal)
        for row in 0..<point.limitCount {
            point.slack[row] += primal * slackStep[row]
            point.price[row] += dual * priceStep[row]
        }
        for bus in 0..<unknowns.count {
            let at = 4 * bus
            point.x[at] += primal * step[at]
            point.x[at + 1] += primal * step[at + 1]
            point.x[at + 2] += dual * step[at + 2]
            point.x[at + 3] += dual * step[at + 3]
        }
        for at in model.firstSource..<model.firstDifference { point.x[at] += primal * step[at] }
    }

    /// A soft limit closes by what its price still moves. Where that is slow, it becomes harder.
    private func harden(_ primal: Double) {
        guard primal > 0.9 else { return }
        for row in model.bounds.count..<point.limitCount {
            let left = (point.softness[row] * priceStep[row]).magnitude
            guard left > Self.tolerance / 2, left > 0.2 * point.residual[row].magnitude,
                point.ease[row] > Self.leastEase
            else { continue }
            point.ease[row] /= 10
        }
    }

    private func measure() {
        sum(point.gradient, point.price)
        for pin in model.pinned { sums[pin.variable] = 0 }
        residuals = ACResiduals()
        // A value that is not a number stays.
        func larger(_ a: inout Double, _ b: Double) { if !(b.magnitude <= a), !a.isNaN { a = b.magnitude } }
        for at in 0..<model.firstDifference {
            if at < model.firstSource, at & 2 != 0 {
                larger(&residuals.primal, sums[at])
            } else {
                larger(&residuals.dual, sums[at])
            }
        }
        for row in 0..<point.limitCount {
            larger(&residuals.primal, point.residual[row])
            larger(&residuals.complementarity, point.slack[row] * point.price[row])
        }
    }
}

// The step.
extension ACInteriorPoint {
    /// The step towards `target`, refined once: stiff limits make the rounding errors too large.
    private func direct() {
        step.update(repeating: 0)
        for row in 0..<point.limitCount {
            let change = target[row] + point.price[row] * (point.residual[row] - point.slack[row])
            weight[row] = point.price[row] + change / stiffness(row)
        }
        sum(point.gradient, weight)
        correct()
        followLimits()
        for row in 0..<point.limitCount { weight[row] = point.price[row] + priceStep[row] }
        sum(point.gradient, weight)
        point.addProduct(step, lift: lift, to: sums)
        correct()
        followLimits()
    }

    private func sum(_ gradient: ACPoint.Column, _ weights: ACPoint.Column) {
        _ = sums.update(fromContentsOf: gradient)
        point.addLimits(weights, to: sums)
    }

    /// s + z·softness of a limit.
    private func stiffness(_ row: Int) -> Double {
        point.slack[row] + point.price[row] * point.softness[row]
    }

    /// Subtracts from the step the solution for the right-hand side `sums`.
    private func correct() {
        for pin in model.pinned { sums[pin.variable] = 0 }
        for (index, source) in model.sources.enumerated() {
            let at = model.firstSource + index
            sums[source.balance] += source.sign * sums[at] / point.curvature[at]
        }
        for bus in 0..<unknowns.count {
            let at = 4 * bus
            unknowns[bus] = ACPoint.Four(-sums[at], -sums[at + 1], -sums[at + 2], -sums[at + 3])
        }
        system.solve(unknowns)
        for bus in 0..<unknowns.count {
            for part in 0..<4 { step[4 * bus + part] += unknowns[bus][part] }
        }
        for (index, source) in model.sources.enumerated() {
            let at = model.firstSource + index
            let price = unknowns[source.balance / 4][source.balance & 3]
            step[at] += (source.sign * price - sums[at]) / point.curvature[at]
        }
    }

    /// The steps of slacks and prices that belong to the step.
    private func followLimits() {
        let (point, slack, price) = (point, point.slack, point.price)
        for (index, branch) in model.branches.enumerated() {
            step[model.firstDifference + index] = step[4 * branch.from] - step[4 * branch.to]
        }
        for (row, bound) in model.bounds.enumerated() {
            slackStep[row] = -point.residual[row] - bound.sign * step[bound.variable]
        }
        for (index, limit) in model.flowLimits.enumerated() {
            let (row, gradient) = (model.bounds.count + index, point.limitGradient[index])
            let branch = model.branches[limit.branch]
            slackStep[row] =
                -point.residual[row] - gradient[0] * step[model.firstDifference + limit.branch]
                - gradient[1] * step[4 * branch.from + 1] - gradient[2] * step[4 * branch.to + 1]
        }
        // So far a slack's step is that of a hard limit.
        for row in 0..<point.limitCount {
            let known = target[row] - price[row] * (slack[row] + slackStep[row])
            priceStep[row] = known / stiffness(row)
            slackStep[row] += point.softness[row] * priceStep[row]
        }
    }
}

/// Residuals of the optimality conditions of Karush, Kuhn and Tucker.
public struct ACResiduals: Hashable, Sendable {
    /// Largest mismatch of a power balance or violation of a limit: p.u. of the base power and of nominal
    /// voltage, and rad; for a flow S with the rating R, (S² − R²)/2R.
    public internal(set) var primal = 0.0
    /// Largest derivative of the Lagrangian with respect to a voltage, an angle or a power, p.u., as a
    /// fraction of the largest incremental cost.
    public internal(set) var dual = 0.0
    /// Largest product of a limit's slack and its shadow price, in the same units.
    public internal(set) var complementarity = 0.0

    var isFinite: Bool { (primal + dual + complementarity).isFinite }
    func isWithin(_ tolerance: Double) -> Bool { max(primal, dual, complementarity) <= tolerance }
}
