// What is assigned: the case, its fields, parts of them, and names.
extension MatpowerReader {
    /// `[NAME, NAME, …] = idx_bus` and its like.
    mutating func assignList() throws(MatpowerRefusal) {
        let start = scanner.at
        scanner.at += 1
        var targets: [String?] = []
        while true {
            skipBlanks()
            if scanner.take("]") { break }
            if scanner.take(",") { continue }
            if scanner.take("~") {
                targets.append(nil)
                continue
            }
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
        if scanner.take("(") { try take(")") }
        guard targets.count <= list.count else {
            throw refusal("\(targets.count) names for \(list.count) values", at: start)
        }
        for (name, entry) in zip(targets, list) {
            if let name { values[name] = MatpowerMatrix(entry.value) }
        }
    }

    /// `NAME = VALUE` or `NAME(INDEX) = VALUE`; the name has been read.
    mutating func assignName(_ name: String, _ start: Int) throws(MatpowerRefusal) {
        skipBlanks()
        if scanner.byte == UInt8(ascii: "("), values[name] != nil {
            return try assignPart(of: name, start)
        }
        guard scanner.take("="), scanner.byte != UInt8(ascii: "=") else {
            throw refusal(
                "'\(name.prefix(40))' does not begin a supported statement; allowed are assignments to \(structure), "
                    + "its fields and names, `if` and `for`", at: start)
        }
        skipBlanks()
        if startsTextOrCell {
            values[name] = nil
            scanner.skipStatement()
        } else {
            values[name] = try expression()
        }
    }

    private var startsTextOrCell: Bool {
        [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "{")].contains(scanner.byte)
    }

    /// What follows the name of the structure at the beginning of a statement.
    mutating func assignCase(_ start: Int) throws(MatpowerRefusal) {
        var ahead = scanner
        ahead.skipBlanks()
        if ahead.take("="), ahead.byte != UInt8(ascii: "=") {
            ahead.skipBlanks()
            guard ahead.take("struct()") || ahead.take("struct;") || ahead.take("[]") else {
                throw refusal(
                    "\(structure) is assigned as a whole; only its fields can be read (MATPOWER's savecase writes them)",
                    at: start)
            }
            if ahead.bytes[ahead.at - 1] == UInt8(ascii: ";") { ahead.at -= 1 }
            values = values.filter { !$0.key.hasPrefix(".") }
            (version, scanner) = (nil, ahead)
            return
        }
        guard scanner.take(".") else {
            throw refusal("a field such as \(structure).bus is expected; found \(scanner.found)")
        }
        guard let name = scanner.word() else {
            throw refusal("the name of a field is expected; found \(scanner.found)")
        }
        guard MatpowerNames.read.contains(name) else { return try assignUnread(name, start) }
        skipBlanks()
        if scanner.byte == UInt8(ascii: "(") {
            return try assignPart(of: "." + name, start)
        }
        try take("=")
        skipBlanks()
        if scanner.startsText {
            let text = try scanner.text()
            guard name == "version" else { throw refusal("\(structure).\(name) takes numbers", at: start) }
            version = text
        } else {
            values["." + name] = try expression()
            if name == "version" { version = values["." + name]?.scalar.map(shortest) }
        }
    }

    /// A field that a power flow does not need. Its value is kept where it is understood, since others may be
    /// computed from it.
    private mutating func assignUnread(_ name: String, _ start: Int) throws(MatpowerRefusal) {
        values["." + name] = nil
        skipBlanks()
        if scanner.byte != UInt8(ascii: "=") {
            scanner.skipStatement()
        } else {
            scanner.at += 1
            skipBlanks()
            if scanner.byte == UInt8(ascii: "{") {
                try skipCell()
            } else {
                try readUnread(name)
            }
        }
        guard !MatpowerNames.silent.contains(name), toldFields.insert(name).inserted else { return }
        if name == "dcline", let lines = values["." + name], lines.columns > 2,
            (0..<lines.rows).allSatisfy({ lines[$0, 2] == 0 })
        {
            return
        }
        let reason = MatpowerNames.unread[name] ?? "the field '\(name.prefix(40))' is not known, and not read"
        warn(reason.replacing("mpc.", with: "\(structure)."), at: start)
    }

    /// The value of a field that is not needed, kept where it is understood and else passed over; only a
    /// bracket that is not closed is a mistake.
    private mutating func readUnread(_ name: String) throws(MatpowerRefusal) {
        let (start, known) = (scanner.at, mistakes)
        do throws(MatpowerRefusal) {
            let value = try expression()
            skipBlanks()
            let isWhole =
                scanner.isAtLineEnd || [UInt8(ascii: ";"), UInt8(ascii: ",")].contains(scanner.byte)
            if isWhole, mistakes.count == known.count { values["." + name] = value }
        } catch  where error.resume != nil {
            throw error
        } catch {
            (isInMatrix, depth, extent) = (false, 0, nil)
        }
        guard values["." + name] == nil else { return }
        (scanner.at, mistakes) = (start, known)
        scanner.skipStatement()
    }

    /// A part of the value of `key`, whose opening bracket is next.
    private mutating func assignPart(of key: String, _ start: Int) throws(MatpowerRefusal) {
        guard let size = values[key].map({ (rows: $0.rows, columns: $0.columns) }) else {
            throw refusal("\(key.hasPrefix(".") ? structure + key : key) has no value yet", at: start)
        }
        let index = try index(rows: size.rows, columns: size.columns, mayGrow: true)
        try take("=")
        let value = try expression()
        if value.values.isEmpty {
            guard values[key]!.remove(rows: index.rows, columns: index.columns) else {
                throw refusal("only whole rows or columns can be removed", at: start)
            }
            return
        }
        guard value.scalar != nil || (value.rows, value.columns) == (index.rows.count, index.columns.count)
        else {
            throw refusal(
                "the sizes of both sides differ: \(index.rows.count) × \(index.columns.count) and \(value.size)",
                at: start)
        }
        let rows = max((index.rows.max() ?? -1) + 1, size.rows)
        let columns = max((index.columns.max() ?? -1) + 1, size.columns)
        if rows > size.rows || columns > size.columns {
            try spend(rows * columns)
            values[key]!.grow(rows: rows, columns: columns, from: start)
        }
        try spend(index.rows.count * index.columns.count)
        for (i, row) in index.rows.enumerated() {
            for (j, column) in index.columns.enumerated() {
                values[key]![row, column] = value.scalar ?? value[i, j]
            }
        }
    }

    /// A cell array, such as the names of buses.
    private mutating func skipCell() throws(MatpowerRefusal) {
        let start = scanner.at
        var depth = 0
        while let byte = scanner.byte {
            if byte == 10 || byte == 13 {
                scanner.skipToStatement()
                if startsWord(structure), scanner.startsAssignment {
                    throw unclosed(start)
                }
                continue
            }
            if byte == UInt8(ascii: "{") { depth += 1 }
            if byte == UInt8(ascii: "}") { depth -= 1 }
            if scanner.startsText { _ = try scanner.text() } else { scanner.passToken() }
            if depth == 0 { return }
        }
        throw refusal("this bracket is not closed", at: start)
    }

    /// The bracket at `start` is open where the next statement begins, with which reading goes on.
    func unclosed(_ start: Int) -> MatpowerRefusal {
        let line = lineAndColumn(of: scanner.at, in: scanner.bytes).line
        return MatpowerRefusal(
            offset: start, message: "this bracket is not closed before the statement in line \(line)",
            resume: scanner.at)
    }
}
