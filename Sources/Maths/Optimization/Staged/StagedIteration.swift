import CMemory
import Lanes

/// The four passes of an iteration.
extension SegmentMemory {
    /// Forward: follows the last direction, measures where that leads, and factors the normal equations there
    /// with the predictor's right-hand side. Primal and dual sizes and the objective are as yet unscaled.
    func advance(_ move: Move, _ separators: Separators, cyclic: Bool) -> Measure {
        let rows = front.rows
        let alongZ = Lanes(repeating: move.alongZ)
        var sums = Sums()
        let zero = Lanes(repeating: 0)
        for i in 0..<rows { (residual[i], work[i]) = (right[i], zero) }
        parting.pointee = length
        for t in 0..<length {
            enter(t)
            let plan = plan(t)
            let record = t * rows
            for i in record + rows..<record + 2 * rows { (residual[i], work[i]) = (right[i], zero) }
            follow(move, t, &sums)
            matrix.spread(over: residual + record, work + record)
            openFront(plan)
            addProducts(plan)
            for i in record..<record + rows { y[i] = .fused(alongZ, step[i], y[i]) }
            for i in record..<record + (t == 0 ? front.locals : rows) {
                work[i] += residual[i]
                sums.primal = larger(sums.primal, residual[i] * residual[i])
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

    /// Moves the columns of a stage and leaves, of each where it has come to, −x, Θ·(c + Qx − Aᵀy) and Θ.
    @inline(__always)
    private func follow(_ move: Move, _ t: Int, _ sums: inout Sums) {
        let (alongX, alongZ) = (Lanes(repeating: move.alongX), Lanes(repeating: move.alongZ))
        let aim = Lanes(repeating: move.aim)
        let record = t &* front.rows
        let state = state(t)
        let numbers = matrix.work.baseAddress!
        matrix.transpose(y + record, predicted + record, step + record)
        for j in 0..<matrix.columns {
            let (at, sum) = (state + 4 &* j, numbers + 3 &* j)
            fetch(at + 4 &* matrix.columns)
            let last = Direction(self, j, at)
            let reduced = Direction.reduced(self, j, at[0], sum[0])
            let (lower, upper) = last.targets(aim, last.theta * (sum[1] - reduced))
            let dx = last.theta * ((sum[2] - reduced) + (lower - upper))
            let falls = last.falls(dx * last.perLower, dx * last.perUpper)
            let moved = alongX * dx
            at[0] += moved
            at[1] = .fused(moved.negated, value(.hasUpper, j), at[1])
            at[2] = .fused(alongZ, lower - falls.0, last.zLower)
            at[3] = .fused(alongZ, upper - falls.1, last.zUpper)
            sum[0] = .fused(alongZ, sum[2], sum[0])
        }
        for j in 0..<matrix.columns {
            let (at, sum) = (state + 4 &* j, numbers + 3 &* j)
            let now = Direction(self, j, at)
            let (x, cost) = (at[0], value(.cost, j))
            let reduced = Direction.reduced(self, j, x, sum[0])
            let dual = value(.moves, j) * (reduced - now.zLower + now.zUpper)
            sums.dual = larger(sums.dual, dual * dual)
            sums.products = .fused(x, now.zLower, .fused(at[1], now.zUpper, sums.products))
            sums.objective = .fused(.fused(0.5 * value(.curve, j), x, cost), x, sums.objective)
            (sum[0], sum[1], sum[2]) = (x.negated, now.theta * reduced, now.theta)
        }
    }

    /// Asks for the numbers of a column of the next stage.
    @inline(__always)
    private func fetch(_ next: UnsafeMutablePointer<Lanes>) {
        for k in 0..<4 { prefetch(next + k) }
    }

    /// Back: the predictor's Δy, how far it may be followed, and what becomes of the products. Leaves the
    /// corrector's right-hand side in two parts: in `work` what does not depend on its μ, in `residual` what
    /// is to be added μ times.
    func predict(_ separators: Separators, cyclic: Bool) -> Reach {
        let rows = front.rows
        takeSeparators(into: predicted, separators, cyclic: cyclic)
        let zero = Lanes(repeating: 0)
        let numbers = matrix.work.baseAddress!
        var (least, most, byX, byBoth) = (Shares(), Shares(), zero, zero)
        for i in length * rows..<(length + 1) * rows { (work[i], residual[i]) = (zero, zero) }
        var t = length - 1
        while t >= 0 {
            enter(t)
            findBack(plan(t), t, into: predicted)
            let record = t &* rows
            let state = state(t)
            matrix.transpose(y + record, predicted + record)
            for j in 0..<matrix.columns {
                let (at, sum) = (state + 4 &* j, numbers + 3 &* j)
                fetch(at - 4 &* matrix.columns)
                let here = Direction(self, j, at)
                let reduced = Direction.reduced(self, j, at[0], sum[0])
                let dx = here.theta * (sum[1] - reduced)
                let (growth, shrinkage) = (dx * here.perLower, dx * here.perUpper)
                let (lower, upper) = here.falls(growth, shrinkage)
                least.below = smaller(least.below, growth)
                least.above = smaller(least.above, shrinkage)
                most.below = larger(most.below, growth)
                most.above = larger(most.above, shrinkage)
                byX = .fused(dx, here.zLower - here.zUpper, byX)
                byBoth = .fused(dx, upper - lower, byBoth)
                let second = Lanes.fused(
                    growth.negated, lower, .fused(shrinkage.negated, upper, reduced))
                (sum[0], sum[1]) = (here.theta * second, here.theta * (here.perUpper - here.perLower))
            }
            for i in record..<record + rows { (work[i], residual[i]) = (residual[i], zero) }
            matrix.spread(over: work + record, residual + record)
            t -= 1
        }
        return Reach(
            shrinkX: max(larger(most.above, 0 - least.below).max(), 0),
            shrinkZ: 1 + larger(most.below, 0 - least.above).max(),
            byX: byX.sum(), byBoth: byBoth.sum())
    }

    /// Forward: the corrector's right-hand side.
    func aimCorrector(_ mu: Double, _ separators: Separators, cyclic: Bool) {
        let aim = Lanes(repeating: mu)
        let rows = front.rows
        for t in 0..<length {
            for i in t * rows..<(t + 1) * rows { work[i] = .fused(aim, residual[i], work[i]) }
            carryForward(plan(t), t)
        }
        for i in length * rows..<(length + 1) * rows { work[i] = .fused(aim, residual[i], work[i]) }
        closeWork(separators, cyclic: cyclic)
    }

    /// Back: the step Δy, and how far it may be followed.
    func followCorrector(_ mu: Double, _ separators: Separators, cyclic: Bool) -> Reach {
        let aim = Lanes(repeating: mu)
        takeSeparators(into: step, separators, cyclic: cyclic)
        let numbers = matrix.work.baseAddress!
        let one = Lanes(repeating: 1)
        var (least, most, fall) = (Lanes(repeating: 0), Lanes(repeating: 0), Ratio())
        var t = length - 1
        while t >= 0 {
            enter(t)
            findBack(plan(t), t, into: step)
            let record = t &* front.rows
            let state = state(t)
            matrix.transpose(y + record, predicted + record, step + record)
            for j in 0..<matrix.columns {
                let (at, sum) = (state + 4 &* j, numbers + 3 &* j)
                fetch(at - 4 &* matrix.columns)
                let here = Direction(self, j, at)
                let reduced = Direction.reduced(self, j, at[0], sum[0])
                let (lower, upper) = here.targets(aim, here.theta * (sum[1] - reduced))
                let dx = here.theta * ((sum[2] - reduced) + (lower - upper))
                let (growth, shrinkage) = (dx * here.perLower, dx * here.perUpper)
                least = smaller(least, growth)
                most = larger(most, shrinkage)
                // A missing bound has z = Δz = 0 and 1 in place of z.
                let falls = here.falls(growth, shrinkage)
                fall.note(falls.0 - lower, of: here.zLower + (one - value(.hasLower, j)))
                fall.note(falls.1 - upper, of: here.zUpper + (one - value(.hasUpper, j)))
            }
            t -= 1
        }
        return Reach(shrinkX: larger(most, 0 - least).max(), shrinkZ: (fall.part / fall.whole).max())
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

/// What becomes of the distances, as shares of them: how far those below grow, how far those above shrink.
private struct Shares {
    var below = Lanes(repeating: 0)
    var above = Lanes(repeating: 0)
}

/// The largest of many ratios, none of whose wholes is negative, without dividing.
private struct Ratio {
    var part = Lanes(repeating: 0)
    var whole = Lanes(repeating: 1)

    @inline(__always)
    mutating func note(_ other: Lanes, of otherWhole: Lanes) {
        let isLarger = other * whole .> part * otherWhole
        part.replace(with: other, where: isLarger)
        whole.replace(with: otherWhole, where: isLarger)
    }
}
