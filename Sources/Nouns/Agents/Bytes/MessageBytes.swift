/// A payload that has a form in bytes.
public protocol CodedPayload: Payload {
    /// Number of the kind of payload, different from that of any other: a message of one kind is never
    /// read as another.
    static var kind: UInt8 { get }

    /// Writes the payload: as many bytes as `byteCount` has beyond the header's.
    func write(to bytes: inout ByteWriter)

    /// Reads a payload from all bytes that are left; nil where they are none.
    init?(from bytes: inout ByteReader)
}

/// Length of a message's header, bytes: kind, sender, receiver, epoch, number, length and checksum.
public let messageHeaderBytes = 32

/// First bytes of each message: the format and its version.
private let format: [UInt8] = [0x4b, 0x6d, 1]  // "Km", version 1

extension Message where Body: CodedPayload {
    /// The message in bytes: a header of 32 and the payload, `body.byteCount` in all.
    ///
    /// The header is, with the least significant byte first: format and version (3 bytes), kind (1), sender,
    /// receiver, epoch, sequence (4 each), length of the payload (4), and a checksum of all other bytes (8;
    /// FNV-1a). The checksum finds damage, not forgery: that is for the transport to prevent.
    public var bytes: [UInt8] {
        var payload = ByteWriter()
        body.write(to: &payload)
        var head = ByteWriter()
        for byte in format { head.write(byte) }
        head.write(Body.kind)
        head.write(UInt32(sender.index))
        head.write(UInt32(receiver.index))
        head.write(epoch)
        head.write(sequence)
        head.write(UInt32(payload.bytes.count))
        head.write(Self.checksum(head.bytes, payload.bytes))
        return head.bytes + payload.bytes
    }

    /// Reads a message; nil where the bytes are not exactly one message with such a payload.
    public init?(bytes: some Collection<UInt8>) {
        var reader = ByteReader(bytes)
        let first = (0..<format.count).compactMap { _ in reader.whole(UInt8.self) }
        guard first == format, reader.whole() == Body.kind,
            let sender = reader.whole(UInt32.self), let receiver = reader.whole(UInt32.self),
            let epoch = reader.whole(UInt32.self), let sequence = reader.whole(UInt32.self),
            let length = reader.whole(UInt32.self), let sum = reader.whole(UInt64.self),
            reader.left == Int(length),
            sum == Self.checksum(bytes.prefix(messageHeaderBytes - 8), bytes.dropFirst(messageHeaderBytes)),
            let body = Body(from: &reader), reader.left == 0
        else { return nil }
        self.init(
            sender: NodeID(Int(sender)), receiver: NodeID(Int(receiver)), epoch: epoch, sequence: sequence,
            body: body)
    }

    private static func checksum(_ head: some Sequence<UInt8>, _ payload: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in head { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in payload { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return hash
    }
}
