// A decimal is ±m·10^−p with an integer m. Where m has at most 19 digits and p at most 19 places, m and 10^p
// fit in 64 bits, and one division of 128 by 64 bits gives the quotient to 63 or 64 places and whether a
// remainder is left: all that correct rounding to 53 places asks for. The rest is left to the C library.

/// Reads a decimal number such as `-12.5` or `3e-4`, correctly rounded. Nil for anything else, such as `nan`,
/// `inf`, `0x1p3`, `1_000` or `1,5`, and for numbers too large for a `Double`.
public func decimal(_ text: some Collection<UInt8>) -> Double? {
    text.withContiguousStorageIfAvailable { decimal($0) } ?? Array(text).withUnsafeBufferPointer(decimal)
}

/// Reads a decimal number from bytes in memory, as `decimal(_:)` of a collection does.
public func decimal(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
    var position = 0
    guard let number = leadingDecimal(text, from: &position), position == text.count else { return nil }
    return number
}

/// Reads the decimal number that starts at `position` and moves `position` past it. Nil, without a move, if
/// no number starts there or it is too large for a `Double`.
public func leadingDecimal(_ text: UnsafeBufferPointer<UInt8>, from position: inout Int) -> Double? {
    let scanner = DecimalScanner(text, from: position)
    guard scanner.isDecimal else { return nil }
    let number = scanner.quickValue ?? slowDecimal(text, position..<scanner.end)
    guard let number, number.isFinite else { return nil }
    position = scanner.end
    return number
}

private func slowDecimal(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Double? {
    Double(String(decoding: text[range], as: UTF8.self))
}

private struct DecimalScanner {
    private(set) var isDecimal = false
    private(set) var end: Int
    private var isNegative = false
    private var hasExponent = false
    /// The digits without the point, as long as they fit.
    private var mantissa: UInt64 = 0
    /// From the first that is not zero.
    private var digits = 0
    /// Digits after the point.
    private var places = 0

    private static let powers: [UInt64] = (0..<20).reduce(into: []) { powers, _ in
        powers.append((powers.last ?? 0) == 0 ? 1 : powers.last! * 10)
    }

    @inline(__always)
    init(_ text: UnsafeBufferPointer<UInt8>, from start: Int) {
        var at = start
        let count = text.count
        if at < count, text[at] == 43 || text[at] == 45 {
            isNegative = text[at] == 45
            at += 1
        }
        var (hasDigit, afterPoint) = (false, false)
        while at < count {
            let digit = text[at] &- 48
            if digit < 10 {
                hasDigit = true
                if digits < 19 { mantissa = mantissa &* 10 &+ UInt64(digit) }
                if mantissa != 0 { digits += 1 }
                places += afterPoint ? 1 : 0
            } else if text[at] == 46, !afterPoint {
                afterPoint = true
            } else {
                break
            }
            at += 1
        }
        if hasDigit, at < count, text[at] | 32 == 101 {
            hasExponent = true
            at += 1
            if at < count, text[at] == 43 || text[at] == 45 { at += 1 }
            hasDigit = at < count && text[at] &- 48 < 10
            while at < count, text[at] &- 48 < 10 { at += 1 }
        }
        isDecimal = hasDigit
        end = at
    }

    /// Nil where there are too many digits or an exponent.
    @inline(__always)
    var quickValue: Double? {
        guard !hasExponent, digits <= 19, places <= 19 else { return nil }
        let magnitude: Double
        if mantissa < 1 << 53 {
            // Both are exact, so the division rounds once.
            magnitude = Double(mantissa) / Double(Self.powers[places])
        } else {
            magnitude = Self.quotient(mantissa, Self.powers[places])
        }
        return isNegative ? -magnitude : magnitude
    }

    /// Correctly rounded: the last place of a long quotient also tells of the remainder, so that rounding it
    /// to a `Double` cannot mistake what lies beside a tie for one.
    private static func quotient(_ numerator: UInt64, _ denominator: UInt64) -> Double {
        guard numerator != 0 else { return 0 }
        let up = numerator.leadingZeroBitCount
        let down = denominator.leadingZeroBitCount
        let divisor = denominator << UInt64(down)
        let shifted = numerator << UInt64(up)
        let (quotient, remainder) = divisor.dividingFullWidth((shifted >> 1, shifted << 63))
        let exact = quotient | (remainder == 0 ? 0 : 1)
        return Double(sign: .plus, exponent: down - up - 63, significand: Double(exact))
    }
}
