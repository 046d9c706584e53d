import TextFile

/// How single values are read. Each function reports what is wrong and then returns nil.
extension Field {
    /// A number with its unit, converted to the engine's unit.
    public func quantity(_ kind: QuantityKind, in bounds: Bounds) -> Double? {
        let expected = "\(kind.name) such as \(quoted(kind.example))"
        guard let text, let number = NumberWithUnit(text) else { return refuse(expected) }
        return value(number, of: kind, in: bounds, as: text)
    }

    /// A range such as `0.93..1.07 pu`, both ends in one unit, converted to the engine's unit.
    public func range(_ kind: QuantityKind, in bounds: Bounds) -> ClosedRange<Double>? {
        let expected = "a range such as '0.93..1.07 \(kind.units[0].symbol)'"
        guard let text, let (before, after) = halves(of: text),
            let lower = NumberWithUnit(before), let upper = NumberWithUnit(after),
            lower.unit.isEmpty || lower.unit == upper.unit
        else { return refuse(expected) }
        let first = NumberWithUnit(value: lower.value, unit: upper.unit)
        guard let low = value(first, of: kind, in: bounds, as: text),
            let high = value(upper, of: kind, in: bounds, as: text)
        else { return nil }
        guard low < high else {
            mistake("\(quoted(text)): the first value must be less than the second")
            return nil
        }
        return low...high
    }

    private func value(_ number: NumberWithUnit, of kind: QuantityKind, in bounds: Bounds, as text: String)
        -> Double?
    {
        guard !number.unit.isEmpty else {
            mistake(
                "\(quoted(text)) has no unit; \(kind.name) is written in \(kind.allowedUnits), "
                    + "such as \(kind.guess(text, number.value))")
            return nil
        }
        guard let unit = kind.unit(number.unit) else {
            mistake(kind.explainUnit(String(number.unit)))
            return nil
        }
        let value = unit.engine(number.value)
        if let refusal = bounds.refusal(of: value, kind.shown) {
            mistake("\(text) \(refusal)")
            return nil
        }
        if abs(value) > kind.greatest {
            mistake("\(text) is more than \(kind.shown(kind.greatest)), the largest value allowed")
            return nil
        }
        if value != 0, abs(value) < 1e-12 {
            mistake("\(text) is too small; write 0 or a larger value")
            return nil
        }
        return value
    }

    /// A number without a unit; `deg` or `°` may stand after it.
    public func number(in allowed: ClosedRange<Double>) -> Double? {
        guard let text = plainText, let number = NumberWithUnit(text) else { return refuse("a number") }
        guard number.unit.isEmpty || number.unit == "deg" || number.unit == "°" else {
            mistake("\(quoted(text)) has a unit; write the number alone")
            return nil
        }
        if let refusal = Bounds(allowed).refusal(of: number.value, shortDecimal) {
            mistake("\(text) \(refusal)")
            return nil
        }
        return number.value
    }

    /// A whole number, written as digits alone.
    public func integer<Value: FixedWidthInteger>(in allowed: ClosedRange<Value>) -> Value? {
        let expected = "a whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
        guard let text = plainText, !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }),
            text.utf8.count == 1 || text.utf8.first != 48, let value = Value(text), allowed.contains(value)
        else { return refuse(expected) }
        return value
    }

    /// One of a few words; `what` names them in a message, with its article.
    public func choice<Value>(_ what: String, _ choices: [(String, Value)]) -> Value? {
        let words = choices.map(\.0)
        guard let text else { return refuse("\(what): \(words.joined(separator: ", "))") }
        if let choice = choices.first(where: { $0.0 == text }) { return choice.1 }
        let hint = suggestion(text, in: words)
        let allowed = hint.isEmpty ? "; allowed are \(words.joined(separator: ", "))" : hint
        mistake("\(quoted(text)) is not \(what)\(allowed)")
        return nil
    }

    /// One of the cases of `type`, by its raw value; `what` names them in a message, with its article.
    public func choice<Value: RawRepresentable<String> & CaseIterable>(_ what: String, of type: Value.Type)
        -> Value?
    {
        choice(what, Value.allCases.map { ($0.rawValue, $0) })
    }

    /// Free text, at most `most` characters and none of them invisible.
    public func title(atMost most: Int) -> String? {
        guard let text else { return refuse("a text") }
        guard text.unicodeScalars.count <= most else {
            mistake("the text is longer than \(most) characters")
            return nil
        }
        if let bad = text.unicodeScalars.first(where: { $0.isInvisible && $0 != "\n" }) {
            mistake(
                "the text holds the invisible character U+\(String(bad.value, radix: 16, uppercase: true))")
            return nil
        }
        return text
    }

    /// A name in kebab case, which can also name a file or the column of a table.
    public func name() -> String? {
        guard let text else { return refuse("a name such as 'school-roof'") }
        if let refusal = nameRefusal(text) {
            mistake(refusal)
            return nil
        }
        return text
    }

    /// The value of one of the names that are defined elsewhere; `what` names their kind in a message.
    public func reference<Value>(_ what: String, in known: [(String, Value)]) -> Value? {
        guard let text else { return refuse("the name of a \(what)") }
        if let found = known.first(where: { $0.0 == text }) { return found.1 }
        return refuse(text, what, among: known.map(\.0))
    }

    /// The value of one of many names that are defined elsewhere.
    public func reference<Value>(_ what: String, in known: NameTable<Value>) -> Value? {
        guard let text else { return refuse("the name of a \(what)") }
        return known.values[text] ?? refuse(text, what, among: known.names)
    }

    private func refuse<Value>(_ text: String, _ what: String, among names: [String]) -> Value? {
        let hint = collector.wantsHints ? hint(text, among: names) : ""
        mistake("no \(what) is called \(quoted(text))\(hint)")
        return nil
    }
}

/// Values by name, in order: for `Field.reference` where names are many.
public struct NameTable<Value: Sendable>: Sendable {
    fileprivate let names: [String]
    fileprivate let values: [String: Value]

    /// A table of these names, of which the first of equal ones counts.
    public init(_ pairs: [(String, Value)]) {
        names = pairs.map(\.0)
        values = Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    /// Whether there is no name.
    public var isEmpty: Bool { names.isEmpty }
}

/// Why `text` is not a name in kebab case; nil if it is one.
private func nameRefusal(_ text: String) -> String? {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    let isKebab = words.allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) }
    }
    guard isKebab, let first = text.utf8.first, (97...122).contains(first), text.utf8.count <= 64 else {
        return "\(quoted(text)) is not a name; a name has small letters, digits and hyphens, "
            + "begins with a letter and has at most 64 characters"
    }
    let isOrdinary = !["no", "yes", "on", "off", "true", "false", "null", "y", "n"].contains(text)
    return isOrdinary
        ? nil : "\(quoted(text)) is read as true, false or null by many programs; choose another name"
}

/// The texts before and after the first `..`.
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

extension Mapping {
    /// The quantity behind `key`, which must be there; nil, with the reason reported, if it is missing or
    /// wrong.
    public func quantity(_ key: String, _ kind: QuantityKind, in bounds: Bounds) -> Double? {
        required(key)?.quantity(kind, in: bounds)
    }

    /// The quantity behind `key`, or the default if the key is left out; nil, with the reason reported, only
    /// if it is wrong.
    public func quantity(_ key: String, _ kind: QuantityKind, in bounds: Bounds, default value: Double)
        -> Double?
    {
        guard let field = optional(key) else { return value }
        return field.quantity(kind, in: bounds)
    }
}
