// A = L·U by blocks of 2×2, along the diagonal and without exchanges: for each position k in the order of
// elimination,
//
//     W(i,k) = A(i,k)·D(k)⁻¹        A(i,j) −= W(i,k)·A(k,j)        for all rows i, j of column k,
//
// L being 1 and W, U being D and what is left above. That serves matrices whose diagonal blocks are their
// own good pivots, as those of power flow; how good they were is measured on the way: with ‖D‖ Frobenius's
// norm, ‖D‖²/|det D| is between 2 and little more than twice D's condition number.

import Lanes

/// Solves A·x = b for matrices of 2×2 blocks on one `BlockPattern`: write the blocks into `diagonal` and
/// `entries`, `factor()` in place, `solve`, as often as wanted. `BlockLU<Double>` does one matrix,
/// `BlockLU<SIMD8<Double>>` eight at a time.
///
/// A block is four values, row by row: (0,0) (0,1) (1,0) (1,1). Rows and columns are positions of the
/// pattern. Allocates once; not thread-safe: create one instance per thread.
public final class BlockLU<Value: BlockValue> {
    /// The order of elimination and the places of the blocks.
    public let pattern: BlockPattern
    /// Four values a position.
    public let diagonal: UnsafeMutableBufferPointer<Value>
    /// Eight values an entry of the pattern: four of the block below the diagonal, (row, column), and four of
    /// the one above, (column, row). After `factor` they hold the factors: write all of them before the next.
    public let entries: UnsafeMutableBufferPointer<Value>

    /// Allocates a solver for matrices of this pattern; all blocks are zero.
    public init(_ pattern: BlockPattern) {
        self.pattern = pattern
        diagonal = .filled(4 * pattern.nodes.count, with: .zero)
        entries = .filled(8 * pattern.rows.count, with: .zero)
    }

    deinit {
        diagonal.deallocate()
        entries.deallocate()
    }

    /// Factors in place. Returns the sum over all pivot blocks of (‖D‖²/det D)²: at least 4 a block, large
    /// where a pivot was nearly singular, infinite or not a number where one was.
    @inlinable public func factor() -> Value {
        let (diagonal, entries) = (diagonal.baseAddress!, entries.baseAddress!)
        var worst = Value.zero
        pattern.starts.withUnsafeBufferPointer { starts in
            pattern.rows.withUnsafeBufferPointer { rows in
                pattern.updates.withUnsafeBufferPointer { updates in
                    var update = updates.baseAddress
                    for k in 0..<starts.count - 1 {
                        let condition = Value.invert(diagonal + 4 * k)
                        worst = worst + condition * condition
                        let (begin, end) = (Int(starts[k]), Int(starts[k + 1]))
                        for entry in begin..<end {
                            Value.scale(
                                entries + 8 * entry, by: diagonal + 4 * k, diagonal + 4 * Int(rows[entry]))
                        }
                        for j in begin..<end where j + 1 < end {
                            Value.eliminate(entries, j, j + 1..<end, update!)
                            update! += end - j - 1
                        }
                    }
                }
            }
        }
        return worst
    }

    /// Replaces the two values of each position in `b` by the solution. Only after `factor`.
    @inlinable public func solve(_ b: UnsafeMutablePointer<Value>) {
        let (diagonal, entries) = (diagonal.baseAddress!, entries.baseAddress!)
        pattern.starts.withUnsafeBufferPointer { starts in
            pattern.rows.withUnsafeBufferPointer { rows in
                let count = starts.count - 1
                for k in 0..<count {
                    let (x, y) = (b[2 * k], b[2 * k + 1])
                    for entry in Int(starts[k])..<Int(starts[k + 1]) {
                        let (a, row) = (entries + 8 * entry, b + 2 * Int(rows[entry]))
                        row[0] = row[0] - (a[0] * x + a[1] * y)
                        row[1] = row[1] - (a[2] * x + a[3] * y)
                    }
                }
                for k in stride(from: count - 1, through: 0, by: -1) {
                    var (x, y) = (b[2 * k], b[2 * k + 1])
                    for entry in Int(starts[k])..<Int(starts[k + 1]) {
                        let (a, row) = (entries + 8 * entry + 4, b + 2 * Int(rows[entry]))
                        x = x - (a[0] * row[0] + a[1] * row[1])
                        y = y - (a[2] * row[0] + a[3] * row[1])
                    }
                    let d = diagonal + 4 * k
                    b[2 * k] = d[0] * x + d[1] * y
                    b[2 * k + 1] = d[2] * x + d[3] * y
                }
            }
        }
    }
}
