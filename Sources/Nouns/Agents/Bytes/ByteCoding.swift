// Numbers as bytes, the least significant first. Reading never traps: it returns nil where bytes are missing.

/// Bytes that are written one number after another.
public struct ByteWriter: Sendable {
    /// What has been written.
    public private(set) var bytes: [UInt8] = []

    /// Creates an empty list.
    public init() {}

    /// Writes a whole number in its width.
    public mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a number in 8 bytes, bit for bit.
    public mutating func write(_ number: Double) { write(number.bitPattern) }

    /// Writes numbers of 8 bytes each.
    public mutating func write(_ numbers: some Sequence<Double>) {
        for number in numbers { write(number) }
    }
}

/// Bytes that are read one number after another.
public struct ByteReader: Sendable {
    private var rest: ArraySlice<UInt8>

    /// Creates a reader of all bytes of a list.
    public init(_ bytes: some Collection<UInt8>) { rest = Array(bytes)[...] }

    /// Number of bytes that are left.
    public var left: Int { rest.count }

    /// Reads a whole number; nil where too few bytes are left.
    public mutating func whole<T: FixedWidthInteger>(_ type: T.Type = T.self) -> T? {
        let width = T.bitWidth / 8
        guard rest.count >= width else { return nil }
        defer { rest = rest.dropFirst(width) }
        return rest.prefix(width).reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    /// Reads a number bit for bit; nil where too few bytes are left.
    public mutating func number() -> Double? { whole(UInt64.self).map { Double(bitPattern: $0) } }

    /// Reads a number that is neither infinite nor NaN; nil otherwise.
    public mutating func finite() -> Double? { number().flatMap { $0.isFinite ? $0 : nil } }

    /// Reads `count` finite numbers; nil where one is not, or too few bytes are left.
    public mutating func finite(count: Int) -> [Double]? {
        guard (0...rest.count / 8).contains(count) else { return nil }
        let numbers = (0..<count).compactMap { _ in finite() }
        return numbers.count == count ? numbers : nil
    }
}
