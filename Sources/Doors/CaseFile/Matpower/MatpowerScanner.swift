import TextFile

/// What a statement of a MATPOWER file says that is not supported, and at which byte.
struct MatpowerRefusal: Error {
    let offset: Int
    let message: String
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
            } else if byte == UInt8(ascii: "%") {
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

    /// To the end of the line, or of the one in which the brackets opened on the way are closed.
    mutating func skipStatement() {
        var depth = 0
        while let byte, depth > 0 || !isAtLineEnd {
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            if byte == UInt8(ascii: "%") { skipLine() } else { at += 1 }
        }
    }

    mutating func skipLineEnd() {
        if byte == 13, at + 1 < bytes.count, bytes[at + 1] == 10 { at += 1 }
        at = min(at + 1, bytes.count)
    }

    /// To the next statement, over ends of lines and statements and blocks of comment.
    mutating func skipToStatement() {
        while byte != nil {
            if lineHolds("%{") {
                skipBlock()
            } else {
                skipBlanks()
                guard isAtLineEnd || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",") else { return }
                skipLineEnd()
            }
        }
    }

    private mutating func skipBlock() {
        var depth = 0
        while byte != nil {
            depth += lineHolds("%{") ? 1 : lineHolds("%}") ? -1 : 0
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

    /// The text between single quotes, `''` standing for one; the opening quote is next.
    mutating func text() throws(MatpowerRefusal) -> String {
        let open = at
        var text: [UInt8] = []
        at += 1
        while let byte, !isAtLineEnd {
            at += 1
            if byte != UInt8(ascii: "'") {
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

    /// What is next, for a message.
    var found: String {
        guard !isAtLineEnd else { return byte == nil ? "the end of the file" : "the end of the line" }
        var copy = self
        if let word = copy.word() { return "'\(word.prefix(40))'" }
        var end = at + 1
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        return "'" + String(decoding: bytes[at..<end], as: UTF8.self) + "'"
    }

    private func isLetter(_ byte: UInt8) -> Bool {
        (byte | 32) &- 97 < 26 || byte == 95
    }
}
