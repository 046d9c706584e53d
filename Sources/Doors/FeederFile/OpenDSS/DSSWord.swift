import TextFile

/// Where a word of a script stands.
struct DSSPlace: Hashable, Sendable {
    /// Index of the file among those of the script.
    var file: Int
    /// Line from 1.
    var line: Int
    /// Column from 1, in bytes.
    var column: Int
}

/// One word of a command: `kV=2.4`, or a value alone, which is meant for the next property.
struct DSSWord: Hashable, Sendable {
    /// What stands before `=`, in lower case.
    var name: String?
    /// The value, without the quotation marks or brackets around it.
    var value: String
    /// Whether quotation marks or brackets stood around the value: where a number is meant, it is arithmetic
    /// in reverse Polish notation.
    var isQuoted: Bool
    /// Where the word begins.
    var place: DSSPlace
}

/// Cuts one line into words. White space and commas separate them, `!` and `//` begin a comment, and
/// `"…"`, `'…'`, `(…)`, `[…]` and `{…}` keep what they enclose together up to the first closing mark.
struct DSSScanner {
    private let bytes: ArraySlice<UInt8>
    private let file: Int
    private let line: Int
    private var at: Int
    /// The opening marks that were not closed in the line, which then reaches to its end.
    private(set) var unclosed: [DSSPlace] = []

    init(_ bytes: ArraySlice<UInt8>, file: Int, line: Int) {
        self.bytes = bytes
        self.file = file
        self.line = line
        at = bytes.startIndex
    }

    /// The words of the rest of the line.
    mutating func words() -> [DSSWord] {
        var words: [DSSWord] = []
        while let word = next() { words.append(word) }
        return words
    }

    private mutating func next() -> DSSWord? {
        skip { $0.isBlank || $0 == UInt8(ascii: ",") }
        guard at < bytes.endIndex, !isComment else { return nil }
        let place = DSSPlace(file: file, line: line, column: at - bytes.startIndex + 1)
        if bytes[at] == UInt8(ascii: "=") {
            at += 1
            return DSSWord(name: "", value: value().text, isQuoted: false, place: place)
        }
        let first = value()
        skip(\.isBlank)
        guard at < bytes.endIndex, bytes[at] == UInt8(ascii: "=") else {
            return DSSWord(name: nil, value: first.text, isQuoted: first.isQuoted, place: place)
        }
        at += 1
        skip(\.isBlank)
        let second = isComment ? ("", false) : value()
        return DSSWord(name: first.text.lowercased(), value: second.0, isQuoted: second.1, place: place)
    }

    /// What stands here up to the next separator, or within quotation marks.
    private mutating func value() -> (text: String, isQuoted: Bool) {
        guard at < bytes.endIndex else { return ("", false) }
        if let closing = Self.closing(bytes[at]) {
            let start = at + 1
            let end = bytes[start...].firstIndex(of: closing)
            if end == nil {
                unclosed.append(DSSPlace(file: file, line: line, column: at - bytes.startIndex + 1))
            }
            at = end.map { $0 + 1 } ?? bytes.endIndex
            return (String(decoding: bytes[start..<(end ?? bytes.endIndex)], as: UTF8.self), true)
        }
        let start = at
        skip { !$0.isBlank && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "=") }
        return (String(decoding: bytes[start..<at], as: UTF8.self), false)
    }

    /// Moves on while `isWanted` and no comment begins.
    private mutating func skip(_ isWanted: (UInt8) -> Bool) {
        while at < bytes.endIndex, isWanted(bytes[at]), !isComment { at += 1 }
    }

    private var isComment: Bool {
        guard at < bytes.endIndex else { return false }
        if bytes[at] == UInt8(ascii: "!") { return true }
        let slash = UInt8(ascii: "/")
        return bytes[at] == slash && at + 1 < bytes.endIndex && bytes[at + 1] == slash
    }

    private static func closing(_ opening: UInt8) -> UInt8? {
        switch opening {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): opening
        case UInt8(ascii: "("): UInt8(ascii: ")")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        default: nil
        }
    }
}

extension UInt8 {
    /// Whether this is a space, a tab or another control character.
    var isBlank: Bool { self <= 32 }
}

/// Cuts the value of a word into the elements of an array; `|` stands between the rows of a matrix and is an
/// element of its own where `rows` is set, and white space otherwise.
func elements(of value: String, rows: Bool = false) -> [(text: String, isQuoted: Bool)] {
    let bytes = Array(value.utf8)
    var found: [(text: String, isQuoted: Bool)] = []
    var at = 0
    func isSeparator(_ byte: UInt8) -> Bool {
        byte.isBlank || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "|")
    }
    let pairs: [UInt8: UInt8] = [34: 34, 39: 39, 40: 41, 91: 93, 123: 125]
    while at < bytes.count {
        if isSeparator(bytes[at]) {
            if rows, bytes[at] == UInt8(ascii: "|") { found.append(("|", false)) }
            at += 1
            continue
        }
        let closing = pairs[bytes[at]]
        let start = closing == nil ? at : at + 1
        let end =
            bytes[start...].firstIndex { closing == nil ? isSeparator($0) : $0 == closing } ?? bytes.count
        found.append((String(decoding: bytes[start..<end], as: UTF8.self), closing != nil))
        at = closing == nil ? end : min(end + 1, bytes.count)
    }
    return found
}
