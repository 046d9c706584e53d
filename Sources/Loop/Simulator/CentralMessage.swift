public import Agents
public import Scheduling

/// What the agents of devices and a controller say to each other.
public enum CentralMessage: Hashable, CodedPayload {
    /// A device tells the controller what it could do. Boxed, so that a message under way is small.
    indirect case offer(Offer)
    /// A device tells the controller what it measures.
    case measurement(Measurement)
    /// The controller tells a device what to do.
    case setpoint(Setpoint)

    /// Length of the number that says what follows.
    private static let choice = 4

    /// Length of the header and of the values: 72 of a setpoint, 88 of a measurement, of an offer 100 and
    /// what its parts take.
    public var byteCount: Int {
        switch self {
        case .offer(let offer): return messageHeaderBytes + Self.choice + offer.byteCount
        case .measurement: return messageHeaderBytes + Self.choice + Measurement.byteCount
        case .setpoint: return messageHeaderBytes + Self.choice + Setpoint.byteCount
        }
    }

    /// Number of this kind of payload.
    public static var kind: UInt8 { 3 }

    /// Writes which of the three it is, and its values.
    public func write(to bytes: inout ByteWriter) {
        switch self {
        case .offer(let offer):
            bytes.write(UInt32(0))
            offer.write(to: &bytes)
        case .measurement(let measurement):
            bytes.write(UInt32(1))
            measurement.write(to: &bytes)
        case .setpoint(let setpoint):
            bytes.write(UInt32(2))
            setpoint.write(to: &bytes)
        }
    }

    /// Reads what `write` has written; nil where it is anything else.
    public init?(from bytes: inout ByteReader) {
        switch bytes.whole(UInt32.self) {
        case 0:
            guard let offer = Offer(from: &bytes) else { return nil }
            self = .offer(offer)
        case 1:
            guard let measurement = Measurement(from: &bytes) else { return nil }
            self = .measurement(measurement)
        case 2:
            guard let setpoint = Setpoint(from: &bytes) else { return nil }
            self = .setpoint(setpoint)
        default: return nil
        }
    }
}
