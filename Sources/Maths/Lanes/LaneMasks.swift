// Choices by masks: a mask has all bits of a lane set or none. A sign bit spread over its lane is such a
// mask, so that no lane is compared by itself.

extension Lanes {
    /// All ones in the lanes whose sign bit is set (negative numbers and −0), zeros elsewhere.
    @inlinable @inline(__always) public var negativeMask: SIMD8<Int64> {
        unsafeBitCast(self, to: SIMD8<Int64>.self) &>> 63
    }

    /// Returns the number where the mask is all ones, zero where it is all zeros.
    @inlinable @inline(__always) public func kept(where mask: SIMD8<Int64>) -> Lanes {
        unsafeBitCast(unsafeBitCast(self, to: SIMD8<Int64>.self) & mask, to: Lanes.self)
    }

    /// Returns the number where the mask is all ones, that of `other` where it is all zeros.
    @inlinable @inline(__always) public func kept(where mask: SIMD8<Int64>, else other: Lanes) -> Lanes {
        let (a, b) = (unsafeBitCast(self, to: SIMD8<Int64>.self), unsafeBitCast(other, to: SIMD8<Int64>.self))
        return unsafeBitCast((a & mask) | (b & ~mask), to: Lanes.self)
    }

    /// max(x, 0) of every lane.
    @inlinable @inline(__always) public var positivePart: Lanes { kept(where: ~negativeMask) }

    /// The square root of every lane; zero where a number is negative.
    @inlinable @inline(__always) public var rootOfPositive: Lanes {
        var root = positivePart
        for lane in 0..<Lanes.scalarCount { root[lane] = root[lane].squareRoot() }
        return root
    }
}
