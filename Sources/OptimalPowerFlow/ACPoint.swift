import Glibc
import LinearAlgebra

/// A point of the optimisation and all that is evaluated there: the gradient of the Lagrangian, and the matrix
/// of Newton's method. Allocates once.
final class ACPoint {
    typealias Column = UnsafeMutableBufferPointer<Double>
    typealias Four = ACModel.Four

    let model: ACModel
    /// What money/h is multiplied with: the steepest cost becomes 1.
    let scale: Double
    /// By variable. The prices of the balances are variables too.
    let x: Column
    /// Of the cost and the balances' share of the Lagrangian, by x: in the places of prices, the mismatches.
    let gradient: Column
    /// By limit, the bounds first, then the flows: slack s > 0, price z > 0, and the residual c(x) + s.
    let slack: Column
    let price: Column
    let residual: Column
    /// By how much a limit gives way to its price in one step: see `assemble`.
    let softness: Column
    /// What is left of the softness of each flow limit.
    let ease: Column
    /// Of each branch, its four powers and their derivatives by δ, |V| at `from` and at `to`; and of these
    /// the part T that turns with δ, and T′.
    private let flow: UnsafeMutableBufferPointer<Four>
    private let byAngle: UnsafeMutableBufferPointer<Four>
    private let byFrom: UnsafeMutableBufferPointer<Four>
    private let byTo: UnsafeMutableBufferPointer<Four>
    /// Of each branch, the second derivatives of the Lagrangian that `assemble` found, those of limits that
    /// are added by their stiffness apart: by δδ, δ from, δ to, and by from from, from to, to to.
    private let second: UnsafeMutableBufferPointer<Four>
    private let secondByVoltage: UnsafeMutableBufferPointer<Four>
    /// Of each flow limit, the derivatives of its c by δ, |V| at `from` and at `to`.
    let limitGradient: UnsafeMutableBufferPointer<Four>
    /// Second derivatives of the sources, and those the limits add to every variable.
    let curvature: Column
    let matrix: BlockLDL

    var limitCount: Int { slack.count }

    init(_ model: ACModel) {
        self.model = model
        let steepest = model.sources.reduce(0.0) { steepest, source in
            let ends = [source.lower, source.upper].map { $0.magnitude < ACModel.largest ? $0 : 0 }
            return ends.reduce(steepest) { max($0, (source.linear + 2 * source.quadratic * $1).magnitude) }
        }
        scale = steepest > 0 ? 1 / steepest : 1
        x = .filled(model.variableCount, with: 0)
        gradient = .filled(model.variableCount, with: 0)
        curvature = .filled(model.variableCount, with: 0)
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
            softness[row] = 1 / Self.stiffest
        }
        limitGradient = .filled(model.flowLimits.count, with: .zero)
        matrix = BlockLDL(model.pattern)
    }

    deinit {
        for column in [x, gradient, curvature, slack, price, residual, softness, ease] { column.deallocate() }
        for column in [flow, byAngle, byFrom, byTo, second, secondByVoltage, limitGradient] {
            column.deallocate()
        }
    }

    /// Money/h, without constants, scaled.
    var cost: Double {
        var cost = 0.0
        for (index, source) in model.sources.enumerated() {
            let amount = x[model.firstSource + index]
            cost += amount * (source.linear + source.quadratic * amount)
        }
        return cost * scale
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

    /// Of these powers, by δ, |V| at `from` and |V| at `to`.
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

// The matrix.
extension ACPoint {
    /// A variable with one value has this curvature: no step moves it.
    static let pin = 1e20
    /// What a source without limits and without curvature has, lest it be divided by 0.
    private static let leastCurvature = 1e-9
    /// The largest second derivative a limit may add where it couples two buses. At a binding limit z/s grows
    /// without end, and in eliminating one bus after the other all else would be lost beside it.
    private static let stiffest = 1e8

    /// Writes the matrix, `lift` added to the second derivatives by θ and |V|. Sources are eliminated:
    /// D·dx = −r + sign·dλ leaves −1/D in their balance.
    func assemble(lift: Double) {
        let (x, curvature, model) = (x, curvature, model)
        curvature.update(repeating: 0)
        for (index, bound) in model.bounds.enumerated() {
            curvature[bound.variable] += price[index] / (slack[index] + price[index] * softness[index])
        }
        for pin in model.pinned { curvature[pin.variable] = Self.pin }
        matrix.entries.update(repeating: .zero)
        for bus in 0..<model.buses.count {
            let at = 4 * bus
            let (linear, square) = (model.demandByVoltage[bus], model.demandBySquare[bus] * 2)
            let own = (square * SIMD2(x[at + 2], x[at + 3])).sum()
            let slope = linear + square * x[at + 1]
            matrix.diagonal[at] = Four(curvature[at] + lift, 0, 0, 0)
            matrix.diagonal[at + 1] = Four(0, own + curvature[at + 1] + lift, slope.x, slope.y)
            matrix.diagonal[at + 2] = Four(0, slope.x, 0, 0)
            matrix.diagonal[at + 3] = Four(0, slope.y, 0, 0)
        }
        for (index, source) in model.sources.enumerated() {
            let at = model.firstSource + index
            curvature[at] += 2 * source.quadratic * scale + Self.leastCurvature
            matrix.diagonal[source.balance][source.balance & 3] -= 1 / curvature[at]
        }
        model.branches.withUnsafeBufferPointer { branches in
            for index in 0..<branches.count { add(branches[index], index) }
        }
    }

    @inline(__always)
    private func add(_ branch: ACModel.Branch, _ index: Int) {
        let (f, t) = (4 * branch.from, 4 * branch.to)
        let (angle, from, to) = (byAngle[index], byFrom[index], byTo[index])
        var weights = Four(x[f + 2], x[f + 3], x[t + 2], x[t + 3])
        // Second derivatives by δδ, δ from, δ to, from from, from to, to to.
        var (dd, df, dt) = (0.0, 0.0, 0.0)
        var (ff, ft, tt) = (0.0, 0.0, 0.0)
        if let limit = branch.limit {
            let row = model.bounds.count + limit
            let rating = model.flowLimits[limit].rating
            let share = SIMD2(price[row], price[row + 1]) / rating
            let each = Four(share.x, share.x, share.y, share.y)
            weights += each * flow[index]
            let (a, b) = (angle * each, from * each)
            (dd, df, dt) = ((a * angle).sum(), (a * from).sum(), (a * to).sum())
            (ff, ft, tt) = ((b * from).sum(), (b * to).sum(), (to * to * each).sum())
        }
        let (vf, vt) = (x[f + 1], x[t + 1])
        // T = (∂F/∂v(to) − 2c·v(to))/v(from), T′ = ∂F/∂δ/(v(from)·v(to)).
        let turning = (weights * (to - branch.c * (2 * vt))).sum() / vf
        let turned = (weights * angle).sum()
        dd -= turning * vf * vt
        df += turned / vf
        dt += turned / vt
        ff += 2 * (weights * branch.a).sum()
        ft += turning
        tt += 2 * (weights * branch.c).sum()
        second[index] = Four(dd, df, dt, 0)
        secondByVoltage[index] = Four(ff, ft, tt, 0)
        dd += curvature[model.firstDifference + index]
        if let limit = branch.limit {
            let row = model.bounds.count + limit
            for end in 0..<2 {
                let g = limitGradient[limit + end]
                let (slack, price) = (slack[row + end], price[row + end])
                let soft = (g * g).sum() / Self.stiffest * ease[row + end]
                softness[row + end] = soft
                let scaled = g * (price / (slack + price * soft))
                (dd, df, dt) = (dd + scaled[0] * g[0], df + scaled[0] * g[1], dt + scaled[0] * g[2])
                (ff, ft, tt) = (ff + scaled[1] * g[1], ft + scaled[1] * g[2], tt + scaled[2] * g[2])
            }
        }

        let diagonal = matrix.diagonal
        diagonal[f] += Four(dd, df, angle[0], angle[1])
        diagonal[f + 1] += Four(df, ff, from[0], from[1])
        diagonal[f + 2] += Four(angle[0], from[0], 0, 0)
        diagonal[f + 3] += Four(angle[1], from[1], 0, 0)
        diagonal[t] += Four(dd, -dt, -angle[2], -angle[3])
        diagonal[t + 1] += Four(-dt, tt, to[2], to[3])
        diagonal[t + 2] += Four(-angle[2], to[2], 0, 0)
        diagonal[t + 3] += Four(-angle[3], to[3], 0, 0)
        let block = matrix.entries.baseAddress! + 4 * branch.entry
        if branch.from < branch.to {
            block[0] += Four(-dd, dt, angle[2], angle[3])
            block[1] += Four(-df, ft, from[2], from[3])
            block[2] += Four(-angle[0], to[0], 0, 0)
            block[3] += Four(-angle[1], to[1], 0, 0)
        } else {
            block[0] += Four(-dd, -df, -angle[0], -angle[1])
            block[1] += Four(dt, ft, to[0], to[1])
            block[2] += Four(angle[2], from[2], 0, 0)
            block[3] += Four(angle[3], from[3], 0, 0)
        }
    }
}

extension ACPoint {
    /// Adds to `sums` what the second derivatives of the Lagrangian make of `step`, all but those by prices of
    /// limits.
    func addProduct(_ step: Column, lift: Double, to sums: Column) {
        let model = model
        for bus in 0..<model.buses.count {
            let at = 4 * bus
            let (linear, square) = (model.demandByVoltage[bus], model.demandBySquare[bus] * 2)
            let own = (square * SIMD2(x[at + 2], x[at + 3])).sum()
            let slope = linear + square * x[at + 1]
            let (dt, dv) = (step[at], step[at + 1])
            sums[at] += lift * dt
            sums[at + 1] += (own + lift) * dv + (slope * SIMD2(step[at + 2], step[at + 3])).sum()
            sums[at + 2] += slope.x * dv
            sums[at + 3] += slope.y * dv
        }
        for (index, branch) in model.branches.enumerated() {
            let (f, t) = (4 * branch.from, 4 * branch.to)
            let (difference, from, to) = (step[f] - step[t], step[f + 1], step[t + 1])
            let prices = Four(step[f + 2], step[f + 3], step[t + 2], step[t + 3])
            let (a, b) = (second[index], secondByVoltage[index])
            let byDifference = a[0] * difference + a[1] * from + a[2] * to
            let byFrom = a[1] * difference + b[0] * from + b[1] * to
            let byTo = a[2] * difference + b[1] * from + b[2] * to
            let pull = byDifference + (prices * byAngle[index]).sum()
            sums[f] += pull
            sums[t] -= pull
            sums[f + 1] += byFrom + (prices * self.byFrom[index]).sum()
            sums[t + 1] += byTo + (prices * self.byTo[index]).sum()
            let powers =
                byAngle[index] * difference + self.byFrom[index] * from + self.byTo[index] * to
            sums[f + 2] += powers[0]
            sums[f + 3] += powers[1]
            sums[t + 2] += powers[2]
            sums[t + 3] += powers[3]
        }
        for (index, source) in model.sources.enumerated() {
            let at = model.firstSource + index
            let own = 2 * source.quadratic * scale + Self.leastCurvature
            sums[at] += own * step[at] - source.sign * step[source.balance]
            sums[source.balance] -= source.sign * step[at]
        }
    }
}
