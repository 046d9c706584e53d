/// A table as pandapower's `to_json` writes it: a data frame of pandas as a JSON text within JSON.
enum PandapowerFrame {
    /// A column and how pandas calls its kind.
    typealias Column = (name: String, kind: String)

    static func text(_ columns: [Column], _ rows: [[JSONValue]]) -> String {
        let names = columns.map { quoted($0.name) }.joined(separator: ",")
        let index = rows.indices.map(String.init).joined(separator: ",")
        let data = rows.map { "[" + $0.map(spelled).joined(separator: ",") + "]" }.joined(separator: ",")
        let frame = "{\"columns\":[\(names)],\"index\":[\(index)],\"data\":[\(data)]}"
        let kinds = columns.map { "\(quoted($0.name)): \(quoted($0.kind))" }.joined(separator: ", ")
        return """
            {"_module": "pandas.core.frame", "_class": "DataFrame", "_object": \(quoted(frame)), "orient": "split", \
            "dtype": {\(kinds)}, "is_multiindex": false, "is_multicolumn": false}
            """
    }

    private static func spelled(_ cell: JSONValue) -> String {
        switch cell {
        case .number(let number): shortest(number)
        case .text(let text): quoted(text)
        case .bool(let value): value ? "true" : "false"
        case .null, .list, .object: "null"
        }
    }

    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
