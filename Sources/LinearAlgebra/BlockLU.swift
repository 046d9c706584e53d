// A = L·U by blocks of 2×2, along the diagonal and without exchanges: for each position k in the order of
// elimination,
//
//     W(i,k) = A(i,k)·D(k)⁻¹        A(i,j) −= W(i,k)·A(k,j)        for all rows i, j of column k,
//
// L being 1 and W, U being D and what is left above. That serves matrices whose diagonal blocks are their
// own good pivots, as those of power flow; how good they were is measured on the way: with ‖D‖ Frobenius's
// norm, ‖D‖²/|det D| is between 2 and little more than twice D's condition number.

/// A number, or several that are reckoned with at once.
public protocol BlockValue {
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static var zero: Self { get }
    var reciprocal: Self { get }
    /// For two rows j < i of a column of L, (i, j) of A loses W(i)·U(j), and (j, i) loses W(j)·U(i): for entry j
    /// and each of `later` in turn, with the entry that `targets` names.
    static func eliminate(
        _ entries: UnsafeMutablePointer<Self>, _ j: Int, _ later: Range<Int>, _ targets: UnsafePointer<Int32>)
}

extension Double: BlockValue {
    @inlinable public var reciprocal: Double { 1 / self }

    /// An entry is one register: both products at once.
    @inline(__always) @inlinable
    public static func eliminate(
        _ entries: UnsafeMutablePointer<Double>, _ j: Int, _ later: Range<Int>,
        _ targets: UnsafePointer<Int32>
    ) {
        let memory = UnsafeMutableRawPointer(entries)
        let a = memory.load(fromByteOffset: 64 * j, as: SIMD8<Double>.self)
        let first = SIMD8(a[4], a[5], a[4], a[5], a[0], a[0], a[2], a[2])
        let second = SIMD8(a[6], a[7], a[6], a[7], a[1], a[1], a[3], a[3])
        var target = targets
        for i in later {
            let b = memory.load(fromByteOffset: 64 * i, as: SIMD8<Double>.self)
            let at = memory + 64 * Int(target.pointee)
            let products =
                SIMD8(b[0], b[0], b[2], b[2], b[4], b[5], b[4], b[5]) * first
                + SIMD8(b[1], b[1], b[3], b[3], b[6], b[7], b[6], b[7]) * second
            at.storeBytes(of: at.load(as: SIMD8<Double>.self) - products, as: SIMD8<Double>.self)
            target += 1
        }
    }
}

/// Eight matrices of one pattern, one a lane.
extension SIMD8: BlockValue where Scalar == Double {
    @inlinable public var reciprocal: SIMD8<Double> { 1 / self }

    @inline(__always) @inlinable
    public static func eliminate(
        _ entries: UnsafeMutablePointer<SIMD8>, _ j: Int, _ later: Range<Int>, _ targets: UnsafePointer<Int32>
    ) {
        let below = entries + 8 * j
        var target = targets
        for i in later {
            let other = entries + 8 * i
            let at = entries + 8 * Int(target.pointee)
            BlockLU<SIMD8>.subtract(other, below + 4, at)
            BlockLU<SIMD8>.subtract(below, other + 4, at + 4)
            target += 1
        }
    }
}

/// Solves A·x = b for matrices of 2×2 blocks on one `BlockPattern`: write the blocks into `diagonal` and
/// `entries`, `factor()` in place, `solve`, as often as wanted. `BlockLU<Double>` does one matrix,
/// `BlockLU<SIMD8<Double>>` eight at a time.
///
/// A block is four values, row by row: (0,0) (0,1) (1,0) (1,1). Rows and columns are positions of the
/// pattern. Allocates once; one a worker: not for two threads at once.
public final class BlockLU<Value: BlockValue> {
    public let pattern: BlockPattern
    /// Four values a position.
    public let diagonal: UnsafeMutableBufferPointer<Value>
    /// Eight values an entry of the pattern: four of the block below the diagonal, (row, column), and four of
    /// the one above, (column, row). After `factor` they hold the factors: write all of them before the next.
    public let entries: UnsafeMutableBufferPointer<Value>

    public init(_ pattern: BlockPattern) {
        self.pattern = pattern
        diagonal = Self.lines(4 * pattern.nodes.count)
        entries = Self.lines(8 * pattern.rows.count)
    }

    /// Zeros from the start of a cache line on.
    private static func lines(_ count: Int) -> UnsafeMutableBufferPointer<Value> {
        let bytes = count * MemoryLayout<Value>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
            .bindMemory(to: Value.self, capacity: count)
        memory.initialize(repeating: .zero, count: count)
        return UnsafeMutableBufferPointer(start: memory, count: count)
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
                        let condition = Self.invert(diagonal + 4 * k)
                        worst = worst + condition * condition
                        let (begin, end) = (Int(starts[k]), Int(starts[k + 1]))
                        for entry in begin..<end {
                            Self.scale(entries + 8 * entry, diagonal + 4 * k)
                            Self.subtract(
                                entries + 8 * entry, entries + 8 * entry + 4, diagonal + 4 * Int(rows[entry]))
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

    /// D ← D⁻¹. Returns ‖D‖²/det D.
    @inline(__always) @inlinable
    static func invert(_ d: UnsafeMutablePointer<Value>) -> Value {
        let (a, b, c, e) = (d[0], d[1], d[2], d[3])
        let inverse = (a * e - b * c).reciprocal
        d[0] = e * inverse
        d[1] = Value.zero - b * inverse
        d[2] = Value.zero - c * inverse
        d[3] = a * inverse
        return (a * a + b * b + (c * c + e * e)) * inverse
    }

    /// A ← A·D.
    @inline(__always) @inlinable
    static func scale(_ a: UnsafeMutablePointer<Value>, _ d: UnsafeMutablePointer<Value>) {
        let (a0, a1, a2, a3) = (a[0], a[1], a[2], a[3])
        a[0] = a0 * d[0] + a1 * d[2]
        a[1] = a0 * d[1] + a1 * d[3]
        a[2] = a2 * d[0] + a3 * d[2]
        a[3] = a2 * d[1] + a3 * d[3]
    }

    /// C ← C − A·B.
    @inline(__always) @inlinable
    static func subtract(
        _ a: UnsafeMutablePointer<Value>, _ b: UnsafeMutablePointer<Value>, _ c: UnsafeMutablePointer<Value>
    ) {
        let (a0, a1, a2, a3) = (a[0], a[1], a[2], a[3])
        let (b0, b1, b2, b3) = (b[0], b[1], b[2], b[3])
        let (c0, c1, c2, c3) = (c[0], c[1], c[2], c[3])
        c[0] = c0 - (a0 * b0 + a1 * b2)
        c[1] = c1 - (a0 * b1 + a1 * b3)
        c[2] = c2 - (a2 * b0 + a3 * b2)
        c[3] = c3 - (a2 * b1 + a3 * b3)
    }
}
