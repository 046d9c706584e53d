import Devices
import Grid

/// Starts of one genset and their cost.
public struct Starts: Hashable, Sendable {
    /// How many there were.
    public private(set) var count = 0
    /// Cost, yuan: hot and cold starts by the hours it was off.
    public private(set) var cost = 0.0
    /// nil while it is on.
    private var hoursOff: Double?

    init(from state: DeviceState) { hoursOff = state.power > .zero ? nil : state.hours }

    mutating func add(_ power: Power, of genset: Genset, hours: Double) {
        if power > .zero, hoursOff != nil { count += 1 }
        cost += genset.startCost(power: power, hoursOff: hoursOff)
        hoursOff = power > .zero ? nil : (hoursOff ?? 0) + hours
    }
}
