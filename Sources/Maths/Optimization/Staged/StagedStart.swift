import Lanes

/// The first iterate.
extension StagedInteriorPoint {
    /// Middles of the bounds into the distances, squares of the widths, the weights of the least squares,
    /// into the lower multipliers.
    func startInTheMiddle(_ program: StagedProgram) {
        let n = memory.front.columns
        let state = memory.state
        let (zero, one) = (Lanes(repeating: 0), Lanes(repeating: 1))
        for k in 0..<n * memory.length {
            (state[4 * k], state[4 * k + 1]) = (zero, one)
            (state[4 * k + 2], state[4 * k + 3]) = (zero, zero)
        }
        for stage in 0..<program.pattern.stages {
            let (lane, t) = memory.home(stage)
            for j in 0..<n {
                let k = stage &* n &+ j
                let (lower, upper) = (program.lower[k], program.upper[k])
                let at = doubles(state + 4 &* (t &* n &+ j)) + lane
                guard lower == -.infinity || upper - lower > 1e-12 * (1 + abs(lower)) else { continue }
                let width = min((upper - lower) / 2, scale.width)
                at[16] = width * width
                if upper == .infinity {
                    at[0] = lower > -.infinity ? scale.width : 0
                } else if lower > -.infinity {
                    (at[0], at[8]) = ((upper - lower) / 2, (upper - lower) / 2)
                } else {
                    (at[0], at[8]) = (-scale.width, scale.width)
                }
            }
        }
    }

    /// A point inside the bounds near A·x = b by weighted least squares, and y by the same on
    /// c + Qx = Aᵀy.
    func start(_ program: StagedProgram) {
        let m = memory
        // Nothing of the last program, were it no number, may stay.
        for vector in [m.predicted, m.step, m.y] {
            vector.update(repeating: Lanes(repeating: 0), count: (m.length + 1) * m.front.rows)
        }
        startInTheMiddle(program)
        weightedFactor()
        m.solveBack(into: m.y, separators, cyclic: isCyclic)
        pushInside()
        m.clearWork()
        for t in 0..<m.length {
            m.enter(t)
            let plan = m.plan(t)
            for j in 0..<m.matrix.columns {
                let at = m.state(t) + 4 * j
                m.matrix.work[3 * j] = at[2] * (m.value(.cost, j) + m.value(.curve, j) * at[0])
            }
            m.matrix.spread(over: m.work + t * m.front.rows)
            m.carryForward(plan, t)
        }
        m.closeWork(separators, cyclic: isCyclic)
        m.solveBack(into: m.y, separators, cyclic: isCyclic)
        startMultipliers()
    }

    /// The normal equations with the weights, and b − A·x.
    private func weightedFactor() {
        let m = memory
        m.clearWork(to: m.right)
        m.parting.pointee = m.length
        for t in 0..<m.length {
            m.enter(t)
            let plan = m.plan(t)
            m.openFront(plan)
            for j in 0..<m.matrix.columns {
                let at = m.state(t) + 4 * j
                (m.matrix.work[3 * j], m.matrix.work[3 * j + 2]) = (0 - at[0], at[2])
            }
            m.matrix.spread(over: m.work + t * m.front.rows)
            m.addProducts(plan)
            m.noteDiagonal(t, isOpening: t == 0)
            m.eliminate(plan, t)
            if t % 8 == 7, m.parting.pointee == m.length { m.part(t) }
            m.carryForward(plan, t)
        }
        m.closeFront(separators, cyclic: isCyclic)
        m.closeWork(separators, cyclic: isCyclic)
    }

    /// x + Θ·Aᵀ·Δy, but no nearer to a bound than a tenth of the way from the middle.
    private func pushInside() {
        let m = memory
        for t in 0..<m.length {
            m.enter(t)
            m.matrix.transpose(m.y + t * m.front.rows)
            for j in 0..<m.matrix.columns {
                let at = m.state(t) + 4 * j
                let (hasLower, hasUpper) = (m.value(.hasLower, j), m.value(.hasUpper, j))
                var move = at[2] * m.matrix.work[3 * j]
                // By bounds: forward at most 0.9 of the distance above, backward of that below.
                move += hasUpper * (smaller(move, 0.9 * at[1]) - move)
                move += hasLower * (larger(move, -0.9 * at[0]) - move)
                at[0] += move
                at[1] -= hasUpper * move
            }
        }
    }

    /// What y leaves of c + Qx to the bounds' multipliers, raised so that no product is near zero.
    private func startMultipliers() {
        let m = memory
        var sum = Lanes(repeating: 0)
        let zero = Lanes(repeating: 0)
        for pass in 0..<2 {
            let mu = Lanes(repeating: max(0.3 * sum.sum() / max(scale.bounds, 1), 1e-6))
            for t in 0..<m.length {
                m.enter(t)
                m.matrix.transpose(m.y + t * m.front.rows)
                for j in 0..<m.matrix.columns {
                    let at = m.state(t) + 4 * j
                    let (hasLower, hasUpper) = (m.value(.hasLower, j), m.value(.hasUpper, j))
                    let reduced =
                        m.value(.cost, j) + m.value(.curve, j) * at[0]
                        - m.matrix.work[3 * j]
                    let (rise, fall) = (larger(reduced, zero), larger(0 - reduced, zero))
                    if pass == 0 {
                        sum += hasLower * rise * at[0] + hasUpper * fall * at[1]
                    } else {
                        let below = Lanes.fused(hasLower, at[0] - 1, Lanes(repeating: 1))
                        at[2] = hasLower * (rise + mu / below)
                        at[3] = hasUpper * (fall + mu / at[1])
                    }
                }
            }
        }
    }
}
