/// The address of an agent on the communication network. The agent of a device has the device's index; the
/// controller has the number of devices.
public struct NodeID: Hashable, Comparable, Sendable {
    /// Place in the list of nodes, from 0.
    public let index: Int

    /// Creates the address of the node at a place of the list.
    public init(_ index: Int) { self.index = index }

    /// Orders nodes by index.
    public static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// One message between two agents. The network delivers all of it or loses all of it.
public struct Message: Hashable, Sendable {
    /// What a message says.
    public enum Body: Hashable, Sendable {
        /// A device tells the controller what it could do. Boxed, so that a message in a queue is small.
        indirect case offer(Offer)
        /// A device tells the controller what it measures.
        indirect case measurement(Measurement)
        /// The controller tells a device what to do.
        case setpoint(Setpoint)
    }

    /// The agent that sent the message.
    public let sender: NodeID
    /// The agent that the message is for.
    public let receiver: NodeID
    /// Number of the message among those from `sender` to `receiver`, from 0. A receiver ignores a message
    /// whose number is not greater than the last it took.
    public let sequence: Int
    /// What the message says.
    public let body: Body

    /// Creates a message from `sender` to `receiver`.
    public init(sender: NodeID, receiver: NodeID, sequence: Int, body: Body) {
        self.sender = sender
        self.receiver = receiver
        self.sequence = sequence
        self.body = body
    }
}
