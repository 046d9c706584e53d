/// What somebody who holds the keys of a device's agent, or has access to the device, makes of it. Its
/// messages carry a valid signature: whoever receives them takes them for the device's own.
public enum Attack: Hashable, Sendable {
    /// The agent of a load says that it wants so much more, W; that of a sun, wind or water plant that it
    /// could give so much more. Negative: less.
    case falsePower(Double)
    /// The agent states prices that are higher by this fraction; negative: lower, at least −1.
    case falsePrice(Double)
    /// The agent says, as if it were new, what it said so many steps before.
    case replay(steps: Int)
    /// The device does the opposite of its setpoint: the mirror image in the range of its power.
    case hijack
    /// The meter counts more by this fraction; negative: less, at least −1.
    case shiftedMeter(Double)
}

extension Attack {
    /// Name in scenario files and results.
    public var name: String {
        switch self {
        case .falsePower: "false-power"
        case .falsePrice: "false-price"
        case .replay: "replay"
        case .hijack: "hijack"
        case .shiftedMeter: "shifted-meter"
        }
    }
}
