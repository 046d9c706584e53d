import LinearAlgebra

// Comparisons by the sign bit: a mask is all ones where a number is negative, and no lane is looked at by
// itself.
extension Lanes {
    @inline(__always) var negativeMask: SIMD8<Int64> { unsafeBitCast(self, to: SIMD8<Int64>.self) &>> 63 }

    /// Zero where the mask is all zeros.
    @inline(__always) func kept(where mask: SIMD8<Int64>) -> Self {
        unsafeBitCast(unsafeBitCast(self, to: SIMD8<Int64>.self) & mask, to: Self.self)
    }

    /// max(self, 0).
    @inline(__always) var positivePart: Self { kept(where: ~negativeMask) }

    /// Of what is not negative; zero where it is.
    @inline(__always) var rootOfPositive: Self {
        var root = positivePart
        for lane in 0..<Self.scalarCount { root[lane] = root[lane].squareRoot() }
        return root
    }
}
