import Glibc
import Lanes
import LinearAlgebra

/// A point of the optimisation and all that is evaluated there: the gradient of the Lagrangian, and the
/// matrix of Newton's method. Allocates once.
final class ACPoint {
    typealias Column = UnsafeMutableBufferPointer<Double>
    typealias Four = ACModel.Four

    let model: ACModel
    /// Factor for money/h that makes the largest incremental cost 1.
    let scale: Double
    /// Values of the variables. The prices of the balances are variables too.
    let x: Column
    /// Gradient of the cost and of the balances' part of the Lagrangian by x; for the prices, the mismatches.
    let gradient: Column
    /// By limit, the bounds first, then the flows: slack s > 0, price z > 0, and the residual c(x) + s.
    let slack: Column
    let price: Column
    let residual: Column
    /// Violation of a limit that one step allows for each unit of its price: see `assemble`.
    let softness: Column
    /// Fraction of the softness that remains, of each flow limit.
    let ease: Column
    /// Of each branch, its four powers and their derivatives by δ, |V| at `from` and at `to`; and of these
    /// the part T that turns with δ, and T′.
    let flow: UnsafeMutableBufferPointer<Four>
    let byAngle: UnsafeMutableBufferPointer<Four>
    let byFrom: UnsafeMutableBufferPointer<Four>
    let byTo: UnsafeMutableBufferPointer<Four>
    /// Of each branch, the second derivatives of the Lagrangian that `assemble` found, those of limits that
    /// are added by their stiffness apart: by δδ, δ from, δ to, and by from from, from to, to to.
    let second: UnsafeMutableBufferPointer<Four>
    let secondByVoltage: UnsafeMutableBufferPointer<Four>
    /// Of each flow limit, the derivatives of its c by δ, |V| at `from` and at `to`.
    let limitGradient: UnsafeMutableBufferPointer<Four>
    /// Second derivatives of the sources, and those the limits add to every variable.
    let curvature: Column
    /// By source, what a polynomial cost above the square adds to its second derivative; never so much that
    /// this falls below 0, where the direction of a step would be uphill.
    let bend: Column
    let matrix: BlockLDL

    var limitCount: Int { slack.count }

    init(_ model: ACModel) {
        self.model = model
        let steepest = model.steepestCost
        scale = steepest > 0 ? 1 / steepest : 1
        x = .filled(model.variableCount, with: 0)
        gradient = .filled(model.variableCount, with: 0)
        curvature = .filled(model.variableCount, with: 0)
        bend = .filled(model.sources.count, with: 0)
        let limits = model.bounds.count + model.flowLimits.count
        slack = .filled(limits, with: 1)
        price = .filled(limits, with: 1)
        residual = .filled(limits, with: 0)
        softness = .filled(limits, with: 0)
        ease = .filled(limits, with: 1)
        flow = .filled(model.branches.count, with: .zero)
        byAngle = .filled(model.branches.count, with: .zero)
        byFrom = .filled(model.branches.count, with: .zero)
        byTo = .filled(model.branches.count, with: .zero)
        second = .filled(model.branches.count, with: .zero)
        secondByVoltage = .filled(model.branches.count, with: .zero)
        for (row, bound) in model.bounds.enumerated() where bound.variable >= model.firstDifference {
            softness[row] = 1 / ACPoint.stiffest
        }
        limitGradient = .filled(model.flowLimits.count, with: .zero)
        matrix = BlockLDL(model.pattern)
    }

    deinit {
        for column in [x, gradient, curvature, bend, slack, price, residual, softness, ease] {
            column.deallocate()
        }
        for column in [flow, byAngle, byFrom, byTo, second, secondByVoltage, limitGradient] {
            column.deallocate()
        }
    }

    /// Brings everything but the matrix up to `x`, `slack` and `price`.
    func evaluate() {
        let (x, gradient, model) = (x, gradient, model)
        for bus in 0..<model.buses.count {
            let (voltage, prices) = (x[4 * bus + 1], SIMD2(x[4 * bus + 2], x[4 * bus + 3]))
            let (linear, square) = (model.demandByVoltage[bus], model.demandBySquare[bus])
            let taken = model.demand[bus] + linear * voltage + square * (voltage * voltage)
            gradient[4 * bus] = 0
            gradient[4 * bus + 1] = (prices * (linear + square * (2 * voltage))).sum()
            gradient[4 * bus + 2] = taken.x
            gradient[4 * bus + 3] = taken.y
        }
        model.branches.withUnsafeBufferPointer { branches in
            for index in 0..<branches.count { evaluate(branches[index], index) }
        }
        let first = model.firstSource
        for (index, source) in model.sources.enumerated() {
            let amount = x[first + index]
            gradient[first + index] =
                (source.linear + 2 * source.quadratic * amount) * scale - source.sign * x[source.balance]
            gradient[source.balance] -= source.sign * amount
        }
        for (index, coefficients) in model.higherCosts {
            let more = ACModel.higherCost(coefficients, x[first + index])
            gradient[first + index] += more.slope * scale
            bend[index] = max(more.curvature, -2 * model.sources[index].quadratic) * scale
        }
        evaluateLimits()
    }

    @inline(__always)
    private func evaluate(_ branch: ACModel.Branch, _ index: Int) {
        let (f, t) = (4 * branch.from, 4 * branch.to)
        let difference = x[f] - x[t]
        x[model.firstDifference + index] = difference
        gradient[model.firstDifference + index] = 0
        let (vf, vt) = (x[f + 1], x[t + 1])
        let (cosine, sine) = (cos(difference), sin(difference))
        let turning = branch.cosine * cosine + branch.sine * sine
        let turned = branch.sine * cosine - branch.cosine * sine
        let (first, second) = (branch.a * vf + turning * vt, branch.c * vt)
        let powers = first * vf + second * vt
        let angle = turned * (vf * vt)
        let from = first + branch.a * vf
        let to = second + second + turning * vf
        (flow[index], byAngle[index], byFrom[index], byTo[index]) = (powers, angle, from, to)
        let prices = Four(x[f + 2], x[f + 3], x[t + 2], x[t + 3])
        let pull = (prices * angle).sum()
        gradient[f] += pull
        gradient[t] -= pull
        gradient[f + 1] += (prices * from).sum()
        gradient[t + 1] += (prices * to).sum()
        gradient[f + 2] += powers[0]
        gradient[f + 3] += powers[1]
        gradient[t + 2] += powers[2]
        gradient[t + 3] += powers[3]
    }

    private func evaluateLimits() {
        let (x, slack, residual) = (x, slack, residual)
        for (index, bound) in model.bounds.enumerated() {
            residual[index] = bound.sign * (x[bound.variable] - bound.bound) + slack[index]
        }
        let first = model.bounds.count
        for (index, limit) in model.flowLimits.enumerated() {
            // (P² + Q² − S²)/2S: its derivative by S is −1 at the limit, so its price is that of the rating.
            let at = limit.branch
            let power = Self.end(flow[at], limit.isFrom)
            residual[first + index] =
                ((power * power).sum() / limit.rating - limit.rating) / 2 + slack[first + index]
            let weight = power / limit.rating
            limitGradient[index] = Four(
                (weight * Self.end(byAngle[at], limit.isFrom)).sum(),
                (weight * Self.end(byFrom[at], limit.isFrom)).sum(),
                (weight * Self.end(byTo[at], limit.isFrom)).sum(), 0)
        }
    }

    @inline(__always)
    private static func end(_ four: Four, _ isFrom: Bool) -> SIMD2<Double> {
        isFrom ? four.lowHalf : four.highHalf
    }

    /// P + jQ that enters a branch at each end, p.u.
    func powers(of branch: Int) -> Four { flow[branch] }

    /// Derivatives of these powers by δ, |V| at `from` and |V| at `to`.
    func derivatives(of branch: Int) -> (angle: Four, from: Four, to: Four) {
        (byAngle[branch], byFrom[branch], byTo[branch])
    }

    /// Adds Σ weight·∇c over all limits to `sums`, by variable.
    func addLimits(_ weights: Column, to sums: Column) {
        let model = model
        for (index, bound) in model.bounds.enumerated() {
            sums[bound.variable] += bound.sign * weights[index]
        }
        let (first, difference) = (model.bounds.count, model.firstDifference)
        for (index, limit) in model.flowLimits.enumerated() {
            let (weight, gradient) = (weights[first + index], limitGradient[index])
            let branch = model.branches[limit.branch]
            sums[difference + limit.branch] += weight * gradient[0]
            sums[4 * branch.from + 1] += weight * gradient[1]
            sums[4 * branch.to + 1] += weight * gradient[2]
        }
        for (index, branch) in model.branches.enumerated() {
            sums[4 * branch.from] += sums[difference + index]
            sums[4 * branch.to] -= sums[difference + index]
        }
    }
}
