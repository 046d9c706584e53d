public import Grid
public import Timeline

/// What one device can do in one step, by its own measurement: the bounds of its power and its state at the
/// begin of the step. Its prices and its ratings are in its last `Offer`.
public struct Measurement: Hashable, Sendable {
    /// The device that measures.
    public let device: DeviceID
    /// The step that the bounds were measured in.
    public let interval: Interval
    /// Least power, positive when given to the network. A load's is its demand, negative.
    public let lower: Power
    /// Greatest power: that of the sun, the wind or the water; of other devices their rating.
    public let upper: Power
    /// Power in the step before.
    public let power: Power
    /// Content of its store; zero without one.
    public let stored: Energy

    /// Creates a measurement; `lower` is not above `upper`.
    public init(
        device: DeviceID, interval: Interval, lower: Power, upper: Power, power: Power, stored: Energy
    ) {
        precondition(lower <= upper)
        self.device = device
        self.interval = interval
        self.lower = lower
        self.upper = upper
        self.power = power
        self.stored = stored
    }
}
