// A register counts whole watt-hours; what is left below one stays in it and joins the next step. So after
// any number of steps the sum of the readings is the integer part of all energy that flowed one way: less
// than 1 Wh short, never over. Energy is rounded nowhere else below the market.

public import Grid
public import Market
public import Timeline

/// Equal meters read together, one a channel: devices, the connection, and whatever else is counted in Wh.
public struct MeterBank: Hashable, Sendable {
    /// What the last step counted, one a channel; zero before the first.
    public private(set) var readings: [Reading]
    /// Wh below one, given and taken apart, one a channel.
    private var remainders: [Remainder]

    private struct Remainder: Hashable, Sendable {
        var given = 0.0
        var taken = 0.0
    }

    /// Powers of this magnitude and more are not counted.
    public static let largestPower = Power(1e12)

    /// `count` meters with empty registers.
    public init(count: Int) {
        readings = Array(repeating: .zero, count: count)
        remainders = Array(repeating: Remainder(), count: count)
    }

    /// Counts one step: `powers` are means over `interval`, one a channel, positive when given to the
    /// network, finite and below `largestPower`.
    public mutating func read(_ powers: [Power], over interval: Interval) {
        precondition(powers.count == readings.count && interval.seconds > 0)
        let hours = interval.hours
        for channel in powers.indices {
            let energy = powers[channel].energy(hours: hours).value
            precondition(
                abs(powers[channel].value) < Self.largestPower.value,
                "a power that is not a power reached a meter")
            if energy >= 0 {
                let count = Self.count(energy, carrying: &remainders[channel].given)
                readings[channel] = Reading(given: count, taken: .zero)
            } else {
                let count = Self.count(-energy, carrying: &remainders[channel].taken)
                readings[channel] = Reading(given: .zero, taken: count)
            }
        }
    }

    private static func count(_ energy: Double, carrying remainder: inout Double) -> WattHours {
        let total = remainder + energy
        let whole = total.rounded(.down)
        remainder = total - whole
        precondition(whole >= 0 && remainder >= 0 && remainder < 1, "a register runs backwards")
        return WattHours(Int64(whole))
    }
}
