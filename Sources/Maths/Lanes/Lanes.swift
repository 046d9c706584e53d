/// Eight numbers that go through the same arithmetic at once: the same quantity of eight independent systems.
public typealias Lanes = SIMD8<Double>

extension Lanes {
    /// Returns a·b + c, lane by lane.
    ///
    /// The result is rounded once where the build says that its processor can (`FUSED`, which the Makefile
    /// defines). Elsewhere the standard library calls a function for each lane, so it is a product and a sum.
    @inlinable @inline(__always) public static func fused(_ a: Lanes, _ b: Lanes, _ c: Lanes) -> Lanes {
        #if FUSED
            c.addingProduct(a, b)
        #else
            c + a * b
        #endif
    }

    /// Returns a·b + c with the same b in all lanes.
    @inlinable @inline(__always) public static func fused(_ a: Lanes, _ b: Double, _ c: Lanes) -> Lanes {
        fused(a, Lanes(repeating: b), c)
    }

    /// |x| of every lane, by clearing the signs: the standard library's is not a vector operation.
    @inlinable @inline(__always) public var magnitudes: Lanes {
        let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self)
        return unsafeBitCast(bits & SIMD8<UInt64>(repeating: 0x7FFF_FFFF_FFFF_FFFF), to: Lanes.self)
    }

    /// −x of every lane, by flipping the signs: as a factor of `fused` it costs nothing, while 0 − x is a
    /// subtraction.
    @inlinable @inline(__always) public var negated: Lanes {
        let bits = unsafeBitCast(self, to: SIMD8<UInt64>.self)
        return unsafeBitCast(bits ^ SIMD8<UInt64>(repeating: 0x8000_0000_0000_0000), to: Lanes.self)
    }
}

/// Returns the larger of two numbers, lane by lane; the second where one is not a number. The standard
/// library's own is called lane by lane.
@inlinable @inline(__always) public func larger(_ a: Lanes, _ b: Lanes) -> Lanes {
    b.replacing(with: a, where: a .> b)
}

/// Returns the smaller of two numbers, lane by lane; the second where one is not a number.
@inlinable @inline(__always) public func smaller(_ a: Lanes, _ b: Lanes) -> Lanes {
    b.replacing(with: a, where: a .< b)
}
