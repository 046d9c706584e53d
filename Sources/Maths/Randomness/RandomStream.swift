import Glibc

/// Random numbers that are a function of where they are used: seed, entity and purpose choose the stream,
/// step and draw the place in it. Nothing is consumed, so neither who asks first nor which worker asks
/// changes it.
public struct RandomStream: Hashable, Sendable {
    private let key: SIMD2<UInt32>

    /// The stream's key is the first half of the Philox block at (entity, purpose) under the seed.
    public init(seed: UInt64, entity: UInt32, purpose: UInt32) {
        let root = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        key = Philox4x32.block(SIMD4(entity, purpose, 0, 0), key: root).lowHalf
    }

    /// Returns 64 uniform bits.
    public func bits(step: Int, draw: Int = 0) -> UInt64 {
        let step = UInt64(bitPattern: Int64(step))
        let draw = UInt64(bitPattern: Int64(draw))
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: step), UInt32(truncatingIfNeeded: step >> 32),
            UInt32(truncatingIfNeeded: draw), UInt32(truncatingIfNeeded: draw >> 32))
        let block = Philox4x32.block(counter, key: key)
        return UInt64(block[1]) << 32 | UInt64(block[0])
    }

    /// Returns a number that is uniform over [0, 1), a multiple of 2⁻⁵³.
    public func uniform(step: Int, draw: Int = 0) -> Double {
        Double(bits(step: step, draw: draw) >> 11) * 0x1p-53
    }

    /// Returns a number that is uniform over [lower, upper).
    public func uniform(in range: Range<Double>, step: Int, draw: Int = 0) -> Double {
        let number =
            range.lowerBound + (range.upperBound - range.lowerBound) * uniform(step: step, draw: draw)
        return number < range.upperBound ? number : range.upperBound.nextDown
    }

    /// One of 0 ..< count, by Lemire's multiplication; a value is off by at most count × 2⁻⁶⁴ in likelihood.
    public func integer(below count: Int, step: Int, draw: Int = 0) -> Int {
        precondition(count > 0)
        return Int(bits(step: step, draw: draw).multipliedFullWidth(by: UInt64(count)).high)
    }

    /// Mean 0, standard deviation 1: the quantile of one uniform number, so never beyond ±8.3.
    public func normal(step: Int, draw: Int = 0) -> Double {
        StandardNormal.quantile(inside(step, draw))
    }

    /// Waiting time with the given mean.
    public func exponential(mean: Double, step: Int, draw: Int = 0) -> Double {
        -mean * log(inside(step, draw))
    }

    /// Strictly inside (0, 1).
    private func inside(_ step: Int, _ draw: Int) -> Double {
        (Double(bits(step: step, draw: draw) >> 12) + 0.5) * 0x1p-52
    }
}
