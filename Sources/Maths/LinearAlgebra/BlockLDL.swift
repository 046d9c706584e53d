// A = L·D·Lᵀ by blocks of 4×4, along the diagonal and without exchanges of blocks: for each position k in the
// order of elimination,
//
//     V(k,j) = D(k)⁻¹·A(k,j)        A(j,i) −= V(k,j)ᵀ·A(k,i)        for all rows j ≤ i of column k.
//
// L(j,k) being V(k,j)ᵀ. A is symmetric but need not be definite: inside a block pivots are exchanged
// (`Pivot`), and by Sylvester's law the negative eigenvalues of all D(k) together are as many as those of A,
// which is how an optimiser knows whether its step goes downhill (Haynsworth 1968, Linear Algebra Appl. 1).
// That serves matrices whose diagonal blocks are good pivots by themselves, as those of a node with its
// unknowns and its equations are.

import Lanes

/// Solves A·x = b for symmetric matrices of 4×4 blocks on one `BlockPattern`: write the blocks into
/// `diagonal` and `entries`, `factor()` in place, `solve`, as often as wanted.
///
/// A block is sixteen values, row by row. Rows and columns are positions of the pattern. Allocates once; not
/// thread-safe: create one instance per thread.
public final class BlockLDL {
    /// One row of a block, or the four values of one position.
    public typealias Row = SIMD4<Double>

    /// The order of elimination and the places of the blocks.
    public let pattern: BlockPattern
    /// Four rows a position; the block is symmetric, and all of it is written.
    public let diagonal: UnsafeMutableBufferPointer<Row>
    /// Four rows an entry of the pattern: of the block above the diagonal, (column, row). After `factor` they
    /// hold the factors: write all of them before the next.
    public let entries: UnsafeMutableBufferPointer<Row>

    /// Allocates a solver for matrices of this pattern; all blocks are zero.
    public init(_ pattern: BlockPattern) {
        self.pattern = pattern
        diagonal = .filled(4 * pattern.nodes.count, with: .zero)
        entries = .filled(4 * pattern.rows.count, with: .zero)
    }

    deinit {
        diagonal.deallocate()
        entries.deallocate()
    }

    /// Factors in place. Returns how many eigenvalues of A are negative, counted from pivots; nil where a
    /// pivot block was singular to working precision or not a number.
    public func factor() -> Int? {
        let (diagonal, entries) = (diagonal.baseAddress!, entries.baseAddress!)
        var negative = 0
        return pattern.starts.withUnsafeBufferPointer { starts in
            pattern.rows.withUnsafeBufferPointer { rows in
                pattern.updates.withUnsafeBufferPointer { updates -> Int? in
                    var update = updates.baseAddress
                    for k in 0..<starts.count - 1 {
                        guard let count = Pivot.invert(diagonal + 4 * k) else { return nil }
                        negative += count
                        let inverse = diagonal + 4 * k
                        let (begin, end) = (Int(starts[k]), Int(starts[k + 1]))
                        for j in begin..<end {
                            let block = entries + 4 * j
                            let (v0, v1, v2, v3) = Self.product(inverse, block)
                            Self.subtract(
                                v0, v1, v2, v3, block, from: diagonal + 4 * Int(rows[j]))
                            for i in j + 1..<max(end, j + 1) {
                                Self.subtract(
                                    v0, v1, v2, v3, entries + 4 * i, from: entries + 4 * Int(update!.pointee))
                                update! += 1
                            }
                            (block[0], block[1], block[2], block[3]) = (v0, v1, v2, v3)
                        }
                    }
                    return negative
                }
            }
        }
    }

    /// A·B.
    @inline(__always)
    private static func product(_ a: UnsafeMutablePointer<Row>, _ b: UnsafeMutablePointer<Row>)
        -> (Row, Row, Row, Row)
    {
        let (b0, b1, b2, b3) = (b[0], b[1], b[2], b[3])
        @inline(__always) func row(_ a: Row) -> Row {
            .fused(b0, a[0], .fused(b1, a[1], .fused(b2, a[2], b3 * a[3])))
        }
        return (row(a[0]), row(a[1]), row(a[2]), row(a[3]))
    }

    /// C ← C − Vᵀ·B.
    @inline(__always)
    private static func subtract(
        _ v0: Row, _ v1: Row, _ v2: Row, _ v3: Row, _ b: UnsafeMutablePointer<Row>,
        from c: UnsafeMutablePointer<Row>
    ) {
        let (b0, b1, b2, b3) = (b[0], b[1], b[2], b[3])
        @inline(__always) func row(_ at: Int) {
            let first = Row.fused(b0, 0 - v0[at], .fused(b1, 0 - v1[at], c[at]))
            c[at] = .fused(b2, 0 - v2[at], .fused(b3, 0 - v3[at], first))
        }
        row(0)
        row(1)
        row(2)
        row(3)
    }

    /// Replaces the block of four values of each position in `b` by the solution. Only after `factor`.
    public func solve(_ b: UnsafeMutablePointer<Row>) {
        let (diagonal, entries) = (diagonal.baseAddress!, entries.baseAddress!)
        pattern.starts.withUnsafeBufferPointer { starts in
            pattern.rows.withUnsafeBufferPointer { rows in
                let count = starts.count - 1
                for k in 0..<count {
                    let x = b[k]
                    for entry in Int(starts[k])..<Int(starts[k + 1]) {
                        let (v, row) = (entries + 4 * entry, b + Int(rows[entry]))
                        let sum = Row.fused(v[0], x[0], .fused(v[1], x[1], .fused(v[2], x[2], v[3] * x[3])))
                        row.pointee -= sum
                    }
                }
                for k in stride(from: count - 1, through: 0, by: -1) {
                    let (d, x) = (diagonal + 4 * k, b[k])
                    var sum = Row.fused(d[0], x[0], .fused(d[1], x[1], .fused(d[2], x[2], d[3] * x[3])))
                    for entry in Int(starts[k])..<Int(starts[k + 1]) {
                        let (v, row) = (entries + 4 * entry, b[Int(rows[entry])])
                        sum -= Row(
                            (v[0] * row).sum(), (v[1] * row).sum(), (v[2] * row).sum(), (v[3] * row).sum())
                    }
                    b[k] = sum
                }
            }
        }
    }
}

extension SIMD4<Double> {
    /// a·b + c, as `Lanes.fused`.
    @inline(__always) static func fused(_ a: Self, _ b: Double, _ c: Self) -> Self {
        #if FUSED
            c.addingProduct(a, Self(repeating: b))
        #else
            c + a * Self(repeating: b)
        #endif
    }
}

/// The inverse of one symmetric block, in place.
private enum Pivot {
    /// Smallest pivot against the largest element of its row and column before it is singular.
    private static let least = 1e-300

    /// How far 1×1 pivots are preferred to 2×2 ones: with (1 + √17)/8 growth is bounded least (Bunch &
    /// Parlett 1971, SIAM J. Numer. Anal. 8(4)).
    private static let preference = 0.6403882032022076

    /// Sweeps the block's four unknowns one or two at a time, largest pivot first: sweeping a pivot P of
    /// [P Bᵀ; B C] leaves [−P⁻¹ P⁻¹Bᵀ; BP⁻¹ C − BP⁻¹Bᵀ], and after all of them −A⁻¹ stands there. Returns the
    /// number of negative eigenvalues.
    static func invert(_ rows: UnsafeMutablePointer<SIMD4<Double>>) -> Int? {
        let memory = UnsafeRawPointer(rows)
        func at(_ i: Int, _ j: Int) -> Double {
            memory.load(fromByteOffset: 8 * (4 * i + j), as: Double.self)
        }
        var left: UInt8 = 0b1111
        var negative = 0
        while left != 0 {
            var (diagonal, p) = (-1.0, 0)
            var (off, r, s) = (-1.0, 0, 0)
            for i in 0..<4 where left & (1 << i) != 0 {
                if at(i, i).magnitude > diagonal { (diagonal, p) = (at(i, i).magnitude, i) }
                for j in i + 1..<max(4, i + 1) where left & (1 << j) != 0 {
                    if at(i, j).magnitude > off { (off, r, s) = (at(i, j).magnitude, i, j) }
                }
            }
            if diagonal >= preference * off {
                guard diagonal > least, diagonal < .infinity else { return nil }
                if at(p, p) < 0 { negative += 1 }
                sweep(rows, p)
                left &= ~(1 << p)
            } else {
                guard off > least, off < .infinity else { return nil }
                let determinant = at(r, r) * at(s, s) - at(r, s) * at(r, s)
                negative += determinant < 0 ? 1 : at(r, r) < 0 ? 2 : 0
                sweep(rows, r, s, determinant)
                left &= ~(1 << r) & ~(1 << s)
            }
        }
        for i in 0..<4 { rows[i] = 0 - rows[i] }
        return negative
    }

    @inline(__always)
    private static func sweep(_ rows: UnsafeMutablePointer<SIMD4<Double>>, _ p: Int) {
        let inverse = 1 / rows[p][p]
        let pivot = rows[p]
        let scaled = pivot * inverse
        for i in 0..<4 where i != p {
            var row = rows[i] - scaled * pivot[i]
            row[p] = scaled[i]
            rows[i] = row
        }
        var row = scaled
        row[p] = -inverse
        rows[p] = row
    }

    @inline(__always)
    private static func sweep(
        _ rows: UnsafeMutablePointer<SIMD4<Double>>, _ r: Int, _ s: Int, _ determinant: Double
    ) {
        let (first, second) = (rows[r], rows[s])
        let (a, b, c) = (second[s] / determinant, 0 - first[s] / determinant, first[r] / determinant)
        // P⁻¹·Bᵀ, its two rows.
        var one = first * a + second * b
        var other = first * b + second * c
        for i in 0..<4 where i != r && i != s {
            var row = rows[i] - one * first[i] - other * second[i]
            row[r] = one[i]
            row[s] = other[i]
            rows[i] = row
        }
        one[r] = -a
        one[s] = -b
        other[r] = -b
        other[s] = -c
        rows[r] = one
        rows[s] = other
    }
}
