public import Agents

// What the agents of R-ADMM say, in bytes.
extension ConsensusMessage: CodedPayload {
    /// Number of this kind of payload.
    public static var kind: UInt8 { 1 }

    /// Writes the horizon, the count and the values, 8 bytes each.
    public func write(to bytes: inout ByteWriter) {
        bytes.write(horizon)
        bytes.write(beat)
        bytes.write(Array(values))
    }

    /// Reads what `write` has written; nil where a value is not finite.
    public init?(from bytes: inout ByteReader) {
        guard let horizon = bytes.whole(Int64.self), let beat = bytes.whole(UInt64.self),
            bytes.left.isMultiple(of: 8),
            let values = bytes.finite(count: bytes.left / 8)
        else { return nil }
        self.init(horizon: horizon, beat: beat, values: values[...])
    }
}
