import Foundation
import TextFile

/// Arithmetic in reverse Polish notation, as the language writes it in place of a number: `(8 1000 /)`.
enum DSSArithmetic {
    /// Why an expression has no value.
    struct Refusal: Error, Hashable {
        /// The reason, for the author of the file.
        let reason: String
    }

    /// The value of `text`: the last number on the stack. Angles are in degrees.
    static func value(of text: String) throws(Refusal) -> Double {
        var stack: [Double] = []
        for (word, _) in elements(of: text) {
            if let number = number(word) {
                stack.append(number)
                continue
            }
            try apply(word.lowercased(), to: &stack)
            guard stack.last?.isFinite ?? true else {
                throw Refusal(reason: "\(quoted(word)) has no finite result")
            }
        }
        guard let last = stack.last else { throw Refusal(reason: "there is no number") }
        return last
    }

    /// A number without arithmetic; nil if `text` is none.
    static func number(_ text: String) -> Double? {
        var text = text
        return text.withUTF8 { decimal($0) }
    }

    private static func apply(_ word: String, to stack: inout [Double]) throws(Refusal) {
        if let constant = word == "pi" ? Double.pi : nil {
            stack.append(constant)
        } else if let function = unary[word] {
            stack.append(function(try take(word, from: &stack)))
        } else if let function = binary[word] {
            let second = try take(word, from: &stack)
            stack.append(function(try take(word, from: &stack), second))
        } else if word == "swap" {
            let second = try take(word, from: &stack)
            let first = try take(word, from: &stack)
            stack += [second, first]
        } else if word == "rollup" {
            let last = try take(word, from: &stack)
            stack += [last, last]
        } else if word == "rolldn" {
            _ = try take(word, from: &stack)
        } else {
            let names = (["pi", "swap", "rollup", "rolldn"] + unary.keys + binary.keys).sorted()
            throw Refusal(
                reason: "\(quoted(word)) is neither a number nor one of \(names.joined(separator: " "))")
        }
    }

    private static func take(_ word: String, from stack: inout [Double]) throws(Refusal) -> Double {
        guard let number = stack.popLast() else {
            throw Refusal(reason: "\(quoted(word)) needs more numbers before it")
        }
        return number
    }

    private static let degree = Double.pi / 180

    private static let unary: [String: @Sendable (Double) -> Double] = [
        "sqr": { $0 * $0 }, "sqrt": { $0.squareRoot() }, "inv": { 1 / $0 }, "exp": { exp($0) },
        "ln": { log($0) }, "log10": { log10($0) },
        "sin": { sin($0 * degree) }, "cos": { cos($0 * degree) }, "tan": { tan($0 * degree) },
        "asin": { asin($0) / degree }, "acos": { acos($0) / degree }, "atan": { atan($0) / degree },
    ]

    private static let binary: [String: @Sendable (Double, Double) -> Double] = [
        "+": { $0 + $1 }, "-": { $0 - $1 }, "*": { $0 * $1 }, "/": { $0 / $1 }, "^": { pow($0, $1) },
        "atan2": { atan2($0, $1) / degree },
    ]
}
