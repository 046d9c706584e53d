// Least cost f(x) where the balances g(x) = 0 and limits c(x) ≤ 0 hold, by a primal–dual interior point (Torres
// & Quintana 1998, IEEE Trans. Power Syst. 13(4); Wang et al. 2007, 22(3)). With slacks s > 0 and prices y and
// z > 0, Newton's method on
//
//     ∇f + ∇g·y + ∇c·z = 0,    g = 0,    c + s = 0,    s·z = τ
//
// leaves, once slacks and the prices of limits are eliminated,
//
//     | H + Σ ∇c·(z/s)·∇cᵀ   ∇g | |dx|     | ∇f + ∇g·y + Σ ∇c·(τ + z·(c + s))/s |
//     | ∇gᵀ                   0  | |dy| = − | g                                  |
//
// with H the exact second derivatives of the Lagrangian; sources are eliminated too, and one block of 4×4 a bus
// is left. τ is by Mehrotra's predictor and corrector, from the same factors. The step goes downhill where as
// many eigenvalues are negative as there are balances; where not, H is lifted until it does.

import LinearAlgebra

/// Walks an `ACPoint` to a solution. Owns a workspace.
final class ACInteriorPoint {
    let point: ACPoint
    private let model: ACModel
    private let step: ACPoint.Column
    private let slackStep: ACPoint.Column
    private let priceStep: ACPoint.Column
    private let target: ACPoint.Column
    private let weight: ACPoint.Column
    private let sums: ACPoint.Column
    private let unknowns: UnsafeMutableBufferPointer<ACPoint.Four>
    private var lift = 0.0
    private(set) var iterations = 0
    private(set) var residuals = ACResiduals()

    enum Ending { case converged, iterationLimit, numericalFailure }

    static let tolerance = 1e-8
    /// How near a step goes to a limit.
    private static var fraction: Double { T[3] }

    init(_ model: ACModel) {
        self.model = model
        point = ACPoint(model)
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

    /// From where the point stands.
    func run(iterationLimit: Int) -> Ending {
        let count = Double(max(point.limitCount, 1))
        point.evaluate()
        while true {
            measure()
            guard residuals.isFinite else { return .numericalFailure }
            if residuals.isWithin(Self.tolerance) { return .converged }
            if verbose, residuals.primal < 1e-2 {
                var w = 0
                for row in 0..<point.limitCount where point.residual[row].magnitude > point.residual[w].magnitude { w = row }
                var wc = 0
                for row in 0..<point.limitCount where point.slack[row] * point.price[row] > point.slack[wc] * point.price[wc] { wc = row }
                var d = 0
                for at in 0..<model.firstDifference where !(at < model.firstSource && at & 2 != 0) && sums[at].magnitude > sums[d].magnitude { d = at }
                print("   worst row", w, model.bounds.count, point.residual[w], point.slack[w], point.price[w], point.softness[w], w >= model.bounds.count ? "\(point.limitGradient[w - model.bounds.count]) \(model.flowLimits[w - model.bounds.count])" : "\(model.bounds[w])", "dual at", d, model.firstSource, sums[d])
                print("   worst compl", wc, point.slack[wc], point.price[wc])
            }
            guard iterations < iterationLimit else { return .iterationLimit }
            iterations += 1
            if verbose { print(iterations, point.cost / point.scale, residuals.primal, residuals.dual, residuals.complementarity, lift, last) }
            let complementarity = dot(point.slack, point.price) / count
            guard factor(complementarity) else { return .numericalFailure }
            target.update(repeating: 0)
            direct()
            let (primal, dual) = (length(point.slack, slackStep, 1), length(point.price, priceStep, 1))
            var predicted = 0.0
            for row in 0..<point.limitCount {
                predicted +=
                    (point.slack[row] + primal * slackStep[row]) * (point.price[row] + dual * priceStep[row])
            }
            let ratio = predicted / count / complementarity
            let centre = max(ratio * ratio * ratio * complementarity, T[4])
            if T[11] > 0 {
                let centre = max(T[11] * complementarity, T[4])
                for row in 0..<point.limitCount { target[row] = centre }
            } else {
            for row in 0..<point.limitCount { target[row] = centre - slackStep[row] * priceStep[row] }
            }
            direct()
            advance()
            point.evaluate()
        }
    }

    private func dot(_ a: ACPoint.Column, _ b: ACPoint.Column) -> Double {
        var sum = 0.0
        for at in 0..<a.count { sum += a[at] * b[at] }
        return sum
    }

    /// Factors the matrix, lifted as little as it needs.
    private func factor(_ complementarity: Double) -> Bool {
        let wanted = 2 * model.buses.count
        point.assemble(lift: 0)
        used = 0
        let found = point.matrix.factor()
        if verbose { print("   inertia", found ?? -1, wanted, (0..<8).map { "\(point.matrix.diagonal[$0])" }) }
        if found == wanted { return true }
        if found != nil, complementarity < T[6] { return true }
        lift = max(lift / 3, 1e-6)
        while lift < 1e10 {
            point.assemble(lift: lift)
            used = lift
            let f = point.matrix.factor()
            if verbose { print("   lifted", lift, f ?? -1) }
            if f == wanted { return true }
            lift *= 8
        }
        return false
    }

    /// The step towards `target`, refined once or twice where rounding spoiled it.
    private func direct() {
        let point = point
        step.update(repeating: 0)
        for row in 0..<point.limitCount {
            let change = target[row] + point.price[row] * (point.residual[row] - point.slack[row])
            weight[row] = point.price[row] + change / stiffness(row)
        }
        _ = sums.update(fromContentsOf: point.gradient)
        point.addLimits(weight, to: sums)
        correct()
        followLimits()
        for _ in 0..<Int(T[5]) {
            remainder()
            correct()
            followLimits()
        }
    }

    /// s + z·softness of a limit.
    private func stiffness(_ row: Int) -> Double {
        point.slack[row] + point.price[row] * point.softness[row]
    }

    /// Leaves in `sums` what the equations lack after the step.
    private func remainder() {
        _ = sums.update(fromContentsOf: point.gradient)
        for row in 0..<point.limitCount { weight[row] = point.price[row] + priceStep[row] }
        point.addLimits(weight, to: sums)
        curved = point.addProduct(step, lift: used, to: sums)
        for (index, source) in model.sources.enumerated() {
            let at = model.firstSource + index
            let own = 2 * source.quadratic * point.scale + ACPoint.leastCurvature
            sums[at] += own * step[at] - source.sign * step[source.balance]
            sums[source.balance] -= source.sign * step[at]
        }
        if verbose, T.count > 6 { 
            for pin in model.pinned { sums[pin.variable] = 0 }
            var a = 0.0, b = 0.0
            for i in 0..<model.firstSource { if i & 2 == 0 { a = max(a, sums[i].magnitude) } else { b = max(b, sums[i].magnitude) } }
            print("   rem", a, b)
        }
    }
    var curved = 0.0
    var used = 0.0

    /// Takes from the step what solves for `sums`.
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
        point.matrix.solve(unknowns.baseAddress!)
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
        // So far a slack's step is the one without softness.
        for row in 0..<point.limitCount {
            priceStep[row] =
                (target[row] - price[row] * (slack[row] + slackStep[row])) / stiffness(row)
            slackStep[row] += point.softness[row] * priceStep[row]
        }
    }

    /// The longest part of `step`, at most all of it, that leaves positive `values` so.
    private func length(_ values: ACPoint.Column, _ step: ACPoint.Column, _ fraction: Double) -> Double {
        var longest = 1.0
        for at in 0..<values.count where values[at] + longest * step[at] < (1 - fraction) * values[at] {
            longest = -fraction * values[at] / step[at]
        }
        return longest
    }

    var last = (0.0, 0.0)
    private func advance() {
        let primal = length(point.slack, slackStep, Self.fraction)
        let dual = length(point.price, priceStep, Self.fraction)
        last = (primal, dual)
        for row in model.bounds.count..<point.limitCount where primal > 0.9 {
            let left = (point.softness[row] * priceStep[row]).magnitude
            if left > Self.tolerance / 2, left > T[9] * point.residual[row].magnitude, point.ease[row] > T[10] { point.ease[row] *= T[7] }
        }
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

    private func measure() {
        _ = sums.update(fromContentsOf: point.gradient)
        point.addLimits(point.price, to: sums)
        for pin in model.pinned { sums[pin.variable] = 0 }
        residuals = ACResiduals()
        // One that is no number stays.
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

/// How far a point is from the conditions of an optimum (Karush, Kuhn & Tucker).
public struct ACResiduals: Hashable, Sendable {
    /// The worst mismatch of a balance, and the worst excess over a limit: in p.u. of the base power and of
    /// nominal voltage, and rad.
    public internal(set) var primal = 0.0
    /// The worst derivative of the Lagrangian by a voltage, an angle or a power, p.u., as a fraction of the
    /// steepest cost there is.
    public internal(set) var dual = 0.0
    /// The worst product of a limit's play and its price, in the same units.
    public internal(set) var complementarity = 0.0

    var isFinite: Bool { (primal + dual + complementarity).isFinite }
    func isWithin(_ tolerance: Double) -> Bool { max(primal, dual, complementarity) <= tolerance }
}

nonisolated(unsafe) public var verbose = false
nonisolated(unsafe) public var T: [Double] = [1, 0.1, 1e8, 0.9995, 1e-9, 1, 0, 0.1, 1e-9, 0.2, 1e-4, 0, 0.5]
