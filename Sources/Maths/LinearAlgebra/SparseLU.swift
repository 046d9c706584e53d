// A general sparse A is put into block triangular form, and each diagonal block ordered by approximate
// minimum degree and factored by left-looking Gilbert–Peierls elimination with partial pivoting that prefers
// the diagonal: KLU (Davis & Palamadai Natarajan 2010, ACM TOMS 37(3), algorithm 907). Values on a pattern
// that was factored before are eliminated again in the same order with the same pivots, which is several
// times faster but may let the factors grow; where they grew too much they are made anew.

import CKLU
import Lanes

/// Solves A·x = b and Aᵀ·x = b for a general sparse square A whose pattern stays while its values change.
///
/// ```swift
/// // | 4 1 0 |
/// // | 0 3 0 |, column by column.
/// // | 2 0 5 |
/// let lu = SparseLU(order: 3, columnStarts: [0, 2, 4, 5], rowIndices: [0, 2, 0, 1, 2])
/// for (index, value) in [4.0, 2, 1, 3, 5].enumerated() { lu.values[index] = value }
/// var x = [5.0, 3, 7]
/// if lu.factor() { lu.solve(&x) }
/// ```
///
/// The ordering is found once, at `init`; the factors are allocated by the first `factor` and kept, and again
/// only where the pivots must change. Not thread-safe: create one instance per thread.
public final class SparseLU {
    /// Pivots once chosen are kept while no column of U is larger than this many times that of A.
    private static let largestGrowth = 1e5

    /// Number of rows and of columns.
    public let order: Int
    /// The pattern, by compressed columns: column j holds the rows
    /// `rowIndices[columnStarts[j]..<columnStarts[j + 1]]`.
    public let columnStarts: UnsafeBufferPointer<Int32>
    /// The rows of the entries, column after column: see `columnStarts`.
    public let rowIndices: UnsafeBufferPointer<Int32>
    /// A's values, in the order of `rowIndices`: written by the caller before each `factor()`.
    public let values: UnsafeMutableBufferPointer<Double>

    private let starts: UnsafeMutableBufferPointer<Int32>
    private let rows: UnsafeMutableBufferPointer<Int32>
    var settings = klu_common()
    private(set) var symbolic: UnsafeMutablePointer<klu_symbolic>?
    private(set) var numeric: UnsafeMutablePointer<klu_numeric>?

    /// `columnStarts` has `order` + 1 entries, from 0 to the number of `rowIndices`; rows are in 0..<`order`
    /// and no row stands twice in a column. A pattern that breaks this is our mistake and traps.
    public init(order: Int, columnStarts: [Int], rowIndices: [Int]) {
        precondition(order >= 0 && columnStarts.count == order + 1 && columnStarts[0] == 0)
        precondition(columnStarts[order] == rowIndices.count && rowIndices.count <= Int(Int32.max))
        self.order = order
        starts = .copy(of: columnStarts.map(Int32.init))
        rows = .copy(of: rowIndices.map(Int32.init))
        values = .filled(rowIndices.count, with: 0)
        self.columnStarts = UnsafeBufferPointer(starts)
        self.rowIndices = UnsafeBufferPointer(rows)
        klu_defaults(&settings)
        guard order > 0 else { return }
        symbolic = klu_analyze(Int32(order), starts.baseAddress, rows.baseAddress, &settings)
        precondition(settings.status >= KLU_OK, "the pattern is not one of a square matrix")
    }

    deinit {
        klu_free_numeric(&numeric, &settings)
        klu_free_symbolic(&symbolic, &settings)
        starts.deallocate()
        rows.deallocate()
        values.deallocate()
    }

    /// Factors the matrix that stands in `values`, with the pivots of the last factorisation while they
    /// serve. False where it is singular to working precision or holds a NaN or infinity; then neither
    /// `solve` may be called.
    public func factor() -> Bool {
        guard order > 0 else { return true }
        guard values.allSatisfy(\.isFinite) else { return false }
        if numeric != nil, refactor() { return true }
        klu_free_numeric(&numeric, &settings)
        numeric = klu_factor(
            starts.baseAddress, rows.baseAddress, values.baseAddress, symbolic, &settings)
        guard numeric != nil else { return false }
        if reciprocalCondition > 0 { return true }
        klu_free_numeric(&numeric, &settings)
        return false
    }

    /// False where the old pivots do not suit the new values.
    private func refactor() -> Bool {
        klu_refactor(
            starts.baseAddress, rows.baseAddress, values.baseAddress, symbolic, numeric, &settings) == 1
            && reciprocalCondition > 0
            && klu_rgrowth(
                starts.baseAddress, rows.baseAddress, values.baseAddress, symbolic, numeric, &settings) == 1
            && settings.rgrowth * Self.largestGrowth > 1
    }

    /// The smallest pivot over the largest: a rough guess at 1/cond(A), free of cost. Only after a `factor`
    /// that succeeded; 1 for an empty matrix.
    public var reciprocalCondition: Double {
        guard order > 0 else { return 1 }
        klu_rcond(symbolic, numeric, &settings)
        return settings.status == KLU_OK ? settings.rcond : 0
    }

    /// An estimate of the condition number in the 1-norm, at the cost of some solves (Hager 1984, Higham
    /// 1988). Only after a `factor` that succeeded; 1 for an empty matrix, and infinite where it overflows.
    public func conditionEstimate() -> Double {
        guard order > 0 else { return 1 }
        klu_condest(starts.baseAddress, values.baseAddress, symbolic, numeric, &settings)
        return settings.condest.isFinite ? settings.condest : .infinity
    }

    /// Replaces the `order` × `columns` right-hand sides in `b`, column by column, by the solutions of
    /// A·x = b.
    public func solve(_ b: UnsafeMutableBufferPointer<Double>, columns: Int = 1) {
        guard isReady(b, columns) else { return }
        klu_solve(symbolic, numeric, Int32(order), Int32(columns), b.baseAddress, &settings)
    }

    /// Replaces the `order` × `columns` right-hand sides in `b`, column by column, by the solutions of
    /// A·x = b.
    public func solve(_ b: inout [Double], columns: Int = 1) {
        b.withUnsafeMutableBufferPointer { solve($0, columns: columns) }
    }

    /// The same for Aᵀ·x = b.
    public func solveTransposed(_ b: UnsafeMutableBufferPointer<Double>, columns: Int = 1) {
        guard isReady(b, columns) else { return }
        klu_tsolve(symbolic, numeric, Int32(order), Int32(columns), b.baseAddress, &settings)
    }

    /// Replaces the right-hand sides in `b` by the solutions of Aᵀ·x = b.
    public func solveTransposed(_ b: inout [Double], columns: Int = 1) {
        b.withUnsafeMutableBufferPointer { solveTransposed($0, columns: columns) }
    }

    private func isReady(_ b: UnsafeMutableBufferPointer<Double>, _ columns: Int) -> Bool {
        precondition(b.count == order * columns)
        guard order > 0, columns > 0 else { return false }
        precondition(numeric != nil, "solved without factors")
        return true
    }
}
