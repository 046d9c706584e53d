// `if` and `for`. What stands in a branch that is not taken is passed over and never understood.
extension MatpowerReader {
    private static let deepest = 32

    /// `if CONDITION … elseif CONDITION … else … end`; the word `if` has been read.
    mutating func condition(_ start: Int) throws(MatpowerRefusal) -> Ending? {
        try enter(start)
        defer { nesting -= 1 }
        var (isDone, holds) = (false, try truth(start))
        while true {
            let ending = holds && !isDone ? run() : try skipBranch(start)
            isDone = isDone || holds
            switch ending {
            case .end: return nil
            case .returned: return ending
            case .file: throw refusal("this `if` has no `end`", at: start)
            case .elseBranch: holds = true
            case .elseIfBranch: holds = isDone ? false : try truth(start)
            }
        }
    }

    /// `for NAME = VALUES … end`: the name is each column of the values in turn; the word `for` has been
    /// read. A mistake in one round ends the loop.
    mutating func loop(_ start: Int) throws(MatpowerRefusal) -> Ending? {
        try enter(start)
        defer { nesting -= 1 }
        let (name, columns) = try loopHead(start)
        let (body, known) = (scanner.at, mistakes.count)
        for column in 0..<(columns.rows > 0 ? columns.columns : 0) {
            values[name] = columns.part(Array(0..<columns.rows), [column])
            scanner.at = body
            switch run() {
            case .end: break
            case .returned: return .returned
            case .file: throw refusal("this `for` has no `end`", at: start)
            case .elseBranch, .elseIfBranch: throw refusal("there is no `if` to which this belongs")
            }
            if mistakes.count > known { return nil }
        }
        if columns.values.isEmpty { _ = try skipBranch(start) }
        return nil
    }

    private mutating func loopHead(_ start: Int) throws(MatpowerRefusal) -> (String, MatpowerMatrix) {
        do throws(MatpowerRefusal) {
            skipBlanks()
            let isBracketed = scanner.take("(")
            skipBlanks()
            guard let name = scanner.word() else {
                throw refusal("a name is expected; found \(scanner.found)")
            }
            try take("=")
            let values = try expression()
            if isBracketed { try take(")") }
            return (name, values)
        } catch {
            try skipRest(of: start)
            throw MatpowerRefusal(offset: error.offset, message: error.message, resume: scanner.at)
        }
    }

    /// What `if` and `elseif` ask: every element of a value is other than 0.
    private mutating func truth(_ start: Int) throws(MatpowerRefusal) -> Bool {
        do throws(MatpowerRefusal) {
            let value = try expression()
            return !value.values.isEmpty && value.values.allSatisfy { $0 != 0 }
        } catch {
            try skipRest(of: start)
            throw MatpowerRefusal(offset: error.offset, message: error.message, resume: scanner.at)
        }
    }

    private mutating func enter(_ start: Int) throws(MatpowerRefusal) {
        nesting += 1
        guard nesting <= Self.deepest else {
            nesting -= 1
            scanner.at = scanner.bytes.count
            throw refusal("blocks are nested more than \(Self.deepest) deep", at: start)
        }
    }

    /// Passes over what is left of the block whose first word stands at `start`, its `end` included.
    mutating func skipRest(of start: Int) throws(MatpowerRefusal) {
        while try skipBranch(start) != .end {}
    }

    /// Passes over statements up to the `else`, `elseif` or `end` that belongs to the block around them.
    private mutating func skipBranch(_ start: Int) throws(MatpowerRefusal) -> Ending {
        var (blocks, brackets) = (0, 0)
        while let byte = scanner.byte {
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): brackets += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): brackets = max(0, brackets - 1)
            case 10, 13:
                scanner.skipToStatement()
                continue
            case UInt8(ascii: "."):
                scanner.passToken()
                _ = scanner.word()
                continue
            default: break
            }
            guard scanner.isLetter(byte), let word = scanner.word() else {
                scanner.passToken()
                continue
            }
            guard brackets == 0 else { continue }
            if MatpowerNames.blocks.contains(word) { blocks += 1 }
            if word.hasPrefix("end"), MatpowerNames.ends.contains(word) {
                if blocks == 0 { return .end }
                blocks -= 1
            } else if blocks == 0, word == "else" || word == "elseif" {
                return word == "else" ? .elseBranch : .elseIfBranch
            }
        }
        throw refusal("this block has no `end`", at: start)
    }
}
