import TextFile

/// One value of a JSON text (RFC 8259). As Python writes them, `NaN` is read as null and `Infinity` as a
/// number.
enum JSONValue {
    case null
    case bool(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    subscript(key: String) -> JSONValue? {
        if case .object(let members) = self { members[key] } else { nil }
    }

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
    var list: [JSONValue]? {
        if case .list(let list) = self { list } else { nil }
    }

    /// For a message.
    var spelled: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): shortest(number)
        case .text(let text): quoted(text)
        case .list: "a list"
        case .object: "an object"
        }
    }
}

/// Reads a JSON text.
struct JSONReader {
    struct Mistake: Error {
        let offset: Int
        let message: String
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    /// What was read so far, about in units of the memory of one number.
    private var size = 0
    private static let deepest = 100
    private static let largest = 20_000_000

    static func read(_ bytes: UnsafeBufferPointer<UInt8>) throws(Mistake) -> JSONValue {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipBlanks()
        guard reader.at == bytes.count else { throw reader.mistake("the end of the text is expected") }
        return value
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func mistake(_ message: String) -> Mistake { Mistake(offset: at, message: message) }

    private mutating func skipBlanks() {
        while at < bytes.count, [32, 9, 10, 13].contains(bytes[at]) { at += 1 }
    }

    private mutating func take(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count else { return false }
        for index in 0..<count where bytes[at + index] != word.utf8Start[index] { return false }
        at += count
        return true
    }

    private mutating func value(depth: Int) throws(Mistake) -> JSONValue {
        guard depth <= Self.deepest else { throw mistake("the text is nested too deeply") }
        skipBlanks()
        guard at < bytes.count else { throw mistake("a value is expected; found the end of the file") }
        try take(1)
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try list(depth)
        case UInt8(ascii: "\""): return .text(try text())
        default:
            if let number = leadingDecimal(bytes, from: &at) { return .number(number) }
            if take("null") || take("NaN") { return .null }
            if take("true") { return .bool(true) }
            if take("false") { return .bool(false) }
            if take("Infinity") { return .number(.infinity) }
            if take("-Infinity") { return .number(-.infinity) }
            throw mistake("a value is expected")
        }
    }

    private mutating func take(_ more: Int) throws(Mistake) {
        size += more
        guard size <= Self.largest else {
            throw mistake("the text has too many values; about \(Self.largest) numbers are read")
        }
    }

    private mutating func list(_ depth: Int) throws(Mistake) -> JSONValue {
        try take(3)
        at += 1
        var values: [JSONValue] = []
        skipBlanks()
        if take("]") { return .list(values) }
        while true {
            values.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .list(values) }
            guard take(",") else { throw mistake("',' or ']' is expected") }
        }
    }

    private mutating func object(_ depth: Int) throws(Mistake) -> JSONValue {
        try take(3)
        at += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            skipBlanks()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                throw mistake("a name is expected")
            }
            let start = at
            try take(3)
            let name = try text()
            skipBlanks()
            guard take(":") else { throw mistake("':' is expected") }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw Mistake(offset: start, message: "\(quoted(name)) is given twice")
            }
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw mistake("',' or '}' is expected") }
        }
    }

    private mutating func text() throws(Mistake) -> String {
        let open = at
        var text: [UInt8] = []
        at += 1
        while at < bytes.count, bytes[at] >= 32 {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(&text)
            default: text.append(byte)
            }
        }
        throw Mistake(offset: open, message: "this quote is not closed on its line")
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Mistake) {
        guard at < bytes.count else { throw mistake("this escape is not finished") }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            let high = try codeUnit()
            let isPair = (0xD800..<0xDC00).contains(high) && take("\\u")
            let units = isPair ? [high, try codeUnit()] : [high]
            text += Array(String(decoding: units, as: UTF16.self).utf8)
        default: throw mistake("this escape is not known")
        }
    }

    private mutating func codeUnit() throws(Mistake) -> UInt16 {
        guard at + 4 <= bytes.count,
            let unit = UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw mistake("four hexadecimal digits are expected") }
        at += 4
        return unit
    }
}
