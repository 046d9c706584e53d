/// What the first bytes of a file say about a format that cannot be read as text; nil if they say nothing.
public func foreignFormat(_ bytes: some Collection<UInt8>) -> String? {
    let known: [([UInt8], String)] = [
        ([0xFF, 0xFE], "the file is UTF-16; save it as UTF-8"),
        ([0xFE, 0xFF], "the file is UTF-16; save it as UTF-8"),
        ([0x1F, 0x8B], "the file is compressed (gzip); unpack it first"),
        ([0x42, 0x5A, 0x68], "the file is compressed (bzip2); unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "the file is compressed (xz); unpack it first"),
        ([0x28, 0xB5, 0x2F, 0xFD], "the file is compressed (zstd); unpack it first"),
        ([0x50, 0x4B, 0x03, 0x04], "the file is a ZIP archive or an Excel workbook; save the table as CSV"),
        ([0xD0, 0xCF, 0x11, 0xE0], "the file is an old Excel workbook; save the table as CSV"),
        ([0x25, 0x50, 0x44, 0x46], "the file is a PDF document; save it as text in UTF-8"),
    ]
    return known.first { bytes.starts(with: $0.0) }?.1
}

/// The offset of the first byte that is not UTF-8; nil if all are.
public func invalidUTF8(in bytes: some Collection<UInt8>) -> Int? {
    var parser = Unicode.UTF8.ForwardParser()
    var (rest, offset) = (bytes.makeIterator(), 0)
    while true {
        switch parser.parseScalar(from: &rest) {
        case .valid(let scalar): offset += scalar.count
        case .error: return offset
        case .emptyInput: return nil
        }
    }
}
