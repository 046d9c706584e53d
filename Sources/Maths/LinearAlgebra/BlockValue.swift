/// What the blocks of a `BlockLU` hold: a number, or several that are reckoned with at once. An entry is two
/// blocks, W or A(i,k) below the diagonal and A(k,i) above it.
public protocol BlockValue {
    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self
    static func * (a: Self, b: Self) -> Self
    static var zero: Self { get }
    var reciprocal: Self { get }
    /// D ← D⁻¹. Returns ‖D‖²/det D.
    static func invert(_ diagonal: UnsafeMutablePointer<Self>) -> Self
    /// For an entry (i, k): W ← A(i,k)·D(k)⁻¹, and D(i) loses W·A(k,i).
    static func scale(
        _ entry: UnsafeMutablePointer<Self>, by inverse: UnsafeMutablePointer<Self>,
        _ diagonal: UnsafeMutablePointer<Self>)
    /// For two rows j < i of a column, (i, j) loses W(i)·A(k,j), and (j, i) loses W(j)·A(k,i): for entry j
    /// and each of `later` in turn, with the entry that `targets` names.
    static func eliminate(
        _ entries: UnsafeMutablePointer<Self>, _ j: Int, _ later: Range<Int>, _ targets: UnsafePointer<Int32>)
}

extension BlockValue {
    /// Inverts a block by its adjugate over its determinant, with the operations of the value alone.
    @inline(__always) @inlinable
    public static func invert(_ diagonal: UnsafeMutablePointer<Self>) -> Self {
        let (a, b, c, d) = (diagonal[0], diagonal[1], diagonal[2], diagonal[3])
        let inverse = (a * d - b * c).reciprocal
        diagonal[0] = d * inverse
        diagonal[1] = zero - b * inverse
        diagonal[2] = zero - c * inverse
        diagonal[3] = a * inverse
        return (a * a + b * b + (c * c + d * d)) * inverse
    }

    /// Scales an entry with the operations of the value alone.
    @inline(__always) @inlinable
    public static func scale(
        _ entry: UnsafeMutablePointer<Self>, by inverse: UnsafeMutablePointer<Self>,
        _ diagonal: UnsafeMutablePointer<Self>
    ) {
        let (a, b, c, d) = (entry[0], entry[1], entry[2], entry[3])
        entry[0] = a * inverse[0] + b * inverse[2]
        entry[1] = a * inverse[1] + b * inverse[3]
        entry[2] = c * inverse[0] + d * inverse[2]
        entry[3] = c * inverse[1] + d * inverse[3]
        subtract(entry, entry + 4, diagonal)
    }

    /// Eliminates with the operations of the value alone.
    @inline(__always) @inlinable
    public static func eliminate(
        _ entries: UnsafeMutablePointer<Self>, _ j: Int, _ later: Range<Int>, _ targets: UnsafePointer<Int32>
    ) {
        let one = entries + 8 * j
        var target = targets
        for i in later {
            let other = entries + 8 * i
            let entry = entries + 8 * Int(target.pointee)
            subtract(other, one + 4, entry)
            subtract(one, other + 4, entry + 4)
            target += 1
        }
    }

    /// C ← C − A·B.
    @inline(__always) @inlinable
    static func subtract(
        _ a: UnsafeMutablePointer<Self>, _ b: UnsafeMutablePointer<Self>, _ c: UnsafeMutablePointer<Self>
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

/// Eight matrices of one pattern, one a lane.
extension SIMD8: BlockValue where Scalar == Double {
    /// 1/x of every lane.
    @inlinable public var reciprocal: SIMD8<Double> { 1 / self }
}

/// One matrix: a block is a register of four, an entry one of eight, and a cache line. Always written whole,
/// so that what reads it whole soon after need not wait.
extension Double: BlockValue {
    /// 1/x.
    @inlinable public var reciprocal: Double { 1 / self }

    /// Inverts one block, in registers.
    @inline(__always) @inlinable
    public static func invert(_ diagonal: UnsafeMutablePointer<Double>) -> Double {
        let memory = UnsafeMutableRawPointer(diagonal)
        let d = memory.load(as: SIMD4<Double>.self)
        let inverse = 1 / (d[0] * d[3] - d[1] * d[2])
        let adjugate = SIMD4(d[3], 0 - d[1], 0 - d[2], d[0])
        memory.storeBytes(of: adjugate * inverse, as: SIMD4<Double>.self)
        return (d * d).sum() * inverse
    }

    /// Scales both blocks of an entry in one register of eight.
    @inline(__always) @inlinable
    public static func scale(
        _ entry: UnsafeMutablePointer<Double>, by inverse: UnsafeMutablePointer<Double>,
        _ diagonal: UnsafeMutablePointer<Double>
    ) {
        let memory = UnsafeMutableRawPointer(entry)
        let blocks = memory.load(as: SIMD8<Double>.self)
        let d = UnsafeRawPointer(inverse).load(as: SIMD4<Double>.self)
        let below = product(blocks.lowHalf, d)
        let above = blocks.highHalf
        memory.storeBytes(of: SIMD8(lowHalf: below, highHalf: above), as: SIMD8<Double>.self)
        let own = UnsafeMutableRawPointer(diagonal)
        own.storeBytes(of: own.load(as: SIMD4<Double>.self) - product(below, above), as: SIMD4<Double>.self)
    }

    /// Both products at once.
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
            let entry = memory + 64 * Int(target.pointee)
            let products =
                SIMD8(b[0], b[0], b[2], b[2], b[4], b[5], b[4], b[5]) * first
                + SIMD8(b[1], b[1], b[3], b[3], b[6], b[7], b[6], b[7]) * second
            entry.storeBytes(of: entry.load(as: SIMD8<Double>.self) - products, as: SIMD8<Double>.self)
            target += 1
        }
    }

    /// A·B.
    @inline(__always) @inlinable
    static func product(_ a: SIMD4<Double>, _ b: SIMD4<Double>) -> SIMD4<Double> {
        SIMD4(a[0], a[0], a[2], a[2]) * SIMD4(b[0], b[1], b[0], b[1])
            + SIMD4(a[1], a[1], a[3], a[3]) * SIMD4(b[2], b[3], b[2], b[3])
    }
}
