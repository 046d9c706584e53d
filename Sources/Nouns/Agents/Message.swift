/// The address of an agent on the communication network. The agent of a device has the device's index; the
/// controller has the number of devices.
public struct NodeID: Hashable, Comparable, Sendable {
    @usableFromInline let number: UInt32

    /// Creates the address of the node at a place of the list, 0 … 2³² − 1.
    @inlinable public init(_ index: Int) { number = UInt32(index) }

    /// Place in the list of nodes, from 0.
    @inlinable public var index: Int { Int(number) }

    /// Orders nodes by index.
    @inlinable public static func < (a: NodeID, b: NodeID) -> Bool { a.number < b.number }
}

/// What a message says: a value without reference to its sender's memory.
public protocol Payload: Sendable {
    /// Length of the encoded message, its header included, in bytes. It decides how long a link of a limited
    /// rate is busy.
    var byteCount: Int { get }
}

/// One message between two agents. The network delivers all of it or loses all of it.
public struct Message<Body: Payload>: Sendable {
    /// The agent that sent the message.
    public let sender: NodeID
    /// The agent that the message is for.
    public let receiver: NodeID
    /// The electrical island in which the sender was when it sent the message (`Observation.island`).
    public let epoch: UInt32
    /// Number of the message among those of its sender, from 0. Of two messages from one sender the greater
    /// number is the later one, although it may arrive first; a duplicate has the number of its original.
    public let sequence: UInt32
    /// What the message says.
    public let body: Body

    /// Creates a message from `sender` to `receiver`.
    @inlinable
    public init(sender: NodeID, receiver: NodeID, epoch: UInt32 = 0, sequence: UInt32, body: Body) {
        self.sender = sender
        self.receiver = receiver
        self.epoch = epoch
        self.sequence = sequence
        self.body = body
    }
}

extension Message: Equatable where Body: Equatable {}
