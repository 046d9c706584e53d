public import Timeline

/// What a controller asks of a device for one step. A device that gives (sun, wind, water) reads it as a
/// ceiling, a load as the most it may take, a battery or genset as the power to run at.
public struct Setpoint: Hashable, Sendable {
    public let device: DeviceID
    /// The step it is meant for.
    public let interval: Interval
    public let power: Power
    /// What else to give; read by devices with a `ReactiveCapability` only.
    public let reactive: ReactivePower

    public init(
        device: DeviceID, interval: Interval, power: Power, reactive: ReactivePower = .zero
    ) {
        self.reactive = reactive
        self.device = device
        self.interval = interval
        self.power = power
    }
}

/// Who speaks and listens on the communication network. Device agents carry their device's index; the
/// controller comes after the last of them.
public struct NodeID: Hashable, Comparable, Sendable {
    public let index: Int

    public init(_ index: Int) { self.index = index }

    public static func < (a: NodeID, b: NodeID) -> Bool { a.index < b.index }
}

/// One message, whole: what is lost is lost whole.
public struct Message: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        /// Boxed, so that a message on its way is small.
        indirect case offer(Offer)
        case setpoint(Setpoint)
    }

    public let sender: NodeID
    public let receiver: NodeID
    /// Grows by one with every message of `sender` to `receiver`; a receiver drops what is not newer than it
    /// has.
    public let sequence: Int
    public let body: Body

    public init(sender: NodeID, receiver: NodeID, sequence: Int, body: Body) {
        self.sender = sender
        self.receiver = receiver
        self.sequence = sequence
        self.body = body
    }
}
