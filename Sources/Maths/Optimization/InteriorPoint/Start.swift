/// Reading the program in, and the first iterate.
extension InteriorPoint {
    func load(_ program: ConvexProgram) {
        precondition(program.matrix.pattern == pattern)
        normal.load(program.matrix.values)
        let n = work.variables
        _ = b.update(from: program.rightHandSide)
        doubles(work.cost).update(from: program.cost, count: n)
        doubles(work.quadratic).update(from: program.quadratic, count: n)
        (scaleOfB, scaleOfC, bounds, curved) = (1, 1, 0, false)
        for value in program.rightHandSide { scaleOfB = max(scaleOfB, 1 + abs(value)) }
        for j in 0..<n {
            let (lower, upper) = (program.lower[j], program.upper[j])
            precondition(lower <= upper && program.quadratic[j] >= 0)
            scaleOfC = max(scaleOfC, 1 + abs(program.cost[j]))
            if program.quadratic[j] > 0 { curved = true }
            let moves = lower == -.infinity || upper - lower > 1e-12 * (1 + abs(lower))
            let hasLower = moves && lower > -.infinity
            let hasUpper = moves && upper < .infinity
            doubles(work.moves)[j] = moves ? 1 : 0
            doubles(work.hasLower)[j] = hasLower ? 1 : 0
            doubles(work.hasUpper)[j] = hasUpper ? 1 : 0
            let free = !hasLower && !hasUpper && program.quadratic[j] == 0
            doubles(work.floor)[j] = free ? 1e-7 : 1e-14
            bounds += (hasLower ? 1 : 0) + (hasUpper ? 1 : 0)
        }
    }

    /// A point inside the bounds near A·x = b, and multipliers near dual feasibility: least squares, weighted
    /// by the widths of the bounds, then pushed inside. False where A·Aᵀ could not be factored.
    func start(_ program: ConvexProgram) -> Bool {
        let typical = typicalWidth(program)
        let (x, theta, moves) = (doubles(work.x), doubles(work.theta), doubles(work.moves))
        for j in 0..<work.variables {
            let (lower, upper) = (program.lower[j], program.upper[j])
            let width = min((upper - lower) / 2, typical)
            theta[j] = moves[j] * width * width
            if lower > -.infinity {
                x[j] = upper < .infinity ? lower + (upper - lower) / 2 : lower + typical
            } else {
                x[j] = upper < .infinity ? upper - typical : 0
            }
        }
        var regularisation = 0.0
        while !normal.factor(theta, regularisation: regularisation) {
            regularisation = max(regularisation * 100, 1e-14)
            guard regularisation < 1e-6 else { return false }
        }
        normal.residual(b.baseAddress!, x, into: dy.baseAddress!)
        normal.solve(dy)
        normal.transposed(dy.baseAddress!, into: doubles(work.transposed), count: work.variables)
        for j in 0..<work.variables {
            let (lower, upper) = (program.lower[j], program.upper[j])
            let margin = 0.1 * min((upper - lower) / 2, typical)
            let wanted = x[j] + theta[j] * doubles(work.transposed)[j]
            if moves[j] > 0 { x[j] = min(max(wanted, lower + margin), upper - margin) }
        }
        startMultipliers(program)
        return true
    }

    /// y by least squares on c + Qx = Aᵀy, what is left over given to the bounds' multipliers.
    private func startMultipliers(_ program: ConvexProgram) {
        let n = work.variables
        let (x, theta, scratch) = (doubles(work.x), doubles(work.theta), doubles(work.scratch))
        for j in 0..<n { scratch[j] = -theta[j] * (program.cost[j] + program.quadratic[j] * x[j]) }
        dy.update(repeating: 0)
        normal.residual(dy.baseAddress!, scratch, into: y.baseAddress!)
        normal.solve(y)
        normal.transposed(y.baseAddress!, into: doubles(work.transposed), count: n)
        let (below, above) = (doubles(work.below), doubles(work.above))
        let (hasLower, hasUpper) = (doubles(work.hasLower), doubles(work.hasUpper))
        var sum = 0.0
        for j in 0..<n {
            below[j] = hasLower[j] > 0 ? x[j] - program.lower[j] : 1
            above[j] = hasUpper[j] > 0 ? program.upper[j] - x[j] : 1
            let reduced = program.cost[j] + program.quadratic[j] * x[j] - doubles(work.transposed)[j]
            scratch[j] = reduced
            sum += reduced > 0 ? hasLower[j] * reduced * below[j] : -hasUpper[j] * reduced * above[j]
        }
        let mu = max(0.3 * sum / max(bounds, 1), 1e-6)
        for j in 0..<n {
            doubles(work.zLower)[j] = hasLower[j] * (max(scratch[j], 0) + mu / below[j])
            doubles(work.zUpper)[j] = hasUpper[j] * (max(-scratch[j], 0) + mu / above[j])
        }
        for j in n..<work.blocks * 8 { (below[j], above[j], doubles(work.floor)[j]) = (1, 1, 1) }
    }

    /// The mean width of the variables bounded on both sides, or the size of b where there are none.
    private func typicalWidth(_ program: ConvexProgram) -> Double {
        var sum = 0.0
        var count = 0.0
        for j in 0..<work.variables where doubles(work.hasLower)[j] * doubles(work.hasUpper)[j] > 0 {
            sum += program.upper[j] - program.lower[j]
            count += 1
        }
        return count > 0 ? sum / count : scaleOfB
    }
}
