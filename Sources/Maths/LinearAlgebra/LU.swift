import CLAPACK
import Lanes

/// Solves A·x = b for a general square A by the factors P·A = L·U with partial pivoting (LAPACK dgetrf,
/// dgetrs).
///
/// ```swift
/// var a = Matrix(rows: 2, columns: 2)
/// (a[0, 0], a[0, 1]) = (2, 1)
/// (a[1, 0], a[1, 1]) = (1, 3)
/// let lu = LU(order: 2)
/// var x = [3.0, 5.0]  // The right-hand side, then the solution.
/// if lu.factor(a) { lu.solve(&x) }
/// ```
///
/// Allocates once, for its order; factor and solve as often as wanted. Not thread-safe: create one instance
/// per thread.
public final class LU {
    /// Number of rows and of columns.
    public let order: Int
    private let factors: UnsafeMutableBufferPointer<Double>
    private let pivots: UnsafeMutableBufferPointer<Int32>

    /// Allocates a solver for matrices of this order.
    public init(order: Int) {
        precondition(order >= 0)
        self.order = order
        BLAS.oneThread
        factors = .filled(order * order, with: 0)
        pivots = .filled(order, with: 0)
    }

    deinit {
        factors.deallocate()
        pivots.deallocate()
    }

    /// Factors `a`. False where it is singular to working precision or holds a NaN; then `solve` must not be
    /// called.
    public func factor(_ a: Matrix) -> Bool {
        precondition(a.rows == order && a.columns == order)
        return a.storage.withUnsafeBufferPointer { factor(columnMajor: $0) }
    }

    /// Factors the `order` × `order` values of `a`, column by column.
    public func factor(columnMajor a: UnsafeBufferPointer<Double>) -> Bool {
        precondition(a.count == order * order)
        _ = factors.update(from: a)
        return factorInPlace()
    }

    /// Lets `fill` write the matrix straight into the workspace, column by column (all `order`² values: what
    /// it finds there is the last factorisation), and factors it where it stands.
    public func factor(filling fill: (UnsafeMutableBufferPointer<Double>) -> Void) -> Bool {
        fill(factors)
        return factorInPlace()
    }

    private func factorInPlace() -> Bool {
        guard order > 0 else { return true }
        let n = Int32(order)
        let info = LAPACKE_dgetrf_work(
            LAPACK_COL_MAJOR, n, n, factors.baseAddress!, n, pivots.baseAddress!)
        guard info == 0 else { return false }
        for i in 0..<order where !factors[i + i * order].isFinite { return false }
        return true
    }

    /// Replaces the `order` × `columns` right-hand sides in `b`, column by column, by the solutions.
    public func solve(_ b: inout [Double], columns: Int = 1) {
        b.withUnsafeMutableBufferPointer { solve($0, columns: columns) }
    }

    /// Replaces the `order` × `columns` right-hand sides in `b`, column by column, by the solutions.
    public func solve(_ b: UnsafeMutableBufferPointer<Double>, columns: Int = 1) {
        precondition(b.count == order * columns)
        guard order > 0, columns > 0 else { return }
        let n = Int32(order)
        LAPACKE_dgetrs_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), n, Int32(columns), factors.baseAddress!, n,
            pivots.baseAddress!, b.baseAddress!, n)
    }
}

extension Matrix {
    /// Creates the real matrix (R −X; X R) of twice the `order` that does to real parts above imaginary parts
    /// what the complex matrix R + jX does to complex numbers. `entry` gives the complex entries.
    public init(realFormOfOrder order: Int, _ entry: (_ row: Int, _ column: Int) -> Complex) {
        self.init(rows: 2 * order, columns: 2 * order)
        for column in 0..<order {
            for row in 0..<order {
                let z = entry(row, column)
                self[row, column] = z.real
                self[row + order, column + order] = z.real
                self[row, column + order] = -z.imaginary
                self[row + order, column] = z.imaginary
            }
        }
    }

    /// Returns the first `columns` columns of the inverse of a square matrix, by default all. Nil where the
    /// matrix is singular to working precision or holds a NaN.
    public func inverse(columns: Int? = nil) -> Matrix? {
        let factors = LU(order: rows)
        guard factors.factor(self) else { return nil }
        var inverse = Matrix(rows: rows, columns: columns ?? rows)
        for i in 0..<inverse.columns { inverse[i, i] = 1 }
        factors.solve(&inverse.storage, columns: inverse.columns)
        return inverse
    }
}
