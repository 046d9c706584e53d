public import Grid
import Timeline

/// A diesel generator: off, or between its minimum load and its capacity.
public struct Genset: Hashable, Sendable {
    public let capacity: Power
    /// Least output while on, as a fraction of `capacity`.
    public let minimumLoad: Double
    /// Greatest change of output, W per s; starting and stopping are free of it.
    public let ramp: Double
    /// Litres per hour per watt of capacity, while on (HOMER's F0).
    public let fuelIntercept: Double
    /// Litres per Wh delivered (HOMER's F1).
    public let fuelSlope: Double
    /// Yuan per litre.
    public let fuelPrice: Double

    public init(
        capacity: Power, minimumLoad: Double, ramp: Double, fuelIntercept: Double, fuelSlope: Double,
        fuelPrice: Double
    ) {
        self.capacity = capacity
        self.minimumLoad = minimumLoad
        self.ramp = ramp
        self.fuelIntercept = fuelIntercept
        self.fuelSlope = fuelSlope
        self.fuelPrice = fuelPrice
    }
}

// A set below half its minimum load is switched off, between half and the whole of it held at the minimum
// (decision 16). While it stays on, its mean power moves by at most `ramp` times the step; starting and
// stopping are free of that. Fuel is a straight line over output while on, F = F0·capacity + F1·p, and zero
// when off (HOMER's fuel curve). Fallback without a setpoint: off.

extension Genset {
    public var minimum: Power { capacity * minimumLoad }

    /// What it runs at in a step of `hours` when asked for `setpoint` after a step at `power`: zero, or from
    /// `minimum` to `capacity`.
    public func follow(_ setpoint: Power, from power: Power, hours: Double) -> Power {
        guard setpoint > .zero, setpoint >= minimum / 2 else { return .zero }
        let wanted = max(minimum, min(setpoint, capacity))
        guard power > .zero else { return wanted }
        let reach = Power(ramp * 3600 * hours)
        return max(minimum, min(max(wanted, power - reach), power + reach, capacity))
    }

    /// Litres burnt in `hours` at the mean power `power`.
    public func fuel(power: Power, hours: Double) -> Double {
        power > .zero ? (fuelIntercept * capacity.value + fuelSlope * power.value) * hours : 0
    }

    func offer(as id: DeviceID, over horizon: Horizon, power: Power) -> Offer {
        let price = EnergyCost(fuelSlope * fuelPrice)
        return Offer(
            device: id, horizon: horizon, lower: Array(repeating: .zero, count: horizon.count),
            upper: Array(repeating: capacity, count: horizon.count),
            cost: Cost(
                deliver: [price], absorb: [price], perHourOn: fuelIntercept * capacity.value * fuelPrice),
            ramp: ramp, power: power, minimumWhenOn: minimum)
    }
}
