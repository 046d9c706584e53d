import LinearAlgebra

/// The four passes of an iteration.
extension SegmentMemory {
    /// Forward: follows the last direction, measures where that leads, and factors the normal equations there
    /// with the predictor's right-hand side. Primal and dual sizes and the objective are as yet unscaled.
    func advance(_ move: Move, _ separators: Separators, cyclic: Bool) -> Measure {
        let (n, rows) = (columns.count, front.rows)
        let (alongX, alongZ) = (Lanes(repeating: move.alongX), Lanes(repeating: move.alongZ))
        let aim = Lanes(repeating: move.aim)
        var sums = Sums()
        let zero = Lanes(repeating: 0)
        for i in 0..<rows { (residual[i], work[i]) = (right[i], zero) }
        parting.pointee = length
        for t in 0..<length {
            enter(t)
            let plan = plan(t)
            openFront(plan)
            let following = (t + 1) * rows
            for i in following..<following + rows { (residual[i], work[i]) = (right[i], zero) }
            for j in 0..<n {
                let column = columns[j]
                let at = state + 4 &* (t &* n &+ j)
                let theta = advance(j, at, t, alongX, alongZ, aim, &sums)
                addProducts(column, plan, theta)
            }
            let record = t * rows
            for i in 0..<rows { y[record + i] = .fused(alongZ, step[record + i], y[record + i]) }
            for i in 0..<(t == 0 ? front.locals : rows) {
                let value = residual[record + i]
                work[record + i] += value
                sums.primal = larger(sums.primal, value * value)
            }
            noteDiagonal(t, isOpening: t == 0)
            eliminate(plan, t)
            if t % 8 == 7, parting.pointee == length { part(t) }
            carryForward(plan, t)
        }
        closeFront(separators, cyclic: cyclic)
        for i in front.locals..<rows {
            let beyond = length * rows + i
            y[beyond] = .fused(alongZ, step[beyond], y[beyond])
            residual[i] += handedOn(residual[beyond], cyclic: cyclic)
            work[i] += residual[i]
            sums.primal = larger(sums.primal, residual[i] * residual[i])
        }
        closeWork(separators, cyclic: cyclic)
        return sums.measure
    }

    /// Of one column. Returns Θ where it has come to.
    @inline(__always)
    private func advance(
        _ j: Int, _ at: UnsafeMutablePointer<Lanes>, _ t: Int, _ alongX: Lanes, _ alongZ: Lanes,
        _ aim: Lanes, _ sums: inout Sums
    ) -> Lanes {
        let column = columns[j]
        let (cost, curve) = (value(.cost, j), value(.curve, j))
        let hasUpper = value(.hasUpper, j)
        let moves = value(.moves, j)
        var (aty, atp, ats) = (Lanes(repeating: 0), Lanes(repeating: 0), Lanes(repeating: 0))
        let record = t &* front.rows
        for e in Int(column.first)..<Int(column.end) {
            let (a, k) = (value(e), record &+ Int(offsets[e]))
            aty = .fused(a, y[k], aty)
            atp = .fused(a, predicted[k], atp)
            ats = .fused(a, step[k], ats)
        }
        var (x, above, zLower, zUpper) = (at[0], at[1], at[2], at[3])
        let last = Direction(self, j, at)
        let wasReduced = cost + curve * x - aty
        let (lower, upper) = last.targets(aim, last.theta * (atp - wasReduced))
        let dx = last.theta * (ats - wasReduced + lower - upper)
        x = .fused(alongX, dx, x)
        above -= alongX * dx * hasUpper
        zLower = .fused(alongZ, lower - zLower - zLower * dx * last.perLower, zLower)
        zUpper = .fused(alongZ, upper - zUpper + zUpper * dx * last.perUpper, zUpper)
        (at[0], at[1], at[2], at[3]) = (x, above, zLower, zUpper)
        let curved = curve * x
        let reduced = cost + curved - .fused(alongZ, ats, aty)
        let dual = moves * (reduced - zLower + zUpper)
        sums.dual = larger(sums.dual, dual * dual)
        sums.products += .fused(x, zLower, above * zUpper)
        sums.objective = .fused(cost + 0.5 * curved, x, sums.objective)
        let now = Direction(self, j, at)
        let force = now.theta * reduced
        for e in Int(column.first)..<Int(column.end) {
            let (a, k) = (value(e), record &+ Int(offsets[e]))
            residual[k] = .fused(0 - a, x, residual[k])
            work[k] = .fused(a, force, work[k])
        }
        return now.theta
    }

    /// Back: the predictor's Δy, how far it may be followed, and what becomes of the products.
    func predict(_ separators: Separators, cyclic: Bool) -> Reach {
        let n = columns.count
        takeSeparators(into: predicted, separators, cyclic: cyclic)
        let zero = Lanes(repeating: 0)
        var (shrinkX, shrinkZ, byX, byBoth) = (zero, zero, zero, zero)
        var t = length - 1
        while t >= 0 {
            enter(t)
            findBack(plan(t), t, into: predicted)
            for j in 0..<n {
                let column = columns[j]
                let at = state + 4 &* (t &* n &+ j)
                let here = Direction(self, j, at)
                let (aty, atp) = transposedPair(column, t, y, predicted)
                let reduced = value(.cost, j) + value(.curve, j) * at[0] - aty
                let dx = here.theta * (atp - reduced)
                let (growBelow, growAbove) = (dx * here.perLower, dx * here.perUpper)
                let (lower, upper) = here.multiplierSteps(dx)
                shrinkX = larger(shrinkX, larger(0 - growBelow, growAbove))
                shrinkZ = larger(shrinkZ, 1 + larger(growBelow, 0 - growAbove))
                byX = .fused(dx, here.zLower - here.zUpper, byX)
                byBoth = .fused(dx, lower - upper, byBoth)
            }
            t -= 1
        }
        return Reach(
            shrinkX: shrinkX.max(), shrinkZ: shrinkZ.max(), byX: byX.sum(), byBoth: byBoth.sum())
    }

    /// Forward: the corrector's right-hand side.
    func aimCorrector(_ mu: Double, _ separators: Separators, cyclic: Bool) {
        let n = columns.count
        let aim = Lanes(repeating: mu)
        clearWork(to: residual)
        for t in 0..<length {
            enter(t)
            for j in 0..<n {
                let column = columns[j]
                let at = state + 4 &* (t &* n &+ j)
                let here = Direction(self, j, at)
                let (aty, atp) = transposedPair(column, t, y, predicted)
                let reduced = value(.cost, j) + value(.curve, j) * at[0] - aty
                let (lower, upper) = here.targets(aim, here.theta * (atp - reduced))
                spread(column, t, here.theta * (reduced - lower + upper), over: work)
            }
            carryForward(plan(t), t)
        }
        closeWork(separators, cyclic: cyclic)
    }

    /// Back: the step Δy, and how far it may be followed.
    func followCorrector(_ mu: Double, _ separators: Separators, cyclic: Bool) -> Reach {
        let n = columns.count
        let aim = Lanes(repeating: mu)
        takeSeparators(into: step, separators, cyclic: cyclic)
        var (shrinkX, shrinkZ) = (Lanes(repeating: 0), Lanes(repeating: 0))
        var t = length - 1
        while t >= 0 {
            enter(t)
            findBack(plan(t), t, into: step)
            for j in 0..<n {
                let column = columns[j]
                let at = state + 4 &* (t &* n &+ j)
                let here = Direction(self, j, at)
                let (aty, atp) = transposedPair(column, t, y, predicted)
                let ats = transposed(column, t, step)
                let reduced = value(.cost, j) + value(.curve, j) * at[0] - aty
                let (lower, upper) = here.targets(aim, here.theta * (atp - reduced))
                let dx = here.theta * (ats - reduced + lower - upper)
                let (growBelow, growAbove) = (dx * here.perLower, dx * here.perUpper)
                shrinkX = larger(shrinkX, larger(0 - growBelow, growAbove))
                // Of each multiplier −Δz/z; a missing bound has z = Δz = 0 and 1 in place of z.
                let zLower = here.zLower + 1 - value(.hasLower, j)
                let zUpper = here.zUpper + 1 - value(.hasUpper, j)
                let inverse = 1 / (zLower * zUpper)
                let fall = here.zLower + here.zLower * growBelow - lower
                let other = here.zUpper - here.zUpper * growAbove - upper
                shrinkZ = larger(shrinkZ, larger(fall * zUpper * inverse, other * zLower * inverse))
            }
            t -= 1
        }
        return Reach(shrinkX: shrinkX.max(), shrinkZ: shrinkZ.max())
    }

    @inline(__always)
    private func transposedPair(
        _ column: ColumnPlan, _ t: Int, _ first: UnsafeMutablePointer<Lanes>,
        _ second: UnsafeMutablePointer<Lanes>
    ) -> (Lanes, Lanes) {
        var (a, b) = (Lanes(repeating: 0), Lanes(repeating: 0))
        let record = t &* front.rows
        for e in Int(column.first)..<Int(column.end) {
            let (value, k) = (value(e), record &+ Int(offsets[e]))
            a = .fused(value, first[k], a)
            b = .fused(value, second[k], b)
        }
        return (a, b)
    }
}

/// What `advance` adds up: squares of the largest residuals, products of distances and multipliers, cost.
private struct Sums {
    var primal = Lanes(repeating: 0)
    var dual = Lanes(repeating: 0)
    var products = Lanes(repeating: 0)
    var objective = Lanes(repeating: 0)

    var measure: Measure {
        Measure(
            primal: primal.max().squareRoot(), dual: dual.max().squareRoot(),
            complementarity: products.sum(), gap: 0, objective: objective.sum())
    }
}
