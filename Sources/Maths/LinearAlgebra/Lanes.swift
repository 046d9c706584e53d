/// Eight numbers that go through the same arithmetic at once: the same place in eight systems.
public typealias Lanes = SIMD8<Double>

extension Lanes {
    /// a·b + c. Rounded once where the build says that its processor can (`FUSED`, which the Makefile
    /// defines); elsewhere the function behind it would be called lane by lane, so it is a product and a sum.
    @inlinable @inline(__always) public static func fused(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
        #if FUSED
            c.addingProduct(a, b)
        #else
            c + a * b
        #endif
    }

    /// The same with one number for all lanes.
    @inlinable @inline(__always) public static func fused(_ a: Lanes, _ b: Double, _ c: Lanes) -> Lanes {
        fused(a, Lanes(repeating: b), c)
    }

    /// |x| of every lane, by clearing the signs: the standard library's is not a vector operation.
    @inlinable @inline(__always) public var magnitudes: Lanes {
        let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self)
        return unsafeBitCast(bits & SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF), to: Lanes.self)
    }

    /// −x of every lane, by turning the signs over: as a factor of `fused` it costs nothing, while 0 − x is a
    /// subtraction.
    @inlinable @inline(__always) public var negated: Lanes {
        let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self)
        return unsafeBitCast(bits ^ SIMD8<UInt64>(repeating: 0x8000_0000_0000_0000), to: Lanes.self)
    }
}

/// The larger of two numbers, lane by lane; the second where one is not a number. The standard library's own
/// is called lane by lane.
@inlinable @inline(__always) public func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
    b.replacing(with: a, where: a .> b)
}

/// The smaller, likewise.
@inlinable @inline(__always) public func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    b.replacing(with: a, where: a .< b)
}
