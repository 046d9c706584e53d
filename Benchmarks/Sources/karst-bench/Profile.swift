import Foundation

/// What synthetic days are made of.
enum Profile {
    /// exp(−½ (Δ/width)²) for the hours Δ between `hour` and `centre` around the clock.
    static func bump(_ hour: Double, _ centre: Double, _ width: Double) -> Double {
        let distance = min(abs(hour - centre), 24 - abs(hour - centre)) / width
        return exp(-0.5 * distance * distance)
    }

    /// Power of a solar plant under a clear sky at 45° north, p.u.:
    /// max(0, sin φ sin δ + cos φ cos δ cos(π(hour − 12)/12))^1.15, δ = −0.4093 cos 2π(day + 10)/365.
    static func clearSky(hour: Double, day: Int) -> Double {
        let declination = -0.4093 * cos(2 * .pi * Double(day + 10) / 365)
        let height = (sin(declination) + cos(declination) * cos((hour - 12) * .pi / 12)) * 0.5.squareRoot()
        return pow(max(0, height), 1.15)
    }

    /// In [0, 1): SplitMix64 of the three numbers.
    static func uniform(_ stream: UInt64, _ index: Int, _ step: Int) -> Double {
        var z = stream << 40 &+ UInt64(index) << 20 &+ UInt64(step) &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
    }
}
