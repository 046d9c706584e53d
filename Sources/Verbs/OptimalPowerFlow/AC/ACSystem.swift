import LinearAlgebra

/// The linear system of a point: by blocks of 4×4 along the order of elimination, and by KLU, which exchanges
/// rows between blocks, where a pivot block is singular or KLU is asked for.
final class ACSystem {
    private let point: ACPoint
    private let alwaysFallback: Bool
    private var fallback: Fallback?
    private var isFallback = false

    init(_ point: ACPoint, alwaysFallback: Bool) {
        self.point = point
        self.alwaysFallback = alwaysFallback
    }

    /// Assembles and factors the matrix. Returns whether it has as many negative eigenvalues as there are
    /// balances, which is assumed where KLU factors it; nil where the matrix is singular.
    func factor(lift: Double) -> Bool? {
        point.assemble(lift: lift)
        isFallback = alwaysFallback
        if !isFallback {
            if let negative = point.matrix.factor() { return negative == 2 * point.model.buses.count }
            isFallback = true
            point.assemble(lift: lift)
        }
        let fallback = fallback ?? Fallback(point.model)
        self.fallback = fallback
        return fallback.factor(point.matrix) ? true : nil
    }

    /// Replaces four values a bus.
    func solve(_ b: UnsafeMutableBufferPointer<ACPoint.Four>) {
        if isFallback, let fallback {
            fallback.solve(b)
        } else {
            point.matrix.solve(b.baseAddress!)
        }
    }

    /// The same matrix as a general sparse one, fill left out.
    private final class Fallback {
        private let factors: SparseLU
        /// Of each value: its block's first row in `diagonal` or `entries`, row and column in the block.
        private let places: [(isDiagonal: Bool, first: Int, row: Int, column: Int)]
        private var right: [Double]

        init(_ model: ACModel) {
            var blocks = model.buses.indices.map { [($0, true, 4 * $0, false)] }
            for branch in model.branches {
                let (column, row) = (min(branch.from, branch.to), max(branch.from, branch.to))
                guard !blocks[row].contains(where: { $0.0 == column }) else { continue }
                // The block above the diagonal stands in the columns of the later bus.
                blocks[row].append((column, false, 4 * branch.entry, false))
                blocks[column].append((row, false, 4 * branch.entry, true))
            }
            var (starts, rows) = ([0], [Int]())
            var places: [(Bool, Int, Int, Int)] = []
            for bus in model.buses.indices {
                let column = blocks[bus].sorted { $0.0 < $1.0 }
                for part in 0..<4 {
                    for (other, isDiagonal, first, isBelow) in column {
                        for row in 0..<4 {
                            rows.append(4 * other + row)
                            places.append((isDiagonal, first, isBelow ? part : row, isBelow ? row : part))
                        }
                    }
                    starts.append(rows.count)
                }
            }
            self.places = places
            factors = SparseLU(order: 4 * model.buses.count, columnStarts: starts, rowIndices: rows)
            right = Array(repeating: 0, count: 4 * model.buses.count)
        }

        func factor(_ matrix: BlockLDL) -> Bool {
            for (at, place) in places.enumerated() {
                let block = place.isDiagonal ? matrix.diagonal : matrix.entries
                factors.values[at] = block[place.first + place.row][place.column]
            }
            return factors.factor()
        }

        func solve(_ b: UnsafeMutableBufferPointer<ACPoint.Four>) {
            for at in right.indices { right[at] = b[at / 4][at & 3] }
            factors.solve(&right)
            for at in right.indices { b[at / 4][at & 3] = right[at] }
        }
    }
}
