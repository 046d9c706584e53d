import Foundation

// A number with d decimals is the integer nearest to v·10^d with a point put in. The product p rounds, so its
// error e = fma(v, 10^d, −p) is taken into account. With f = ⌊p⌋ the fraction p − f is exact, and below 2⁵² a
// multiple of p's last place, of which |e| is at most half: only p − f = ½ leaves room for doubt, and there
// the sign of e decides; a true tie goes to the even integer, as in C.

/// Writes numbers with a fixed count of decimals, correctly rounded: the digits `printf("%.3f")` gives, but
/// never a negative zero, and nothing at all for what is not finite.
public struct FixedDecimal: Hashable, Sendable {
    /// 0 to 9.
    public let decimals: Int
    private let scale: Double

    /// Creates a format with 0 to 9 decimals.
    public init(decimals: Int) {
        precondition((0...9).contains(decimals))
        self.decimals = decimals
        scale = (0..<decimals).reduce(1.0) { power, _ in power * 10 }
    }

    /// The most bytes `write` puts down: sign, 16 digits, point, leading zeros.
    public static let width = 32

    /// `value` as text; empty for what is not finite.
    public func text(_ value: Double) -> String {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.width) { bytes in
            guard let count = write(value, to: bytes.baseAddress!) else {
                return String(format: "%.\(decimals)f", value)
            }
            return String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    /// `value` in units of the last decimal; nil where that is 2⁵² or more.
    @inline(__always)
    public func rounded(_ value: Double) -> Int? {
        let magnitude = value.magnitude
        let product = magnitude * scale
        guard product < 0x1p52 else { return nil }
        var units = Int(product)
        let fraction = product - Double(units)
        if fraction > 0.5 {
            units += 1
        } else if fraction == 0.5 {
            let error = (-product).addingProduct(magnitude, scale)
            if error > 0 || (error == 0 && units & 1 == 1) { units += 1 }
        }
        return value < 0 ? -units : units
    }

    /// Puts the digits at `output` and says how many bytes they are: zero for what is not finite, nil for
    /// what is too large to be done here.
    @inline(__always)
    public func write(_ value: Double, to output: UnsafeMutablePointer<UInt8>) -> Int? {
        guard value.isFinite else { return 0 }
        guard let rounded = rounded(value) else { return nil }
        return write(units: rounded, to: output)
    }

    /// The digits of `units`·10^−decimals.
    @inline(__always)
    func write(units: Int, to output: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = units.magnitude
        var digits = 1
        var bound: UInt = 10
        while rest >= bound {
            bound *= 10
            digits += 1
        }
        digits = max(digits, decimals + 1)
        var position = digits + (decimals > 0 ? 1 : 0) + (units < 0 ? 1 : 0)
        let count = position
        for place in 0..<digits {
            if place == decimals && decimals > 0 {
                position -= 1
                output[position] = 46
            }
            position -= 1
            let quotient = rest / 10
            output[position] = UInt8(truncatingIfNeeded: 48 + rest - quotient * 10)
            rest = quotient
        }
        if units < 0 { output[0] = 45 }
        return count
    }
}
