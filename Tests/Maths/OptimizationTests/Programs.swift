import Optimization
import TestSupport

/// A feasible program of stages: a state carried from one to the next and some local variables, all kinds of
/// bounds.
func stagedProgram(_ random: inout SplitMix64, stages: Int, curved: Bool) -> ConvexProgram {
    let each = 6
    var rows: [[(column: Int, value: Double)]] = []
    for t in 0..<stages {
        let at = t * each
        var carry: [(column: Int, value: Double)] = [
            (at, 1), (at + 1, random.uniform(-1...1)), (at + 2, 0.9),
        ]
        if t > 0 { carry.append((at - each, -0.98)) }
        rows.append(carry)
        rows.append((1..<each).map { (at + $0, random.uniform(-2...2)) })
    }
    let count = stages * each
    var program = ConvexProgram(matrix: SparseRows(columns: count, rows: rows))
    var point: [Double] = []
    for j in 0..<count {
        let low = random.uniform(-3...3)
        program.lower[j] = low
        program.upper[j] = random.uniform(0...1) < 0.7 ? low + random.uniform(0.5...5) : .infinity
        if random.uniform(0...1) < 0.05 { program.upper[j] = low }
        point.append(min(low + random.uniform(0...2), program.upper[j]))
        program.cost[j] = random.uniform(0...1) < 0.8 ? random.uniform(0...3) : 0
        if program.upper[j] < .infinity { program.cost[j] -= 1 }
        if curved, random.uniform(0...1) < 0.5 { program.quadratic[j] = random.uniform(0...2) }
    }
    for (i, row) in rows.enumerated() {
        program.rightHandSide[i] = row.reduce(0) { $0 + $1.value * point[$1.column] }
    }
    return program
}

/// How far from optimal, from the program's own numbers only: the largest violation of A·x = b, of the bounds
/// and of the sign of reduced costs g = c + Qx − Aᵀy against missing bounds; and the sum of |g| times the
/// room towards which it pushes, against 1 + |objective|.
func kktDefect(_ program: ConvexProgram, _ solution: Solution) -> (violation: Double, gap: Double) {
    let pattern = program.matrix.pattern
    var reduced = zip(zip(program.cost, program.quadratic), solution.x).map { $0.0 + $0.1 * $1 }
    var (violation, gap, objective) = (0.0, 0.0, 0.0)
    for i in 0..<program.rows {
        var sum = -program.rightHandSide[i]
        for k in pattern.start[i]..<pattern.start[i + 1] {
            sum += program.matrix.values[k] * solution.x[pattern.column[k]]
            reduced[pattern.column[k]] -= program.matrix.values[k] * solution.y[i]
        }
        violation = max(violation, abs(sum))
    }
    for j in 0..<program.variables {
        let (x, g) = (solution.x[j], reduced[j])
        objective += (program.cost[j] + program.quadratic[j] * x / 2) * x
        violation = max(violation, program.lower[j] - x, x - program.upper[j])
        let room = g > 0 ? x - program.lower[j] : program.upper[j] - x
        if room < .infinity { gap += abs(g) * room } else { violation = max(violation, abs(g)) }
    }
    return (violation, gap / (1 + abs(objective)))
}
