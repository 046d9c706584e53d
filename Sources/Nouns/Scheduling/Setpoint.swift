public import Grid
public import Timeline

/// What a controller asks of one device for one step.
///
/// `power` means, by kind of device:
///
/// - Solar, wind and hydro plants: a ceiling. The plant gives no more, and less where nature gives less.
/// - Loads: the most that the load may take, as a negative power.
/// - Batteries and gensets: the power to run at, within what the unit can do.
///
/// The grid connection follows no setpoint: it takes what the others and the losses leave.
public struct Setpoint: Hashable, Sendable {
    /// The device that is asked.
    public var device: DeviceID
    /// The step that the setpoint is for.
    public var interval: Interval
    /// Active power, positive when given to the network.
    public var power: Power
    /// Reactive power, positive when given to the network. Read only by devices with a
    /// `ReactiveCapability`.
    public var reactive: ReactivePower

    /// Creates a setpoint; without `reactive` none is asked for.
    public init(
        device: DeviceID, interval: Interval, power: Power, reactive: ReactivePower = .zero
    ) {
        self.device = device
        self.interval = interval
        self.power = power
        self.reactive = reactive
    }
}
