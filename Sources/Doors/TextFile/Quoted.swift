/// `text` in quotes, at most 60 characters, with invisible characters written as `\u{…}`, so that a message
/// cannot disturb a terminal.
public func quoted(_ text: some StringProtocol) -> String {
    "'\(visible(text.unicodeScalars.prefix(60)))\(text.unicodeScalars.dropFirst(60).isEmpty ? "" : "…")'"
}

/// `text` with invisible characters written as `\u{…}`. With `keepingLines`, line feeds and tabs stay.
public func visible(_ text: some StringProtocol, keepingLines: Bool = false) -> String {
    guard !text.utf8.allSatisfy({ (32..<127).contains($0) }) else { return String(text) }
    return visible(text.unicodeScalars, keepingLines: keepingLines)
}

private func visible(_ scalars: some Sequence<Unicode.Scalar>, keepingLines: Bool = false) -> String {
    var text = ""
    for scalar in scalars {
        if scalar.isInvisible, !(keepingLines && (scalar == "\n" || scalar == "\t")) {
            text += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
            text.unicodeScalars.append(scalar)
        }
    }
    return text
}

extension Unicode.Scalar {
    /// Whether this is a control or format character, a line separator, or an unassigned code point.
    public var isInvisible: Bool {
        if value < 127 { return value < 32 }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            true
        default: false
        }
    }
}
