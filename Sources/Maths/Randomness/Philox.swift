// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11).
// A bijection of the 128-bit counter under a 64-bit key. A round multiplies words 0 and 2 by two odd
// constants, crosses the high halves with words 1 and 3 and the key, and swaps; the key grows by a Weyl
// sequence. Ten rounds pass BigCrush. There is no state: number n is had without numbers 0 … n−1.

/// The counter-based generator Philox4x32-10.
public enum Philox4x32 {
    /// The block of four words at `counter` under `key`.
    @inlinable
    public static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        // Words apart: in a vector they would be taken out and put back in every round.
        var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
        var (low, high) = (key[0], key[1])
        for _ in 0..<10 {
            let even = UInt64(a) * 0xD251_1F53
            let odd = UInt64(c) * 0xCD9E_8D57
            a = UInt32(truncatingIfNeeded: odd >> 32) ^ b ^ low
            b = UInt32(truncatingIfNeeded: odd)
            c = UInt32(truncatingIfNeeded: even >> 32) ^ d ^ high
            d = UInt32(truncatingIfNeeded: even)
            low &+= 0x9E37_79B9
            high &+= 0xBB67_AE85
        }
        return SIMD4(a, b, c, d)
    }
}
