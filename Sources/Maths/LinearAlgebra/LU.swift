import CLAPACK
import Lanes

/// Solves A·x = b for a general square A by the factors P·A = L·U with partial pivoting (LAPACK dgetrf,
/// dgetrs).
///
/// Allocates once, for its order; factor and solve as often as wanted. One a worker: not for two threads at
/// once.
public final class LU {
    public let order: Int
    private let factors: UnsafeMutableBufferPointer<Double>
    private let pivots: UnsafeMutableBufferPointer<Int32>

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

    public func solve(_ b: UnsafeMutableBufferPointer<Double>, columns: Int = 1) {
        precondition(b.count == order * columns)
        guard order > 0, columns > 0 else { return }
        let n = Int32(order)
        LAPACKE_dgetrs_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), n, Int32(columns), factors.baseAddress!, n,
            pivots.baseAddress!, b.baseAddress!, n)
    }
}
