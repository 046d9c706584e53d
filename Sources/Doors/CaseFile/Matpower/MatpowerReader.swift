import TextFile

/// Reads the statements of a MATPOWER case file (a small part of the MATLAB language) one after another and
/// carries them out: assignments to the fields of `mpc`, whole or in part, and to names. Everything else is
/// refused with its place, and reading goes on behind it.
struct MatpowerReader {
    var scanner: MatpowerScanner
    var mistakes: MistakeList
    /// Of the case, by name.
    private(set) var fields: [String: MatpowerMatrix] = [:]
    private(set) var names: [String: MatpowerMatrix] = [:]
    private(set) var version: String?
    /// What the file calls the case.
    private(set) var structure = "mpc"
    /// Whether blanks and line ends part elements.
    var isInMatrix = false
    var depth = 0
    /// How many statements `end` can close.
    private var open = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
        scanner = MatpowerScanner(bytes: bytes)
        mistakes = MistakeList(file: file)
        if scanner.starts(with: "\u{FEFF}") { scanner.at = 3 }
    }

    mutating func read() {
        scanner.skipToStatement()
        while scanner.byte != nil {
            do {
                try statement()
                try endStatement()
            } catch {
                tell(error)
                (isInMatrix, depth) = (false, 0)
                scanner.skipStatement()
            }
            scanner.skipToStatement()
        }
    }

    mutating func tell(_ refusal: MatpowerRefusal) {
        let bytes = scanner.bytes
        mistakes.add(refusal.message, at: lineAndColumn(of: refusal.offset, in: bytes))
    }

    private mutating func statement() throws(MatpowerRefusal) {
        let start = scanner.at
        if scanner.byte == UInt8(ascii: "[") { return try assignList() }
        switch scanner.word() {
        case structure: try assignField(start)
        case "function": try header(start)
        case "define_constants":
            for list in MatpowerNames.lists.values {
                for entry in list { names[entry.name] = MatpowerMatrix(entry.value) }
            }
        case "if": try condition()
        case "end" where open > 0, "return" where open > 0: open -= 1
        case let name?:
            skipBlanks()
            guard scanner.take("="), !scanner.starts(with: "=") else {
                throw refusal(
                    "'\(name.prefix(40))' does not begin a supported statement; allowed are assignments to \(structure), "
                        + "its fields and names, and `if` with a number", at: start)
            }
            names[name] = try expression()
        case nil: throw refusal("a statement is expected; found \(scanner.found)")
        }
    }

    private mutating func endStatement() throws(MatpowerRefusal) {
        skipBlanks()
        guard scanner.isAtLineEnd || scanner.take(";") || scanner.take(",") else {
            throw refusal("the end of the statement is expected; found \(scanner.found)")
        }
    }

    /// `function mpc = NAME`
    private mutating func header(_ start: Int) throws(MatpowerRefusal) {
        skipBlanks()
        if scanner.byte == UInt8(ascii: "[") {
            let message =
                "this is a case of version 1; only version 2 can be read (MATPOWER's savecase writes it)"
            scanner.at = scanner.bytes.count
            throw refusal(message, at: start)
        }
        guard fields.isEmpty, open == 0 else {
            throw refusal("a second function is not supported", at: start)
        }
        guard let name = scanner.word() else { throw refusal("a name is expected; found \(scanner.found)") }
        try take("=")
        skipBlanks()
        guard scanner.word() != nil else { throw refusal("a name is expected; found \(scanner.found)") }
        if scanner.take("(") { try take(")") }
        structure = name
        open += 1
    }

    /// The text between `if 0` and its `end` is skipped.
    private mutating func condition() throws(MatpowerRefusal) {
        skipBlanks()
        let start = scanner.at
        guard let number = try expression().scalar else {
            throw refusal("`if` takes one number", at: start)
        }
        guard number == 0 else { return open += 1 }
        let openers: Set = ["if", "for", "while", "switch", "try", "parfor"]
        var depth = 1
        while depth > 0 {
            scanner.skipLine()
            scanner.skipToStatement()
            guard scanner.byte != nil else { throw refusal("this `if` has no `end`", at: start) }
            let word = scanner.word() ?? ""
            if depth == 1, word == "else" || word == "elseif" { throw refusal("`\(word)` is not supported") }
            depth += openers.contains(word) ? 1 : word == "end" ? -1 : 0
        }
    }

    /// `[NAME, NAME, …] = idx_bus` and its like.
    private mutating func assignList() throws(MatpowerRefusal) {
        let start = scanner.at
        scanner.at += 1
        var targets: [String] = []
        while true {
            skipBlanks()
            if scanner.take("]") { break }
            if scanner.take(",") { continue }
            guard let name = scanner.word() else {
                throw refusal("a name is expected; found \(scanner.found)")
            }
            targets.append(name)
        }
        try take("=")
        skipBlanks()
        let at = scanner.at
        guard let list = scanner.word().flatMap({ MatpowerNames.lists[$0] }) else {
            let known = MatpowerNames.lists.keys.sorted().joined(separator: ", ")
            throw refusal("only \(known) may assign several names at once", at: at)
        }
        guard targets.count <= list.count else {
            throw refusal("\(targets.count) names for \(list.count) values", at: start)
        }
        for (name, entry) in zip(targets, list) { names[name] = MatpowerMatrix(entry.value) }
    }

    /// What follows the name of the structure on the left of `=`.
    private mutating func assignField(_ start: Int) throws(MatpowerRefusal) {
        guard scanner.take(".") else {
            throw refusal("a field such as \(structure).bus is expected; found \(scanner.found)")
        }
        let nameStart = scanner.at
        guard let name = scanner.word() else {
            throw refusal("the name of a field is expected; found \(scanner.found)")
        }
        let isRead = MatpowerNames.read.contains(name)
        guard isRead || MatpowerNames.skipped.contains(name) || name == "dcline" else {
            throw refusal(
                "the field '\(name.prefix(40))' is not known; a case has "
                    + (MatpowerNames.read + MatpowerNames.skipped.sorted()).joined(separator: ", "),
                at: nameStart)
        }
        skipBlanks()
        if scanner.byte == UInt8(ascii: "(") { return try assignPart(of: name, start) }
        try take("=")
        skipBlanks()
        switch scanner.byte {
        case UInt8(ascii: "'"):
            let text = try scanner.text()
            if name == "version" { version = text }
        case UInt8(ascii: "{"): try skipCell()
        default:
            fields[name] = try expression()
            if name == "version" { version = fields[name]?.scalar.map(shortest) }
        }
        if name == "dcline" {
            mistakes.warn(
                "\(structure).dcline is ignored, as in MATPOWER's power flow",
                at: lineAndColumn(of: start, in: scanner.bytes))
        }
    }

    private mutating func assignPart(of name: String, _ start: Int) throws(MatpowerRefusal) {
        guard let matrix = fields[name] else {
            throw refusal("\(structure).\(name) has no value yet", at: start)
        }
        let (rows, columns) = try indices(of: matrix)
        try take("=")
        let value = try expression()
        guard value.scalar != nil || (value.rows == rows.count && value.columns == columns.count) else {
            throw refusal(
                "the sizes of both sides differ: \(rows.count) × \(columns.count) and \(value.size)",
                at: start)
        }
        for (i, row) in rows.enumerated() {
            for (j, column) in columns.enumerated() {
                fields[name]![row, column] = value.scalar ?? value[i, j]
            }
        }
    }

    /// A cell array, such as the names of buses.
    private mutating func skipCell() throws(MatpowerRefusal) {
        let start = scanner.at
        scanner.at += 1
        while let byte = scanner.byte {
            switch byte {
            case UInt8(ascii: "}"):
                scanner.at += 1
                return
            case UInt8(ascii: "'"): _ = try scanner.text()
            case UInt8(ascii: "{"): try skipNested()
            case UInt8(ascii: "%"): scanner.skipLine()
            default: scanner.at += 1
            }
        }
        throw refusal("this bracket is not closed", at: start)
    }

    private mutating func skipNested() throws(MatpowerRefusal) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 8 else { throw refusal("brackets are nested too deeply") }
        try skipCell()
    }

    /// Blanks part elements within a matrix, and mean nothing elsewhere.
    mutating func skipBlanks() {
        if !isInMatrix { scanner.skipBlanks() }
    }

    mutating func take(_ mark: StaticString) throws(MatpowerRefusal) {
        skipBlanks()
        guard scanner.take(mark) else { throw refusal("'\(mark)' is expected; found \(scanner.found)") }
    }

    func refusal(_ message: String, at offset: Int? = nil) -> MatpowerRefusal {
        MatpowerRefusal(offset: offset ?? scanner.at, message: message)
    }
}
