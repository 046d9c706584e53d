import TextFile

extension YAMLDocument {
    /// The bytes of a file as text, without a byte order mark; nil, with the reason reported, if they are not
    /// UTF-8.
    static func text(of bytes: [UInt8], _ collector: MistakeCollector) -> String? {
        if let refusal = TextEncoding.refusal(of: bytes) {
            collector.error(.begin, "", refusal)
            return nil
        }
        let body = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let at = body.firstIndex(of: 0) {
            collector.error(Mark(offset: at, in: bytes), "", "the file is binary; save it as text in UTF-8")
            return nil
        }
        guard let text = String(validating: body, as: UTF8.self) else {
            let at = body.startIndex + (invalidUTF8(in: body) ?? 0)
            let message = TextEncoding.complaint(about: body[max(body.startIndex, at - 1)...])
            collector.error(Mark(offset: at, in: bytes), "", message)
            return nil
        }
        return text
    }
}

extension Mark {
    /// The place of byte `offset`.
    fileprivate init(offset: Int, in bytes: [UInt8]) {
        let before = bytes[..<offset]
        let lineBegin = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        self.init(
            line: before.count { $0 == 10 } + 1, column: before[lineBegin...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
