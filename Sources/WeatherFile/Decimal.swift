/// A decimal number such as `-12.5` or `3e-4`; nil for anything else, so for `nan`, `inf`, `0x1p3`, `1_000`,
/// `1,5` and for numbers beyond a `Double`.
public func decimal(_ text: some Collection<UInt8>) -> Double? {
    let scanner = DecimalScanner(text)
    guard scanner.isDecimal else { return nil }
    // Whole numbers below 2⁵³ and powers of ten up to 10²² are exact, so one division rounds once.
    if let mantissa = scanner.smallMantissa, scanner.places <= 22 {
        let number = Double(mantissa) / DecimalScanner.powers[scanner.places]
        return scanner.isNegative ? -number : number
    }
    let number = Double(String(decoding: text, as: UTF8.self))
    return number?.isFinite == true ? number : nil
}

private struct DecimalScanner {
    private(set) var isNegative = false
    private(set) var isDecimal = false
    /// The digits without the point, when they are few and no exponent follows.
    private(set) var smallMantissa: Int?
    /// Digits after the point.
    private(set) var places = 0

    static let powers = (0...22).reduce(into: [Double]()) { powers, _ in
        powers.append((powers.last ?? 0.1) * 10)
    }

    init(_ text: some Collection<UInt8>) {
        var rest = text[...]
        if let sign = rest.first, sign == 43 || sign == 45 {
            isNegative = sign == 45
            rest = rest.dropFirst()
        }
        var (mantissa, digits, afterPoint) = (0, 0, false)
        while let byte = rest.first, byte == 46 && !afterPoint || (48...57).contains(byte) {
            if byte == 46 {
                afterPoint = true
            } else {
                if digits < 18 { mantissa = mantissa * 10 + Int(byte - 48) }
                digits += 1
                places += afterPoint ? 1 : 0
            }
            rest = rest.dropFirst()
        }
        guard digits > 0 else { return }
        if rest.isEmpty {
            isDecimal = true
            smallMantissa = digits <= 15 ? mantissa : nil
        } else if rest.first! | 32 == 101 {
            rest = rest.dropFirst()
            if rest.first == 43 || rest.first == 45 { rest = rest.dropFirst() }
            isDecimal = !rest.isEmpty && rest.allSatisfy { (48...57).contains($0) }
        }
    }
}
