import Lanes

/// What the last iterate says.
extension StagedInteriorPoint {
    /// Why no optimum comes: as `InteriorPoint.refusal`, in variables measured from their lower bounds, where
    /// any feasible x has bᵀy − wᵀz_u ≤ xᵀr with w the widths and r = Aᵀy + z_l − z_u.
    func refusal() -> Solution.Status? {
        let m = memory
        let zero = Lanes(repeating: 0)
        var (ray, residual, size, largest, cost) = (zero, zero, zero, zero, zero)
        for k in 0..<m.length * m.front.rows { ray = .fused(m.right[k], m.y[k], ray) }
        for t in 0..<m.length {
            m.enter(t)
            m.matrix.transpose(m.y + t * m.front.rows)
            for j in 0..<m.matrix.columns {
                let at = m.state(t) + 4 * j
                let magnitude = at[0].magnitudes
                let hasLower = m.value(.hasLower, j)
                // Without a lower bound x is measured from the upper: nothing to add for it.
                ray -= hasLower * (at[0] + at[1]) * at[3]
                let r = m.value(.moves, j) * (m.matrix.work[3 * j] + at[2] - at[3])
                residual = larger(residual, r.magnitudes)
                size += magnitude
                largest = larger(largest, magnitude)
                cost = .fused(m.value(.cost, j), at[0], cost)
            }
        }
        if ray.sum() > 1e3 * residual.max() * (1 + size.sum()) { return .infeasible }
        if cost.sum() < 0, largest.max() > 1e10 * scale.ofB { return .unbounded }
        return nil
    }

    /// Copies the iterate out, x within its bounds, and no number that is not finite.
    func report(_ status: Solution.Status, _ iterations: Int, _ measure: Measure, _ program: StagedProgram)
        -> Solution
    {
        let m = memory
        let (n, rows) = (m.front.columns, m.front.rows)
        func finite(_ value: Double) -> Double { value.isFinite ? value : .greatestFiniteMagnitude }
        let x = [Double](unsafeUninitializedCapacity: pattern.stages * n) { buffer, count in
            for stage in 0..<pattern.stages {
                let (lane, t) = m.home(stage)
                for j in 0..<n {
                    let k = stage &* n &+ j
                    let (lower, upper) = (program.lower[k], program.upper[k])
                    let at = doubles(m.state + 4 &* (t &* n &+ j)) + lane
                    var value = at[0]
                    if lower > -.infinity {
                        // From the nearer bound: it is exact there.
                        let isHigh = upper < .infinity && upper - lower < 2 * value
                        value = isHigh ? upper - at[8] : lower + value
                        if upper - lower <= 1e-12 * (1 + abs(lower)) { value = lower }
                    } else if upper < .infinity {
                        value = upper - at[8]
                    }
                    value = min(max(value, lower), upper)
                    buffer[k] = value.isFinite ? value : 0
                }
            }
            count = pattern.stages * n
        }
        let y = [Double](unsafeUninitializedCapacity: pattern.stages * rows) { buffer, count in
            for stage in 0..<pattern.stages {
                let (lane, t) = m.home(stage)
                for row in 0..<rows {
                    let value = doubles(m.y)[(t &* rows &+ m.front.place[row]) &* 8 &+ lane]
                    buffer[stage &* rows &+ row] = value.isFinite ? value : 0
                }
            }
            count = pattern.stages * rows
        }
        return Solution(
            status: status, iterations: iterations, objective: finite(measure.objective),
            primalResidual: finite(measure.primal), dualResidual: finite(measure.dual),
            gap: finite(measure.gap), x: x, y: y)
    }
}
