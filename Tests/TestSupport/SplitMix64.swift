/// The random generator of all tests: SplitMix64 (Steele, Lea & Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014). It gives the same numbers on every machine, so that a failing system can be
/// drawn again from its seed.
public struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64
    private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

    /// The generator with this seed as its state.
    public init(seed: UInt64) { state = seed }

    /// The generator of seed 0 after its first `count` numbers.
    public init(skipping count: UInt64) { state = count &* Self.increment }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= Self.increment
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// The next number of a uniform distribution over `range`, from 53 bits; the upper bound never comes.
    public mutating func uniform(_ range: ClosedRange<Double> = 0...1) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * (Double(next() >> 11) * 0x1p-53)
    }

    /// `count` numbers of a uniform distribution over `range`.
    public mutating func uniform(_ range: ClosedRange<Double>, count: Int) -> [Double] {
        (0..<count).map { _ in uniform(range) }
    }

    /// The next whole number of `range`, from one uniform number.
    public mutating func whole(_ range: Range<Int>) -> Int {
        min(range.upperBound - 1, Int(uniform(Double(range.lowerBound)...Double(range.upperBound))))
    }
}
