import LinearAlgebra

// The matrix.
extension ACPoint {
    /// Curvature of a variable with a fixed value, so that no step moves it.
    static let pin = 1e20
    /// Curvature of a source without limits and without curvature, so that nothing is divided by 0.
    private static let leastCurvature = 1e-9
    /// Largest second derivative that a limit may add where it couples two buses. At a binding limit z/s
    /// grows without bound, and all other terms would be lost to rounding when buses are eliminated.
    static let stiffest = 1e8

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
            curvature[at] += 2 * source.quadratic * scale + bend[index] + Self.leastCurvature
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
        scatter(branch, index, angles: (dd, df, dt), voltages: (ff, ft, tt))
    }

    /// Adds a branch's second derivatives (by δδ, δ from, δ to; from from, from to, to to) and gradients to
    /// the blocks of its ends.
    @inline(__always)
    private func scatter(
        _ branch: ACModel.Branch, _ index: Int, angles: (Double, Double, Double),
        voltages: (Double, Double, Double)
    ) {
        let (f, t) = (4 * branch.from, 4 * branch.to)
        let (angle, from, to) = (byAngle[index], byFrom[index], byTo[index])
        let (dd, df, dt) = angles
        let (ff, ft, tt) = voltages
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
    /// Adds to `sums` what the second derivatives of the Lagrangian make of `step`, all but those by prices
    /// of limits.
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
            let own = 2 * source.quadratic * scale + bend[index] + Self.leastCurvature
            sums[at] += own * step[at] - source.sign * step[source.balance]
            sums[source.balance] -= source.sign * step[at]
        }
    }
}
