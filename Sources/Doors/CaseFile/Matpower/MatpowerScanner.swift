import TextFile

/// What a statement of a MATPOWER file says that is not supported, and at which byte.
struct MatpowerRefusal: Error {
    let offset: Int
    let message: String
    /// Byte at which reading goes on; nil: behind the statement.
    var resume: Int?
}

/// Goes over the bytes of a MATPOWER file: blanks, comments, words, numbers and texts.
struct MatpowerScanner {
    let bytes: UnsafeBufferPointer<UInt8>
    var at = 0

    var byte: UInt8? { at < bytes.count ? bytes[at] : nil }
    var isAtLineEnd: Bool { byte == nil || byte == 10 || byte == 13 }

    /// Passes over blanks, a comment up to its line's end, and over `...` to the next line.
    mutating func skipBlanks() {
        while let byte {
            if byte == 32 || byte == 9 {
                at += 1
            } else if startsComment {
                skipLine()
            } else if byte == UInt8(ascii: "."), starts(with: "...") {
                skipLine()
                skipLineEnd()
            } else {
                return
            }
        }
    }

    /// To the end of the line, before what ends it.
    mutating func skipLine() {
        while !isAtLineEnd { at += 1 }
    }

    /// To the end of the statement, which a line end, `;` or `,` outside of brackets and texts ends; with
    /// `wholeLine` only a line end does.
    mutating func skipStatement(wholeLine: Bool = false) {
        var depth = 0
        while let byte, depth > 0 || !isAtLineEnd {
            switch byte {
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: ";"), UInt8(ascii: ","): if depth == 0, !wholeLine { return }
            default: break
            }
            passToken()
        }
    }

    /// Passes over one byte, or over the whole comment, text, or `...` with its line end that begins there.
    mutating func passToken() {
        if startsComment {
            skipLine()
        } else if startsText {
            if (try? text()) == nil { skipLine() }
        } else if starts(with: "...") {
            skipLine()
            skipLineEnd()
        } else {
            at += 1
        }
    }

    var startsComment: Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "#") }

    /// Whether a quote is next that is not a transpose, which stands right behind a value.
    var startsText: Bool {
        guard byte == UInt8(ascii: "'") else { return byte == UInt8(ascii: "\"") }
        guard at > 0 else { return true }
        let before = bytes[at - 1]
        let closers: [UInt8] = [39, 41, 46, 93, 125]  // ' ) . ] }
        return !(isLetter(before) || before &- 48 < 10 || closers.contains(before))
    }

    mutating func skipLineEnd() {
        if byte == 13, at + 1 < bytes.count, bytes[at + 1] == 10 { at += 1 }
        at = min(at + 1, bytes.count)
    }

    /// To the next statement, over ends of lines and statements and blocks of comment.
    mutating func skipToStatement() {
        while byte != nil {
            if startsBlock {
                skipBlock()
            } else {
                skipBlanks()
                guard isAtLineEnd || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") else { return }
                skipLineEnd()
            }
        }
    }

    /// Whether the rest of the line opens a block of comment.
    var startsBlock: Bool { lineHolds("%{") || lineHolds("#{") }

    mutating func skipBlock() {
        var depth = 0
        while byte != nil {
            depth += startsBlock ? 1 : lineHolds("%}") || lineHolds("#}") ? -1 : 0
            skipLine()
            skipLineEnd()
            if depth == 0 { return }
        }
    }

    /// Whether the rest of the line is `mark` alone.
    private func lineHolds(_ mark: StaticString) -> Bool {
        var copy = self
        while copy.byte == 32 || copy.byte == 9 { copy.at += 1 }
        guard copy.starts(with: mark) else { return false }
        copy.at += mark.utf8CodeUnitCount
        while copy.byte == 32 || copy.byte == 9 { copy.at += 1 }
        return copy.isAtLineEnd
    }

    func starts(with mark: StaticString) -> Bool {
        let count = mark.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for index in 0..<count where bytes[at + index] != mark.utf8Start[index] { return false }
        return true
    }

    /// Takes `mark` where it is next.
    mutating func take(_ mark: StaticString) -> Bool {
        guard starts(with: mark) else { return false }
        at += mark.utf8CodeUnitCount
        return true
    }

    /// A name, or nil where none is next.
    mutating func word() -> String? {
        let start = at
        while let byte, isLetter(byte) || (at > start && byte &- 48 < 10) { at += 1 }
        return at > start ? String(decoding: bytes[start..<at], as: UTF8.self) : nil
    }

    /// The text between single or double quotes, two of them standing for one; the opening quote is next.
    mutating func text() throws(MatpowerRefusal) -> String {
        let (open, quote) = (at, bytes[at])
        var text: [UInt8] = []
        at += 1
        while let byte, !isAtLineEnd {
            at += 1
            if byte != quote {
                text.append(byte)
            } else if self.byte == byte {
                text.append(byte)
                at += 1
            } else {
                return String(decoding: text, as: UTF8.self)
            }
        }
        throw MatpowerRefusal(offset: open, message: "this quote is not closed on its line")
    }

    /// A decimal number, whose exponent may be marked by `d` as well as by `e`.
    mutating func number() -> Double? {
        let start = at
        guard let number = leadingDecimal(bytes, from: &at) else { return nil }
        guard let mark = byte, mark | 32 == UInt8(ascii: "d") else { return number }
        var end = at + 1
        if end < bytes.count, bytes[end] == 43 || bytes[end] == 45 { end += 1 }
        let digits = end
        while end < bytes.count, bytes[end] &- 48 < 10 { end += 1 }
        guard end > digits else { return number }
        let spelled = bytes[start..<at] + [UInt8(ascii: "e")] + bytes[(at + 1)..<end]
        at = end
        return decimal(spelled)
    }

    /// Where the operator stands that follows the blanks that are next, if it can only join what is before
    /// and behind it: a sign behind a blank and before none begins an element of a matrix.
    var atJoiningOperator: Int? {
        var ahead = self
        ahead.skipBlanks()
        guard ahead.at > at, let byte = ahead.byte else { return nil }
        let next = ahead.at + 1 < bytes.count ? bytes[ahead.at + 1] : 10
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "-"): return next == 32 || next == 9 ? ahead.at : nil
        case UInt8(ascii: "~"), UInt8(ascii: "!"): return next == UInt8(ascii: "=") ? ahead.at : nil
        case UInt8(ascii: "."): return [42, 47, 94].contains(next) ? ahead.at : nil
        case UInt8(ascii: "*"), UInt8(ascii: "/"), UInt8(ascii: "^"), UInt8(ascii: "<"), UInt8(ascii: ">"),
            UInt8(ascii: "="), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: ":"):
            return ahead.at
        default: return nil
        }
    }

    /// Whether an assignment to a name, a field or a part of one begins here.
    var startsAssignment: Bool {
        var ahead = self
        guard ahead.word() != nil else { return false }
        while ahead.take(".") { guard ahead.word() != nil else { return false } }
        ahead.skipBlanks()
        if ahead.take("(") {
            while !ahead.isAtLineEnd, !ahead.take(")") { ahead.at += 1 }
            ahead.skipBlanks()
        }
        return ahead.take("=") && ahead.byte != UInt8(ascii: "=")
    }

    /// What is next, for a message.
    var found: String {
        guard !isAtLineEnd else { return byte == nil ? "the end of the file" : "the end of the line" }
        var copy = self
        if let word = copy.word() { return "'\(word.prefix(40))'" }
        var end = at + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return "'" + String(decoding: bytes[at..<end], as: UTF8.self) + "'"
    }

    func isLetter(_ byte: UInt8) -> Bool {
        (byte | 32) &- 97 < 26 || byte == 95
    }
}
