import LinearAlgebra

// After the elimination, Newton's equations for the angle and the price of each bus are
//
//     ⎡ AᵀbDbA    AᵀbE ⎤ ⎡Δθ⎤   ⎡p⎤
//     ⎣ EᵀbA       −W  ⎦ ⎣Δλ⎦ = ⎣q⎦
//
// A is the incidence matrix of lines and buses; E is the same with the marginal losses at each end; b are the
// susceptances; D and W are diagonal and at least 0. The matrix is symmetric and has the network's pattern in
// blocks of 2×2. A block on the diagonal is regular for b ≠ 0 whatever D and W are, so the blocks are
// eliminated without row exchanges. In each island the angle of one bus is fixed. The residual shows rounding
// errors, and refinement corrects them; where it cannot, KLU solves the system with row exchanges.
final class DCSystem {
    private let model: DCModel
    private let factors: BlockLU<Double>
    /// Entry of each line, and the positions of its ends.
    private let entries: [Int32]
    private let from: [Int32]
    private let to: [Int32]
    private let isPinned: [Bool]
    /// 1/Σ|b| of each position: the scale of the equation of its angle.
    private let measure: [Double]
    private var fallback: SparseLU?
    private var isFallback = false
    /// b·D·b and b·E at both ends of the lines, and W of the buses, as last factored.
    private var stiffness: [Double]
    private var leaves: [Double]
    private var arrives: [Double]
    private var give: [Double]
    private var x: [Double]
    private var residual: [Double]
    private let alwaysFallback: Bool
    /// Residuals as fractions of the right-hand side: at the first, refinement stops; above the second, it
    /// failed.
    private static let good = 1e-10
    private static let bad = 1e-3

    init(_ model: DCModel, alwaysFallback: Bool) {
        self.model = model
        self.alwaysFallback = alwaysFallback
        let pattern = BlockPattern(
            count: model.demand.count, edges: model.lines.map { (Int32($0.from), Int32($0.to)) })
        factors = BlockLU(pattern)
        from = model.lines.map { pattern.positions[$0.from] }
        to = model.lines.map { pattern.positions[$0.to] }
        entries = zip(from, to).map { Int32(pattern.entry($0, $1)!) }
        var isPinned = model.demand.map { _ in false }
        for pin in model.pins { isPinned[Int(pattern.positions[pin])] = true }
        self.isPinned = isPinned
        var sums = model.demand.map { _ in 0.0 }
        for (k, line) in model.lines.enumerated() {
            sums[Int(from[k])] += line.susceptance.magnitude
            sums[Int(to[k])] += line.susceptance.magnitude
        }
        measure = sums.map { $0 > 0 ? 1 / $0 : 1 }
        stiffness = model.lines.map { _ in 0 }
        (leaves, arrives) = (stiffness, stiffness)
        give = model.demand.map { _ in 0 }
        x = Array(repeating: 0, count: 2 * give.count)
        residual = x
    }

    /// Takes D and the losses' r·f of each line, and W of each bus. False where the matrix is singular.
    func factor(
        _ weights: UnsafePointer<Double>, _ losses: UnsafePointer<Double>, _ gives: UnsafePointer<Double>
    ) -> Bool {
        for (k, line) in model.lines.enumerated() {
            stiffness[k] = line.susceptance * line.susceptance * weights[k]
            leaves[k] = line.susceptance * (1 + losses[k])
            arrives[k] = line.susceptance * (1 - losses[k])
        }
        let positions = factors.pattern.positions
        for bus in give.indices { give[Int(positions[bus])] = gives[bus] }
        // In an island whose units cannot change their power every price is right.
        for pin in model.pins where gives[pin] == 0 { give[Int(positions[pin])] = 1 }
        isFallback = alwaysFallback || !eliminate()
        return isFallback ? factorFallback() : true
    }

    private func eliminate() -> Bool {
        let (diagonal, offDiagonal) = (factors.diagonal, factors.entries)
        diagonal.update(repeating: 0)
        offDiagonal.update(repeating: 0)
        for k in model.lines.indices {
            let (h, isFromFirst) = (stiffness[k], from[k] < to[k])
            func addEnd(_ end: Int, _ b: Double) {
                diagonal[4 * end] += h
                diagonal[4 * end + 1] += b
                diagonal[4 * end + 2] += b
            }
            addEnd(Int(from[k]), leaves[k])
            addEnd(Int(to[k]), arrives[k])
            // Below the diagonal the column, above it the row is that of the earlier end.
            let (earlier, later) = isFromFirst ? (leaves[k], arrives[k]) : (arrives[k], leaves[k])
            let at = 8 * Int(entries[k])
            offDiagonal[at] -= h
            offDiagonal[at + 1] -= earlier
            offDiagonal[at + 2] -= later
            offDiagonal[at + 4] -= h
            offDiagonal[at + 5] -= later
            offDiagonal[at + 6] -= earlier
        }
        for position in give.indices { diagonal[4 * position + 3] = -give[position] }
        holdPins()
        return factors.factor().isFinite
    }

    /// Row and column of an angle that is held.
    private func holdPins() {
        for position in isPinned.indices where isPinned[position] {
            let d = factors.diagonal.baseAddress! + 4 * position
            (d[0], d[1], d[2]) = (1, 0, 0)
        }
        for k in model.lines.indices {
            for (end, isFrom) in [(from[k], true), (to[k], false)] where isPinned[Int(end)] {
                // The block whose row is the smaller position stands above the diagonal.
                let isColumn = isFrom == (from[k] < to[k])
                let below = factors.entries.baseAddress! + 8 * Int(entries[k])
                let above = below + 4
                // Below: rows of the later, columns of the earlier end.
                let (row, column) = isColumn ? (above, below) : (below, above)
                (row[0], row[1], column[0], column[2]) = (0, 0, 0, 0)
            }
        }
    }

    /// Replaces p by the angles and q by the prices of each bus. False where there is no solution.
    func solve(_ angles: UnsafeMutablePointer<Double>, _ prices: UnsafeMutablePointer<Double>) -> Bool {
        let positions = factors.pattern.positions
        let count = give.count
        for bus in 0..<count {
            let at = Int(positions[bus])
            residual[2 * at] = isPinned[at] ? 0 : angles[bus]
            residual[2 * at + 1] = prices[bus]
        }
        let right = residual
        let size = right.indices.reduce(1e-300) {
            max($0, right[$1].magnitude * ($1 % 2 == 0 ? measure[$1 / 2] : 1))
        }
        for k in x.indices { x[k] = 0 }
        var error = 1.0
        for round in 0..<4 {
            apply()
            for k in x.indices { x[k] += residual[k] }
            let next = refresh(right) / size
            guard next.isFinite else {
                error = next
                break
            }
            let isStuck = round > 0 && next > 0.1 * error
            error = next
            if error <= Self.good || isStuck { break }
        }
        if !(error <= Self.bad), !isFallback {
            isFallback = factorFallback()
            return isFallback && solve(angles, prices)
        }
        guard error.isFinite, x.allSatisfy(\.isFinite) else { return false }
        for bus in 0..<count {
            angles[bus] = x[2 * Int(positions[bus])]
            prices[bus] = x[2 * Int(positions[bus]) + 1]
        }
        return true
    }

    private func apply() {
        if isFallback {
            fallback!.solve(&residual)
        } else {
            residual.withUnsafeMutableBufferPointer { factors.solve($0.baseAddress!) }
        }
    }

    /// right − matrix·x into `residual`; returns its largest part.
    private func refresh(_ right: [Double]) -> Double {
        residual.withUnsafeMutableBufferPointer { r in
            x.withUnsafeBufferPointer { x in
                for at in give.indices {
                    r[2 * at] = right[2 * at]
                    r[2 * at + 1] = right[2 * at + 1] + give[at] * x[2 * at + 1]
                }
                for k in stiffness.indices {
                    let (i, j) = (2 * Int(from[k]), 2 * Int(to[k]))
                    let angle = x[i] - x[j]
                    let force = stiffness[k] * angle + leaves[k] * x[i + 1] - arrives[k] * x[j + 1]
                    r[i] -= force
                    r[j] += force
                    r[i + 1] -= leaves[k] * angle
                    r[j + 1] += arrives[k] * angle
                }
                var worst = 0.0
                for at in give.indices {
                    if isPinned[at] { r[2 * at] = -x[2 * at] }
                    worst = max(worst, r[2 * at].magnitude * measure[at], r[2 * at + 1].magnitude)
                    if !(r[2 * at] + r[2 * at + 1]).isFinite { worst = .infinity }
                }
                return worst
            }
        }
    }

    private func factorFallback() -> Bool {
        let count = give.count
        var columns: [[Int: Double]] = Array(repeating: [:], count: 2 * count)
        func add(_ value: Double, _ row: Int, _ column: Int) {
            let isHeld = (row % 2 == 0 && isPinned[row / 2]) || (column % 2 == 0 && isPinned[column / 2])
            columns[column][row, default: 0] += isHeld ? 0 : value
        }
        for k in model.lines.indices {
            let ends = [Int(from[k]), Int(to[k])]
            let counted = [leaves[k], arrives[k]]
            for (a, b) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let sign = a == b ? 1.0 : -1
                add(sign * stiffness[k], 2 * ends[a], 2 * ends[b])
                add(sign * counted[b], 2 * ends[a], 2 * ends[b] + 1)
                add(sign * counted[a], 2 * ends[a] + 1, 2 * ends[b])
            }
        }
        for at in 0..<count {
            add(0, 2 * at, 2 * at)
            add(-give[at], 2 * at + 1, 2 * at + 1)
            if isPinned[at] { columns[2 * at][2 * at] = 1 }
        }
        let sorted = columns.map { $0.sorted { $0.key < $1.key } }
        let solver =
            fallback
            ?? SparseLU(
                order: 2 * count,
                columnStarts: sorted.reduce(into: [0]) { $0.append($0.last! + $1.count) },
                rowIndices: sorted.flatMap { $0.map(\.key) })
        fallback = solver
        var at = 0
        for column in sorted {
            for (_, value) in column {
                solver.values[at] = value
                at += 1
            }
        }
        return solver.factor()
    }
}
