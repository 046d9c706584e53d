// The factors satisfy L·U + F = (R⁻¹·A)(P, Q): R scales rows, P and Q permute, L and U are block diagonal and
// F holds what lies above the blocks. Unknowns and equations are numbered here by their place in that order.
// The blocks are solved from the last to the first, each through L and U, and its solution taken through F
// from the blocks above. Each entry of the factors is read once for eight right-hand sides; and while these
// are still almost empty, on the way through L, columns at which all eight are zero are passed over.

import CKLU
public import Lanes

extension SparseLU {
    /// The factors of a `SparseLU`, copied as they were, to solve A·x = b for eight right-hand sides at once,
    /// as fast as one, where each has few entries.
    ///
    /// Allocates once; a solve does not allocate. Not thread-safe: create one instance per thread.
    public final class LaneSolver {
        private let order: Int
        private let lower: Triangle
        private let upper: Triangle
        private let above: Triangle
        /// Place of each equation and each unknown, and the factor by which an equation is scaled.
        private let placeOfEquation: [Int]
        private let placeOfUnknown: [Int]
        private let scale: [Double]
        private let blockStarts: [Int]
        private let inversePivots: [Double]
        private let lanes: UnsafeMutableBufferPointer<Lanes>
        /// By place: whether some lane may hold something.
        private let isTouched: UnsafeMutableBufferPointer<Bool>

        /// The right-hand sides before, the solutions after `solve`, by place; and behind them one place that
        /// is always zero, to stand for what is no unknown.
        public let solution: UnsafeBufferPointer<Lanes>

        /// Only after a `factor` that succeeded.
        public init(_ lu: SparseLU) {
            order = lu.order
            lanes = .filled(order + 1, with: .zero)
            solution = UnsafeBufferPointer(lanes)
            isTouched = .filled(order, with: false)
            let factors = Factors(lu)
            lower = Triangle(factors.lower, offDiagonal: 1, 0)
            upper = Triangle(factors.upper, offDiagonal: 0, 1)
            above = Triangle(factors.above, offDiagonal: 0, 0)
            inversePivots = (0..<order).map {
                1 / factors.upper.values[Int(factors.upper.starts[$0 + 1]) - 1]
            }
            scale = factors.scale.map { 1 / $0 }
            blockStarts = factors.blockStarts.map(Int.init)
            placeOfEquation = Self.inverse(factors.rows)
            placeOfUnknown = Self.inverse(factors.columns)
        }

        deinit {
            lanes.deallocate()
            isTouched.deallocate()
        }

        /// Where in `solution` an unknown stands.
        public func place(ofUnknown unknown: Int) -> Int { placeOfUnknown[unknown] }

        /// Makes every right-hand side zero.
        public func clear() {
            lanes.update(repeating: .zero)
            isTouched.update(repeating: false)
        }

        /// Adds to the right-hand side of one equation in one lane, 0..<8.
        public func add(_ value: Double, toEquation equation: Int, lane: Int) {
            let place = placeOfEquation[equation]
            lanes[place][lane] += value * scale[place]
            isTouched[place] = true
        }

        /// Replaces the right-hand sides by the solutions.
        public func solve() {
            for block in stride(from: blockStarts.count - 2, through: 0, by: -1) {
                let places = blockStarts[block]..<blockStarts[block + 1]
                for k in places where isTouched[k] {
                    lower.eliminate(lanes[k], of: k, from: lanes, isTouched)
                }
                for k in places.reversed() {
                    lanes[k] *= inversePivots[k]
                    upper.eliminate(lanes[k], of: k, from: lanes)
                }
                for k in places { above.eliminate(lanes[k], of: k, from: lanes, isTouched) }
            }
        }

        private static func inverse(_ permutation: [Int32]) -> [Int] {
            var inverse = [Int](repeating: 0, count: permutation.count)
            for (place, index) in permutation.enumerated() { inverse[Int(index)] = place }
            return inverse
        }
    }
}

/// A sparse matrix by compressed columns, as KLU hands it out.
private struct Columns {
    var starts: [Int32]
    var rows: [Int32]
    var values: [Double]

    init(order: Int, entries: Int) {
        starts = [Int32](repeating: 0, count: order + 1)
        rows = [Int32](repeating: 0, count: entries)
        values = [Double](repeating: 0, count: entries)
    }
}

private struct Factors {
    var lower: Columns
    var upper: Columns
    var above: Columns
    var rows: [Int32]
    var columns: [Int32]
    var scale: [Double]
    var blockStarts: [Int32]

    init(_ lu: SparseLU) {
        let (order, numeric) = (lu.order, lu.numeric?.pointee)
        precondition(order == 0 || numeric != nil, "solved without factors")
        lower = Columns(order: order, entries: Int(numeric?.lnz ?? 0))
        upper = Columns(order: order, entries: Int(numeric?.unz ?? 0))
        above = Columns(order: order, entries: Int(numeric?.nzoff ?? 0))
        rows = [Int32](repeating: 0, count: order)
        columns = rows
        scale = [Double](repeating: 1, count: order)
        blockStarts = [Int32](repeating: 0, count: Int(numeric?.nblocks ?? 0) + 1)
        guard order > 0 else { return }
        klu_extract(
            lu.numeric, lu.symbolic, &lower.starts, &lower.rows, &lower.values, &upper.starts, &upper.rows,
            &upper.values, &above.starts, &above.rows, &above.values, &rows, &columns, &scale, &blockStarts,
            &lu.settings)
    }
}

/// The entries off the diagonal of one factor.
private final class Triangle {
    private struct Entry {
        /// −value: what is taken away is added.
        let negated: Double
        let row: Int32
    }

    private let starts: UnsafeMutableBufferPointer<Int>
    private let entries: UnsafeMutableBufferPointer<Entry>

    /// Leaves out the first `skippedFirst` and last `skippedLast` entries of each column.
    init(_ columns: Columns, offDiagonal skippedFirst: Int, _ skippedLast: Int) {
        starts = .filled(columns.starts.count, with: 0)
        entries = .filled(columns.rows.count, with: Entry(negated: 0, row: 0))
        var count = 0
        for column in 0..<columns.starts.count - 1 {
            let first = Int(columns.starts[column]) + skippedFirst
            let end = Int(columns.starts[column + 1]) - skippedLast
            for entry in first..<end {
                entries[count] = Entry(negated: -columns.values[entry], row: columns.rows[entry])
                count += 1
            }
            starts[column + 1] = count
        }
    }

    deinit {
        starts.deallocate()
        entries.deallocate()
    }

    /// Takes `column`·`value` from the rows.
    @inline(__always) func eliminate(
        _ value: Lanes, of column: Int, from rows: UnsafeMutableBufferPointer<Lanes>
    ) {
        for index in starts[column]..<starts[column + 1] {
            let entry = entries[index]
            rows[Int(entry.row)] = .fused(value, entry.negated, rows[Int(entry.row)])
        }
    }

    /// The same, and tells which rows it reached.
    @inline(__always) func eliminate(
        _ value: Lanes, of column: Int, from rows: UnsafeMutableBufferPointer<Lanes>,
        _ isTouched: UnsafeMutableBufferPointer<Bool>
    ) {
        for index in starts[column]..<starts[column + 1] {
            let entry = entries[index]
            rows[Int(entry.row)] = .fused(value, entry.negated, rows[Int(entry.row)])
            isTouched[Int(entry.row)] = true
        }
    }
}
