import CLAPACK
import Lanes

/// Solves A·x = b for a symmetric positive definite band matrix by A = L·Lᵀ (LAPACK dpbtrf, dpbtrs).
///
/// Storage is LAPACK's lower band: element (i, j), j ≤ i ≤ j + bandwidth, stands at (i − j) + j·(bandwidth +
/// 1). Allocates once, for its order and bandwidth. Not thread-safe: create one instance per thread.
public final class BandCholesky {
    /// Number of rows and of columns.
    public let order: Int
    /// Diagonals below the main one.
    public let bandwidth: Int
    /// The matrix before `factor`, its factor after: order × (bandwidth + 1) values.
    public let band: UnsafeMutableBufferPointer<Double>

    /// Allocates a solver for matrices of this order with `bandwidth` diagonals below the main one; all zero.
    public init(order: Int, bandwidth: Int) {
        precondition(order >= 0 && bandwidth >= 0)
        self.order = order
        BLAS.oneThread
        self.bandwidth = bandwidth
        band = .filled(order * (bandwidth + 1), with: 0)
    }

    deinit { band.deallocate() }

    /// Factors what was written to `band`, where it stands. False where it is not positive definite; then
    /// `solve` must not be called.
    public func factor() -> Bool {
        guard order > 0 else { return true }
        let info = LAPACKE_dpbtrf_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(order), Int32(bandwidth), band.baseAddress!,
            Int32(bandwidth + 1))
        return info == 0 && band[(order - 1) * (bandwidth + 1)].isFinite
    }

    /// Replaces the `order` × `columns` right-hand sides in `b`, column by column, by the solutions.
    public func solve(_ b: UnsafeMutableBufferPointer<Double>, columns: Int = 1) {
        precondition(b.count == order * columns)
        guard order > 0, columns > 0 else { return }
        LAPACKE_dpbtrs_work(
            LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(order), Int32(bandwidth), Int32(columns),
            band.baseAddress!, Int32(bandwidth + 1), b.baseAddress!, Int32(order))
    }
}
