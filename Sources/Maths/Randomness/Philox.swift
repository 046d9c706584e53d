// Philox4x32-10: Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (SC11).
// A bijection of the 128-bit counter under a 64-bit key. A round multiplies words 0 and 2 by two odd
// constants, crosses the high halves with words 1 and 3 and the key, and swaps; the key grows by a Weyl
// sequence. Ten rounds pass BigCrush. There is no state: number n is had without numbers 0 … n−1.

/// The counter-based generator Philox4x32-10.
public enum Philox4x32 {
    /// The block of four words at `counter` under `key`.
    @inlinable
    public static func block(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var (block, key) = (counter, key)
        for _ in 0..<10 {
            let even = UInt64(block[0]) * 0xD251_1F53
            let odd = UInt64(block[2]) * 0xCD9E_8D57
            block = SIMD4(
                UInt32(truncatingIfNeeded: odd >> 32) ^ block[1] ^ key[0], UInt32(truncatingIfNeeded: odd),
                UInt32(truncatingIfNeeded: even >> 32) ^ block[3] ^ key[1], UInt32(truncatingIfNeeded: even))
            key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return block
    }
}
