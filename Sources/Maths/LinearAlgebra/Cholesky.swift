import CLAPACK
import Lanes

/// Solves A·x = b for a symmetric positive definite A by A = L·Lᵀ (LAPACK dpotrf, dpotrs). Reads the lower
/// triangle.
///
/// Allocates once, for its order; factor and solve as often as wanted. Not thread-safe: create one instance
/// per thread.
public final class Cholesky {
    /// Number of rows and of columns.
    public let order: Int
    private let factors: UnsafeMutableBufferPointer<Double>

    /// Allocates a solver for matrices of this order.
    public init(order: Int) {
        precondition(order >= 0)
        self.order = order
        BLAS.oneThread
        factors = .filled(order * order, with: 0)
    }

    deinit { factors.deallocate() }

    /// Factors `a`. False where it is not positive definite; then `solve` must not be called.
    public func factor(_ a: Matrix) -> Bool {
        precondition(a.rows == order && a.columns == order)
        return a.storage.withUnsafeBufferPointer { source in
            factor { _ = $0.update(from: source) }
        }
    }

    /// Lets `fill` write the lower triangle straight into the workspace, column by column, and factors it
    /// there.
    public func factor(filling fill: (UnsafeMutableBufferPointer<Double>) -> Void) -> Bool {
        fill(factors)
        guard order > 0 else { return true }
        let n = Int32(order)
        return LAPACKE_dpotrf_work(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, factors.baseAddress!, n)
            == 0
            && factors[order * order - 1].isFinite
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
        LAPACKE_dpotrs_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, Int32(columns), factors.baseAddress!, n,
            b.baseAddress!, n)
    }
}
