/// Recognises files that are not text in UTF-8, so that a message can name what they are.
public enum TextEncoding {
    /// Returns the reason why `bytes` cannot be cut into lines: another format (`foreignFormat`), or UTF-16
    /// without a byte order mark; nil if they can.
    public static func refusal(of bytes: some Collection<UInt8>) -> String? {
        // Half of the bytes of Latin text in UTF-16 are zero: either the first or the second of each pair.
        var (first, second, count) = (0, 0, 0)
        for (place, byte) in bytes.prefix(1024).enumerated() {
            count += 1
            if byte == 0, place % 2 == 0 { first += 1 } else if byte == 0 { second += 1 }
        }
        let isWide = count >= 4 && max(first, second) * 10 > count * 3 && min(first, second) * 20 <= count
        return foreignFormat(bytes) ?? (isWide ? "the file is UTF-16; save it as UTF-8" : nil)
    }

    /// Returns what to say of text that is not UTF-8: `the file is not UTF-8; it looks like GBK; save it as
    /// UTF-8`.
    ///
    /// - Parameter text: the file, or a part of it that is not UTF-8.
    public static func complaint(about text: some Collection<UInt8>) -> String {
        // The byte before the first that is not ASCII tells whether that stands within a word.
        let ascii = text.prefix { $0 < 0x80 }.count
        let guess =
            guess(Array(text.dropFirst(max(0, ascii - 1)).prefix(1 << 16))).map { "; it looks like \($0)" }
            ?? ""
        return "the file is not UTF-8\(guess); save it as UTF-8"
    }

    /// The encoding that `bytes` seem to have, judged by their runs of bytes from 0x80 on: Chinese characters
    /// in GB 2312 are pairs of such bytes, and letters of Latin-1 stand alone between ASCII letters.
    private static func guess(_ bytes: [UInt8]) -> String? {
        if isShiftJIS(bytes) { return "Shift-JIS (Japanese)" }
        var (paired, single, at) = (0, 0, 0)
        while at < bytes.count {
            let run = bytes[at...].prefix { $0 >= 0xA1 }
            if run.isEmpty {
                at += 1
                continue
            }
            let isInWord =
                at > 0 && isLetter(bytes[at - 1]) && run.endIndex < bytes.count
                && isLetter(bytes[run.endIndex])
            if run.count.isMultiple(of: 2), !isInWord { paired += run.count } else { single += run.count }
            at = run.endIndex
        }
        guard paired + single > 0 else { return nil }
        return paired > single ? "GBK or GB18030 (Chinese)" : "Latin-1 or Windows-1252 (western European)"
    }

    /// Whether `bytes` are Shift-JIS with kana, which begin with 0x82 or 0x83: GB 2312 has no such byte.
    private static func isShiftJIS(_ bytes: [UInt8]) -> Bool {
        var (kana, others, at) = (0, 0, 0)
        while at < bytes.count {
            let (lead, trail) = (bytes[at], at + 1 < bytes.count ? bytes[at + 1] : 0)
            at += 1
            guard lead >= 0x80, !(0xA1...0xDF).contains(lead) else { continue }
            guard (0x40...0xFC).contains(trail), trail != 0x7F else { return false }
            if lead == 0x82 || lead == 0x83 { kana += 1 } else { others += 1 }
            at += 1
        }
        return kana > 0 && kana * 4 > others
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}
