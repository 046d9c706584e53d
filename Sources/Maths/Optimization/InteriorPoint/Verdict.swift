/// What the last iterate says.
extension InteriorPoint {
    /// Why no optimum comes, where the iterate shows it.
    ///
    /// Any feasible x has bᵀy + lᵀz_l − uᵀz_u ≤ xᵀr with r = Aᵀy + z_l − z_u; where the left side is far
    /// above what the present size of x allows on the right, no x of like size is feasible (Farkas).
    func refusal(_ program: ConvexProgram) -> Solution.Status? {
        let w = work
        var (ray, residual, size, largest) = (0.0, 0.0, 1.0, 0.0)
        for i in 0..<y.count { ray += b[i] * y[i] }
        for j in 0..<w.variables {
            let (zLower, zUpper, x) = (doubles(w.zLower)[j], doubles(w.zUpper)[j], doubles(w.x)[j])
            let aTy = doubles(w.transposed)[j]
            if doubles(w.moves)[j] == 0 {
                ray -= aTy * program.lower[j]
                continue
            }
            if zLower > 0 { ray += program.lower[j] * zLower }
            if zUpper > 0 { ray -= program.upper[j] * zUpper }
            residual = max(residual, abs(aTy + zLower - zUpper))
            size += abs(x)
            largest = max(largest, abs(x))
        }
        if ray > 1e3 * residual * size { return .infeasible }
        let falls =
            zip(program.cost, UnsafeBufferPointer(start: doubles(w.x), count: w.variables))
            .reduce(0) { $0 + $1.0 * $1.1 } < 0
        if falls, largest > 1e10 * scaleOfB { return .unbounded }
        return nil
    }

    /// Copies the iterate out, x within its bounds, and no number that is not finite.
    func report(_ status: Solution.Status, _ iterations: Int, _ measure: Measure, _ program: ConvexProgram)
        -> Solution
    {
        let x = doubles(work.x)
        func finite(_ value: Double) -> Double { value.isFinite ? value : .greatestFiniteMagnitude }
        return Solution(
            status: status, iterations: iterations, objective: finite(measure.objective),
            primalResidual: finite(measure.primal), dualResidual: finite(measure.dual),
            gap: finite(measure.gap),
            x: (0..<work.variables).map { j in
                let value = min(max(x[j], program.lower[j]), program.upper[j])
                return value.isFinite ? value : 0
            },
            y: y.map { $0.isFinite ? $0 : 0 })
    }
}
