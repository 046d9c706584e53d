import Agents
import Scheduling

/// What the agents of devices and a controller say to each other.
enum CentralMessage: Payload {
    /// A device tells the controller what it could do. Boxed, so that a message under way is small.
    indirect case offer(Offer)
    /// A device tells the controller what it measures.
    case measurement(Measurement)
    /// The controller tells a device what to do.
    case setpoint(Setpoint)

    /// Length of the header: addresses, numbers, and what protects them.
    private static let header = 32
    /// Length of every number.
    private static let number = 8

    /// A header of 32 bytes, and 8 bytes for every number: an offer has its bounds and prices as series, and
    /// about 12 numbers of its rating, its store and its ramp.
    var byteCount: Int {
        switch self {
        case .offer(let offer):
            let prices = offer.cost.deliver.count + offer.cost.absorb.count
            return Self.header + Self.number * (12 + offer.lower.count + offer.upper.count + prices)
        case .measurement: return Self.header + Self.number * 7
        case .setpoint: return Self.header + Self.number * 5
        }
    }
}
