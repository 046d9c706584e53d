// Of a linear program (Q = 0) a basis is as many columns as there are rows. It decides everything:
//
//     Bᵀy = c_B,   d = c − Aᵀy,   x_j = l_j where d_j ≥ 0, u_j where d_j < 0,   B·x_B = b − Σ A_j·x_j,
//
// and where x_B lies within its bounds this is the optimum, exactly. Where it does not, the worst x_p leaves,
// to its bound: y moves along Bᵀρ = e_p until the objective of the dual no longer rises. On the way every d_j
// that passes zero sends x_j to its other bound, which takes |ρᵀA_j|·(u_j − l_j) from the violation; the one
// at which it would be used up enters (the dual simplex method for boxed variables with long steps:
// Koberstein 2005, ch. 3; Maros 2003). What has no bound has one far away: an optimum that rests there is
// none.
//
// A slight curvature leaves the optimum where it is as long as the signs of d stay the same with c + Qx in
// the place of c.
//
// From a good guess few exchanges are left, so each begins anew from the program's own numbers: nothing is
// updated, and no rounding gathers.

import Lanes

/// Solves programs whose optimum is that of their linear part from a guess of its basis. Each instance serves
/// one pattern, and allocates nothing but the answer. Not thread-safe: create one instance per thread.
public final class DualSimplex {
    /// Pattern of A in every program this solver takes.
    public let pattern: SparseRows.Pattern
    /// Whether a column is in the basis that `solve` begins with, and then in the one it ended with. The
    /// columns need not be independent, nor as many as rows: what is too many leaves, what lacks is found.
    public let isBasic: UnsafeMutableBufferPointer<Bool>
    /// Exchanges after which `solve` gives up.
    public let limit: Int
    var factors: BasisFactors
    private let columns: Columns
    /// Of each variable; infinite bounds brought near.
    private let cost, lower, upper, reduced, x: UnsafeMutableBufferPointer<Double>
    /// By place in the basis.
    private let members: UnsafeMutableBufferPointer<Int32>
    private let part, values: UnsafeMutableBufferPointer<Double>
    /// By row.
    private let y, right, slope: UnsafeMutableBufferPointer<Double>
    private let passed: UnsafeMutableBufferPointer<Int32>
    private var (ofB, ofC) = (1.0, 1.0)

    /// Allocates a solver for programs whose A has this pattern; it gives up after `limit` exchanges.
    public init(pattern: SparseRows.Pattern, limit: Int = 40) {
        self.pattern = pattern
        self.limit = limit
        let (n, m) = (pattern.columns, pattern.rows)
        columns = Columns(pattern)
        factors = BasisFactors(order: m)
        isBasic = .filled(n, with: false)
        (cost, lower, upper) = (.filled(n, with: 0), .filled(n, with: 0), .filled(n, with: 0))
        (reduced, x, passed) = (.filled(n, with: 0), .filled(n, with: 0), .filled(n, with: 0))
        (members, part, values) = (.filled(m, with: 0), .filled(m, with: 0), .filled(m, with: 0))
        (y, right, slope) = (.filled(m, with: 0), .filled(m, with: 0), .filled(m, with: 0))
    }

    deinit {
        columns.deallocate()
        factors.deallocate()
        isBasic.deallocate()
        for list in [members, passed] { list.deallocate() }
        for vector in [cost, lower, upper, reduced, x, part, values, y, right, slope] { vector.deallocate() }
    }

    /// The optimum of the linear part of `program`, which has this pattern, where that is the only one, is
    /// the optimum of the whole too, and comes within `limit` exchanges; nil otherwise.
    public func solve(_ program: ConvexProgram) -> Solution? {
        precondition(program.matrix.pattern == pattern)
        load(program)
        for exchange in 0...limit {
            guard factor() else { return nil }
            weigh()
            place(program.rightHandSide)
            guard let (leaving, violation) = worst() else { return optimum(program, exchange) }
            guard let entering = entering(leaving, violation) else { return nil }
            isBasic[Int(members[leaving])] = false
            isBasic[entering] = true
        }
        return nil
    }

    private func load(_ program: ConvexProgram) {
        columns.load(program.matrix.values)
        (ofB, ofC) = (1, 1)
        for value in program.rightHandSide { ofB = max(ofB, 1 + abs(value)) }
        for j in 0..<pattern.columns {
            cost[j] = program.cost[j]
            ofC = max(ofC, 1 + abs(cost[j]))
            lower[j] = max(program.lower[j], -far)
            upper[j] = min(program.upper[j], far)
        }
    }

    private var far: Double { 1e4 * ofB }

    private func factor() -> Bool {
        factors.clear()
        for j in 0..<pattern.columns where isBasic[j] { isBasic[j] = take(j) }
        guard factors.count < pattern.rows else { return true }
        for row in 0..<pattern.rows {
            for e in pattern.start[row]..<pattern.start[row + 1] where factors.columnOf[row] < 0 {
                let j = pattern.column[e]
                if !isBasic[j] { isBasic[j] = take(j) }
            }
        }
        return factors.count == pattern.rows
    }

    private func take(_ j: Int) -> Bool {
        guard factors.count < pattern.rows else { return false }
        guard factors.append(columns.rows(j), columns.values(j)) else { return false }
        members[factors.count - 1] = Int32(j)
        return true
    }

    /// y and the reduced costs.
    private func weigh() {
        for k in 0..<pattern.rows { part[k] = cost[Int(members[k])] }
        factors.solveTransposed(part.baseAddress!, into: y.baseAddress!)
        for j in 0..<pattern.columns { reduced[j] = cost[j] - columns.product(j, y.baseAddress!) }
    }

    /// x.
    private func place(_ rightHandSide: [Double]) {
        _ = right.update(fromContentsOf: rightHandSide)
        for j in 0..<pattern.columns where !isBasic[j] {
            x[j] = reduced[j] < 0 ? upper[j] : lower[j]
            if x[j] != 0 { columns.add(j, -x[j], right.baseAddress!) }
        }
        factors.solve(right.baseAddress!, into: values.baseAddress!)
        for k in 0..<pattern.rows { x[Int(members[k])] = values[k] }
    }

    /// The place that is farthest outside its bounds, and by how much: negative below.
    private func worst() -> (place: Int, violation: Double)? {
        var worst = (place: 0, violation: 0.0)
        for k in 0..<pattern.rows {
            let j = Int(members[k])
            let violation = x[j] < lower[j] ? x[j] - lower[j] : max(x[j] - upper[j], 0)
            if abs(violation) > abs(worst.violation) { worst = (k, violation) }
        }
        return abs(worst.violation) > 1e-10 * ofB ? worst : nil
    }

    /// The column that takes the place of the one that leaves; nil where nothing can: no point is feasible.
    private func entering(_ leaving: Int, _ violation: Double) -> Int? {
        part.update(repeating: 0)
        part[leaving] = 1
        factors.solveTransposed(part.baseAddress!, from: leaving, into: slope.baseAddress!)
        let sign = violation < 0 ? -1.0 : 1
        var count = 0
        for j in 0..<pattern.columns where !isBasic[j] && upper[j] > lower[j] {
            let rate = sign * columns.product(j, slope.baseAddress!)
            guard reduced[j] < 0 ? rate < -1e-9 : rate > 1e-9 else { continue }
            // How far y goes until d_j is zero.
            x[j] = reduced[j] / rate
            passed[count] = Int32(j)
            count += 1
        }
        var left = abs(violation)
        while count > 0 {
            var best = 0
            for k in 1..<max(count, 1) where x[Int(passed[k])] < x[Int(passed[best])] { best = k }
            let j = Int(passed[best])
            left -= abs(columns.product(j, slope.baseAddress!)) * (upper[j] - lower[j])
            if left <= 0 { return j }
            count -= 1
            passed[best] = passed[count]
        }
        return nil
    }

    /// The answer of a basis that is feasible both ways, measured afresh; nil where another point is as good
    /// (some d_j is zero) or better (its sign is another with the curvature), or rests on a bound that is not
    /// there.
    private func optimum(_ program: ConvexProgram, _ exchanges: Int) -> Solution? {
        var (primal, dual, objective, bound) = (0.0, 0.0, 0.0, 0.0)
        var curved = 0.0
        for j in 0..<pattern.columns where program.quadratic[j] > 0 {
            cost[j] += program.quadratic[j] * x[j]
            curved += program.quadratic[j] * x[j] * x[j] / 2
        }
        if curved > 0 { weigh() }
        _ = right.update(fromContentsOf: program.rightHandSide)
        for i in 0..<pattern.rows { bound += right[i] * y[i] }
        for j in 0..<pattern.columns {
            if isBasic[j] {
                dual = max(dual, abs(reduced[j]))
                x[j] = min(max(x[j], lower[j]), upper[j])
            } else if upper[j] > lower[j] {
                let away = x[j] == lower[j] ? reduced[j] : -reduced[j]
                guard away > 1e-7 * ofC, abs(x[j]) < far else { return nil }
            }
            objective += cost[j] * x[j]
            if !isBasic[j] { bound += reduced[j] * x[j] }
            if x[j] != 0 { columns.add(j, -x[j], right.baseAddress!) }
        }
        for i in 0..<pattern.rows { primal = max(primal, abs(right[i])) }
        let gap = abs(objective - bound) / (1 + abs(objective - curved))
        guard max(primal / ofB, dual / ofC, gap) < 1e-9 else { return nil }
        return Solution(
            status: .optimal, iterations: exchanges, objective: objective - curved,
            primalResidual: primal / ofB,
            dualResidual: dual / ofC, gap: gap, x: Array(x), y: Array(y))
    }
}

/// The columns of a sparse matrix.
private struct Columns {
    private let starts, places: UnsafeMutableBufferPointer<Int32>
    /// Of each entry its place in the matrix, and its value.
    private let sources: UnsafeMutableBufferPointer<Int32>
    private let numbers: UnsafeMutableBufferPointer<Double>

    init(_ pattern: SparseRows.Pattern) {
        var lists = [[(row: Int, source: Int)]](repeating: [], count: pattern.columns)
        for row in 0..<pattern.rows {
            for e in pattern.start[row]..<pattern.start[row + 1] { lists[pattern.column[e]].append((row, e)) }
        }
        starts = .copy(of: lists.reduce(into: [Int32(0)]) { $0.append($0.last! + Int32($1.count)) })
        places = .copy(of: lists.joined().map { Int32($0.row) })
        sources = .copy(of: lists.joined().map { Int32($0.source) })
        numbers = .filled(pattern.column.count, with: 0)
    }

    func deallocate() {
        for list in [starts, places, sources] { list.deallocate() }
        numbers.deallocate()
    }

    func load(_ values: [Double]) {
        values.withUnsafeBufferPointer { for e in 0..<numbers.count { numbers[e] = $0[Int(sources[e])] } }
    }

    @inline(__always)
    func rows(_ j: Int) -> UnsafeBufferPointer<Int32> {
        UnsafeBufferPointer(rebasing: places[Int(starts[j])..<Int(starts[j + 1])])
    }

    @inline(__always)
    func values(_ j: Int) -> UnsafeMutablePointer<Double> { numbers.baseAddress! + Int(starts[j]) }

    /// A_jᵀ·v.
    @inline(__always)
    func product(_ j: Int, _ v: UnsafeMutablePointer<Double>) -> Double {
        var sum = 0.0
        for e in Int(starts[j])..<Int(starts[j + 1]) { sum += numbers[e] * v[Int(places[e])] }
        return sum
    }

    /// v + a·A_j.
    @inline(__always)
    func add(_ j: Int, _ a: Double, _ v: UnsafeMutablePointer<Double>) {
        for e in Int(starts[j])..<Int(starts[j + 1]) { v[Int(places[e])] += a * numbers[e] }
    }
}
