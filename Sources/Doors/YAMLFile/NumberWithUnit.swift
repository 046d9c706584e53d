import TextFile

/// A number at the start of a text, and the unit after it.
public struct NumberWithUnit {
    /// The number as written, in `unit`.
    public let value: Double
    /// The symbol after the number; empty if there is none.
    public let unit: Substring

    /// Reads a text such as `-12.5 kW`; nil unless it begins with a plain decimal number. Hexadecimal and
    /// octal forms, `.5`, `5.`, `1_000`, `1,5`, `1:30`, `.nan` and `.inf` are not plain decimal numbers.
    public init?(_ text: String) {
        let end = text.utf8.firstIndex { !"0123456789.+-eE".utf8.contains($0) } ?? text.utf8.endIndex
        var digits = text[..<end]
        // An `e` without a digit after it belongs to the unit.
        if let last = digits.utf8.last, last | 32 == UInt8(ascii: "e") { digits = digits.dropLast() }
        guard NumberWithUnit.isPlain(digits.utf8), let value = decimal(digits.utf8) else { return nil }
        let rest = text[digits.endIndex...]
        guard let first = rest.unicodeScalars.first else {
            self.init(value: value, unit: "")
            return
        }
        // 0x50, 0o17, 0b11
        guard digits != "0" || !"xob".unicodeScalars.contains(first) else { return nil }
        let unit = rest.drop { $0 == " " }
        guard first == " " || first.properties.isAlphabetic || "%°µ".unicodeScalars.contains(first),
            !unit.isEmpty
        else { return nil }
        self.init(value: value, unit: unit)
    }

    init(value: Double, unit: Substring) {
        self.value = value
        self.unit = unit
    }

    /// Whether `text` is an optional sign, digits without a leading zero, and digits after the point if there
    /// is one.
    private static func isPlain(_ text: Substring.UTF8View) -> Bool {
        let unsigned =
            text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+") ? text.dropFirst() : text
        let whole = unsigned.prefix { isDigit($0) }
        guard !whole.isEmpty, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
        let rest = unsigned.dropFirst(whole.count)
        return rest.first != UInt8(ascii: ".") || rest.dropFirst().first.map(isDigit) == true
    }
}

private func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
}
