import LinearAlgebra
import TextFile
import YAMLFile

/// Reads the values of one object; `mistakes` collects what is wrong with them.
struct DSSFields {
    /// A property that was set.
    struct Field {
        /// The property in lower case.
        let key: String
        /// The property as people write it.
        let name: String
        /// Its value.
        let word: DSSWord
    }

    private let files: [String]
    /// Whose values these are.
    let object: DSSObject
    var mistakes: [FileMistake] = []

    init(_ object: DSSObject, files: [String]) {
        self.object = object
        self.files = files
    }

    /// What was set, in order.
    var all: [Field] {
        object.settings.map {
            Field(key: object.kind.key($0.property), name: object.kind.properties[$0.property], word: $0.word)
        }
    }

    /// Notes a mistake in a field.
    mutating func refuse(_ message: String, _ field: Field) {
        refuse("\(field.name): \(message)", at: field.word.place)
    }

    /// Notes a mistake of the object.
    mutating func refuse(_ message: String, at place: DSSPlace? = nil) {
        let place = place ?? object.place
        mistakes.append(
            FileMistake(
                file: files[place.file], line: place.line, column: place.column,
                message: "\(object.title): \(message)"))
    }

    // MARK: Numbers

    /// Reads a number into `value`.
    mutating func read(
        _ field: Field, _ value: inout Double, in range: ClosedRange<Double> = -1e12...1e12
    ) {
        if let number = number(field.word.value, field.word.isQuoted, field, in: range) { value = number }
    }

    /// Reads a number into `value`.
    mutating func read(
        _ field: Field, _ value: inout Double?, in range: ClosedRange<Double> = -1e12...1e12
    ) {
        if let number = number(field.word.value, field.word.isQuoted, field, in: range) { value = number }
    }

    /// Reads a whole number into `value`.
    mutating func read(_ field: Field, _ value: inout Int, in range: ClosedRange<Int>) {
        let bounds = Double(range.lowerBound)...Double(range.upperBound)
        guard let number = number(field.word.value, field.word.isQuoted, field, in: bounds) else { return }
        guard number == number.rounded() else {
            return refuse("\(quoted(field.word.value)) is not whole", field)
        }
        value = Int(number)
    }

    private mutating func number(
        _ text: String, _ isQuoted: Bool, _ field: Field, in range: ClosedRange<Double>
    ) -> Double? {
        var found = DSSArithmetic.number(text)
        if found == nil, isQuoted {
            do throws(DSSArithmetic.Refusal) {
                found = try DSSArithmetic.value(of: text)
            } catch {
                refuse("in \(quoted(text)), \(error.reason)", field)
                return nil
            }
        }
        guard let number = found else {
            refuse("\(quoted(text)) is not a number", field)
            return nil
        }
        guard range.contains(number) else {
            refuse("\(quoted(text)) is outside \(short(range.lowerBound))…\(short(range.upperBound))", field)
            return nil
        }
        return number
    }

    private func short(_ bound: Double) -> String {
        bound == bound.rounded() && bound.magnitude < 1e6 ? String(Int(bound)) : String(bound)
    }

    /// The numbers of an array.
    mutating func numbers(_ field: Field, in range: ClosedRange<Double> = -1e12...1e12) -> [Double] {
        elements(of: field.word.value).compactMap { number($0.text, $0.isQuoted, field, in: range) }
    }

    /// A symmetric matrix: its rows up to the diagonal, or whole rows, with `|` between them.
    mutating func matrix(_ field: Field, order: Int) -> [[Double]]? {
        var rows: [[Double]] = [[]]
        for element in elements(of: field.word.value, rows: true) {
            if element.text == "|", !element.isQuoted {
                rows.append([])
            } else if let value = number(element.text, element.isQuoted, field, in: -1e12...1e12) {
                rows[rows.count - 1].append(value)
            } else {
                return nil
            }
        }
        if rows.last == [], rows.count > 1 { rows.removeLast() }
        let counts = rows.map(\.count)
        guard rows.count == order, counts == Array(1...order) || counts.allSatisfy({ $0 == order }) else {
            refuse(
                "the matrix has rows of \(counts.map(String.init).joined(separator: ", ")) numbers; with "
                    + "\(order) phases it has rows of \((1...order).map(String.init).joined(separator: ", "))",
                field)
            return nil
        }
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: order), count: order)
        for (i, row) in rows.enumerated() {
            for (j, value) in row.enumerated() {
                matrix[i][j] = value
                matrix[j][i] = value
            }
        }
        return matrix
    }

    /// A complex number: its real and imaginary part.
    mutating func complex(_ field: Field) -> Complex? {
        let parts = numbers(field)
        guard parts.count == 2 else {
            refuse("a real and an imaginary part are needed", field)
            return nil
        }
        return Complex(parts[0], parts[1])
    }

    // MARK: Words

    /// The words of an array.
    func names(_ field: Field) -> [String] { elements(of: field.word.value).map(\.text) }

    /// Reads yes or no into `value`.
    mutating func read(_ field: Field, _ value: inout Bool) {
        switch field.word.value.lowercased().first {
        case "y", "t": value = true
        case "n", "f": value = false
        default: refuse("\(quoted(field.word.value)) is neither yes nor no", field)
        }
    }

    /// The choice whose name begins as the value does, or that the value begins with; a mistake if there is
    /// none.
    mutating func choice<Value>(_ field: Field, _ choices: KeyValuePairs<String, Value>) -> Value? {
        choice(field.word.value, field, choices)
    }

    /// The same for one word of an array.
    mutating func choice<Value>(
        _ text: String, _ field: Field, _ choices: KeyValuePairs<String, Value>
    ) -> Value? {
        let word = text.lowercased()
        if let exact = choices.first(where: { $0.key == word }) { return exact.value }
        if !word.isEmpty, let found = choices.first(where: { $0.key.hasPrefix(word) }) { return found.value }
        let names = choices.map(\.key).joined(separator: ", ")
        refuse("\(quoted(text)) is none of \(names)", field)
        return nil
    }

    /// Whether a connection is delta.
    mutating func isDelta(_ text: String, _ field: Field) -> Bool? {
        switch text.lowercased().first {
        case "d": true
        case "y", "w": false
        case "l": text.lowercased().hasPrefix("ll")
        default: choice(text, field, ["wye": false, "y": false, "ln": false, "delta": true, "ll": true])
        }
    }

    /// Bus and conductors of a terminal: those that the value names, then the phases, then earth.
    mutating func terminal(_ text: String, _ field: Field, phases: Int, conductors: Int) -> DSSTerminal? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        var nodes = (0..<conductors).map { $0 < phases ? $0 + 1 : 0 }
        guard let name = parts.first, !name.isEmpty else {
            refuse("\(quoted(text)) names no bus", field)
            return nil
        }
        for (index, part) in parts.dropFirst().enumerated() {
            guard let node = Int(part), (0...99).contains(node) else {
                refuse("in \(quoted(text)), \(quoted(part)) is not the number of a node, 0 to 99", field)
                return nil
            }
            // Nodes beyond those of the element are not connected.
            if index < conductors { nodes[index] = node }
        }
        return DSSTerminal(bus: String(name), nodes: nodes)
    }
}

/// Where one side of an element is connected.
struct DSSTerminal: Hashable, Sendable {
    /// The bus as it is written.
    var bus: String
    /// The node of each conductor; 0 is earth.
    var nodes: [Int]
}
