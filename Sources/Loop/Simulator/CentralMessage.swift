public import Agents
public import Scheduling

/// What the agents of devices and a controller say to each other.
public enum CentralMessage: Hashable, Payload {
    /// A device tells the controller what it could do. Boxed, so that a message in a queue is small.
    indirect case offer(Offer)
    /// The controller tells a device what to do.
    case setpoint(Setpoint)

    /// Length with a header of 32 bytes, fields of 8 bytes, and the bounds and costs of an offer as series.
    public var byteCount: Int {
        switch self {
        case .offer(let offer):
            let bounds = offer.lower.count + offer.upper.count
            return 32 + 8 * (6 + bounds + offer.cost.deliver.count + offer.cost.absorb.count)
        case .setpoint: return 32 + 8 * 4
        }
    }
}
