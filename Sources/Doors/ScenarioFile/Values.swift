/// How single values are read. Each says what is wrong and gives nil.
extension Field {
    /// A number with its unit, in the engine's unit.
    func quantity(_ dimension: Dimension, in bounds: Bounds) -> Double? {
        let expected = "\(dimension.name) such as \(quoted(dimension.example))"
        guard let text, let number = Number(text) else { return refuse(expected) }
        return value(number, of: dimension, in: bounds, as: text)
    }

    /// `0.93..1.07 pu`: both ends in one unit.
    func range(_ dimension: Dimension, in bounds: Bounds) -> ClosedRange<Double>? {
        let expected = "a range such as '0.93..1.07 \(dimension.units[0].symbol)'"
        guard let text, let (before, after) = halves(of: text),
            let lower = Number(before), let upper = Number(after),
            lower.unit.isEmpty || lower.unit == upper.unit
        else { return refuse(expected) }
        let first = Number(value: lower.value, unit: upper.unit)
        guard let low = value(first, of: dimension, in: bounds, as: text),
            let high = value(upper, of: dimension, in: bounds, as: text)
        else { return nil }
        guard low < high else {
            mistake("\(quoted(text)): the first value must be less than the second")
            return nil
        }
        return low...high
    }

    private func value(_ number: Number, of dimension: Dimension, in bounds: Bounds, as text: String)
        -> Double?
    {
        guard !number.unit.isEmpty else {
            mistake(
                "\(quoted(text)) has no unit; \(dimension.name) is written in \(dimension.allowedUnits), "
                    + "such as \(dimension.guess(text, number.value))")
            return nil
        }
        guard let unit = dimension.unit(number.unit) else {
            mistake(dimension.explainUnit(String(number.unit)))
            return nil
        }
        let value = unit.engine(number.value)
        if let refusal = bounds.refusal(of: value, dimension.shown) {
            mistake("\(text) \(refusal)")
            return nil
        }
        if abs(value) > dimension.greatest {
            mistake("\(text) is more than \(dimension.shown(dimension.greatest)), the most there can be")
            return nil
        }
        if value != 0, abs(value) < 1e-12 {
            mistake("\(text) is too small to count with")
            return nil
        }
        return value
    }

    /// A number without a unit.
    func number(in allowed: ClosedRange<Double>) -> Double? {
        guard let text = plainText, let number = Number(text) else { return refuse("a number") }
        guard number.unit.isEmpty || number.unit == "deg" || number.unit == "°" else {
            mistake("\(quoted(text)) has a unit; a plain number is meant")
            return nil
        }
        if let refusal = Bounds(allowed).refusal(of: number.value, { "\(Decimal($0))" }) {
            mistake("\(text) \(refusal)")
            return nil
        }
        return number.value
    }

    /// A whole number, digits alone.
    func integer<Value: FixedWidthInteger>(in allowed: ClosedRange<Value>) -> Value? {
        let expected = "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
        guard let text = plainText, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != 48, let value = Value(text), allowed.contains(value)
        else { return refuse(expected) }
        return value
    }

    /// One of a few words.
    func choice<Value>(_ what: String, _ choices: [(String, Value)]) -> Value? {
        let words = choices.map(\.0)
        guard let text else { return refuse("\(what): \(words.joined(separator: ", "))") }
        if let choice = choices.first(where: { $0.0 == text }) { return choice.1 }
        let hint = suggestion(text, in: words)
        mistake(
            "\(quoted(text)) is not \(what)\(hint.isEmpty ? "; allowed are \(words.joined(separator: ", "))" : hint)"
        )
        return nil
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(_ what: String, of type: Value.Type) -> Value?
    {
        choice(what, Value.allCases.map { ($0.rawValue, $0) })
    }

    /// Free text for people to read.
    func title(atMost most: Int) -> String? {
        guard let text else { return refuse("a text") }
        guard text.unicodeScalars.count <= most else {
            mistake("the text is longer than \(most) characters")
            return nil
        }
        if let bad = text.unicodeScalars.first(where: { !$0.isPlain && $0 != "\n" }) {
            mistake(
                "the text holds the invisible character U+\(String(bad.value, radix: 16, uppercase: true))")
            return nil
        }
        return text
    }

    /// A kebab-case name, fit for a column of a table or a file.
    func name() -> String? {
        guard let text else { return refuse("a name such as 'school-roof'") }
        if let refusal = nameRefusal(text) {
            mistake(refusal)
            return nil
        }
        return text
    }

    /// One of the names that were given elsewhere.
    func reference<Value>(_ what: String, in known: [(String, Value)]) -> Value? {
        guard let text else { return refuse("the name of a \(what)") }
        if let found = known.first(where: { $0.0 == text }) { return found.1 }
        mistake("no \(what) is called \(quoted(text))\(hint(text, among: known.map(\.0)))")
        return nil
    }
}

/// Why `text` is not a kebab-case name; nil when it is.
func nameRefusal(_ text: String) -> String? {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    let isKebab = words.allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
    guard isKebab, let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 64 else {
        return "\(quoted(text)) is not a name; names are small letters, digits and hyphens, "
            + "begin with a letter and have at most 64 characters"
    }
    let isOrdinary = !["no", "yes", "on", "off", "true", "false", "null", "y", "n"].contains(text)
    return isOrdinary ? nil : "\(quoted(text)) means something else to many programs; choose another name"
}

/// What stands before and after the first `..`.
private func halves(of text: String) -> (String, String)? {
    var index = text.startIndex
    while let dot = text[index...].firstIndex(of: ".") {
        index = text.index(after: dot)
        if index < text.endIndex, text[index] == "." {
            return (String(text[..<dot]), String(text[text.index(after: index)...].drop { $0 == " " }))
        }
    }
    return nil
}

extension Unicode.Scalar {
    /// Something to see, or a space.
    fileprivate var isPlain: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            false
        default: true
        }
    }
}

/// The same, by key of a mapping. A key that is left out takes its default; nil is only what is wrong.
extension Mapping {
    func quantity(_ key: String, _ dimension: Dimension, in bounds: Bounds) -> Double? {
        required(key)?.quantity(dimension, in: bounds)
    }

    func quantity(_ key: String, _ dimension: Dimension, in bounds: Bounds, default value: Double) -> Double?
    {
        guard let field = optional(key) else { return value }
        return field.quantity(dimension, in: bounds)
    }
}
