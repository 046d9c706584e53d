import Export
import Foundation

/// Text made safe for a page.
enum Markup {
    /// As text or as the value of a quoted attribute.
    static func escaped(_ text: String) -> String {
        var safe = ""
        safe.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            switch character {
            case "&": safe += "&amp;"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "\"": safe += "&quot;"
            case "'": safe += "&#39;"
            default: safe.unicodeScalars.append(character)
            }
        }
        return safe
    }

    /// JSON that may stand in a script element: no `<` can end it.
    static func script(json: Data) -> String {
        String(decoding: json, as: UTF8.self).replacing("<", with: "\\u003c")
    }

    /// A library's text in a script element.
    static func script(library: String) -> String {
        library.replacing("</script", with: "<\\/script").replacing("<!--", with: "<\\!--")
    }

    /// A number with a comma between thousands.
    static func number(_ value: Double, _ decimals: Int = 0) -> String {
        let text = FixedDecimal(decimals: decimals).text(value)
        let isNegative = text.hasPrefix("-")
        let parts = text.drop { $0 == "-" }.split(separator: ".", omittingEmptySubsequences: false)
        var grouped = ""
        for (index, digit) in parts[0].enumerated() {
            if index > 0 && (parts[0].count - index).isMultiple(of: 3) { grouped += "," }
            grouped.append(digit)
        }
        return (isNegative ? "−" : "") + grouped + (parts.count > 1 ? "." + parts[1] : "")
    }

    /// One digit and its power of ten: `6 × 10⁻⁸`.
    static func magnitude(_ value: Double) -> String {
        guard value > 0, value < 0.01 else { return number(value, 2) }
        let parts = String(format: "%.0e", value).split(separator: "e")
        let raised: [Character: Character] = [
            "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
            "8": "⁸",
            "9": "⁹",
        ]
        return "\(parts[0]) × 10" + String(String(Int(parts[1])!).map { raised[$0]! })
    }

    static func number(_ value: Int) -> String { number(Double(value)) }

    /// What stands in a table: text to the left, numbers to the right.
    enum Cell {
        case text(String)
        case number(String)
        case none

        static func figure(_ value: Double, _ decimals: Int = 0) -> Cell {
            .number(Markup.number(value, decimals))
        }
    }

    /// `columns` are headings; a unit after a bar is set small: `Given|MWh`.
    static func table(_ columns: [String], _ rows: [[Cell]], total: [Cell]? = nil) -> String {
        let numeric = columns.indices.map { column in
            rows.contains { if case .number = $0[column] { true } else { false } }
        }
        let heads = zip(columns, numeric).map { column, isNumeric in
            let parts = column.split(separator: "|", maxSplits: 1).map { escaped(String($0)) }
            let unit = parts.count > 1 ? " <small>\(parts[1])</small>" : ""
            return "<th scope=\"col\"\(isNumeric ? " class=\"n\"" : "")>\(parts.first ?? "")\(unit)</th>"
        }
        let body = rows.map { "<tr>\($0.map(cell).joined())</tr>" }.joined(separator: "\n")
        let foot = total.map { "<tfoot><tr>\($0.map(cell).joined())</tr></tfoot>" } ?? ""
        return """
            <div class="scroll"><table\(columns.count > 10 ? " class=\"wide\"" : "")>
            <thead><tr>\(heads.joined())</tr></thead>
            <tbody>\(body)</tbody>\(foot)
            </table></div>
            """
    }

    private static func cell(_ cell: Cell) -> String {
        switch cell {
        case .text(let text): "<td>\(escaped(text))</td>"
        case .number(let text): "<td class=\"n\">\(escaped(text))</td>"
        case .none: "<td></td>"
        }
    }
}

extension Markup {
    /// A whole page that needs no network and no script, UTF-8.
    static func page(
        title: String, style: String, header: String, sections: [String], footer: String
    ) -> Data {
        let page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>\(Style.sheet)\(style)</style>
            </head>
            <body>
            <header class="page">
            \(header)
            </header>
            <main>
            \(sections.joined(separator: "\n"))
            </main>
            <footer class="page">\(footer)</footer>
            </body>
            </html>

            """
        return Data(page.utf8)
    }
}
