public import Grid
import Scheduling
import Timeline

/// A diesel generator: off, or between its minimum load and its capacity.
public struct Genset: Hashable, Sendable {
    /// Greatest output.
    public var capacity: Power
    /// Least output while on, as a fraction of `capacity`.
    public var minimumLoad: Double
    /// Greatest change of output, W per s; it does not limit starts and stops.
    public var ramp: Double
    /// Litres per hour per watt of capacity, while on (HOMER's F0).
    public var fuelIntercept: Double
    /// Litres per Wh delivered (HOMER's F1).
    public var fuelSlope: Double
    /// Yuan per litre.
    public var fuelPrice: Double
    /// Start costs and minimum times; nil: none.
    public var starting: Starting?

    /// Start costs and minimum times.
    public struct Starting: Hashable, Sendable {
        /// Least time on after a start, h.
        public var minimumUp: Double
        /// Least time off after a stop, h.
        public var minimumDown: Double
        /// Cost of a start after at most `coldAfter` hours off, yuan.
        public var hot: Double
        /// Cost of a start after more than `coldAfter` hours off, yuan.
        public var cold: Double
        /// Time off after which a start is cold, h.
        public var coldAfter: Double

        /// Creates rules of starting.
        public init(minimumUp: Double, minimumDown: Double, hot: Double, cold: Double, coldAfter: Double) {
            (self.minimumUp, self.minimumDown) = (minimumUp, minimumDown)
            (self.hot, self.cold, self.coldAfter) = (hot, cold, coldAfter)
        }
    }

    /// Creates a generator; without `starting` it starts and stops freely.
    public init(
        capacity: Power, minimumLoad: Double, ramp: Double, fuelIntercept: Double, fuelSlope: Double,
        fuelPrice: Double, starting: Starting? = nil
    ) {
        self.capacity = capacity
        self.minimumLoad = minimumLoad
        self.ramp = ramp
        self.fuelIntercept = fuelIntercept
        self.fuelSlope = fuelSlope
        self.fuelPrice = fuelPrice
        self.starting = starting
    }
}

// A set below half its minimum load is switched off, between half and the whole of it held at the minimum
// (decision 16). While it stays on, its mean power changes by at most `ramp` times the step; starts and stops
// are not limited. Fuel is linear in the output while on, F = F0·capacity + F1·p, and zero when off (HOMER's
// fuel curve). Fallback without a setpoint: off. During its minimum time on it runs at least at its minimum,
// during its minimum time off it stays off, whatever the setpoint.

extension Genset {
    /// Least output while on.
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

    /// The same after `state`, keeping its least times on and off.
    func follow(_ setpoint: Power, after state: DeviceState, hours: Double) -> DeviceState {
        let isOn = state.power > .zero
        let bound = starting.map { isOn ? $0.minimumUp : $0.minimumDown } ?? 0
        let isBound = state.hours < bound - 1e-9
        let wanted = isBound ? (isOn ? max(setpoint, minimum) : .zero) : setpoint
        let power = follow(wanted, from: state.power, hours: hours)
        let stays = (power > .zero) == isOn
        return DeviceState(power: power, stored: .zero, hours: stays ? state.hours + hours : hours)
    }

    /// Litres burnt in `hours` at the mean power `power`.
    public func fuel(power: Power, hours: Double) -> Double {
        power > .zero ? (fuelIntercept * capacity.value + fuelSlope * power.value) * hours : 0
    }

    /// Yuan that a step at `power` costs as a start, after `hours` off; 0 where it is none.
    public func startCost(power: Power, hoursOff hours: Double?) -> Double {
        guard power > .zero, let hours, let starting else { return 0 }
        return hours > starting.coldAfter + 1e-9 ? starting.cold : starting.hot
    }

    func offer(as id: DeviceID, over horizon: Horizon, state: DeviceState) -> Offer {
        let price = EnergyCost(fuelSlope * fuelPrice)
        let cycling = starting.map {
            Cycling(
                minimumUp: $0.minimumUp, minimumDown: $0.minimumDown, hotStart: $0.hot, coldStart: $0.cold,
                coldAfter: $0.coldAfter, isOn: state.power > .zero, since: state.hours)
        }
        return Offer(
            device: id, role: .source, horizon: horizon, lower: Array(repeating: .zero, count: horizon.count),
            upper: Array(repeating: capacity, count: horizon.count),
            cost: Cost(
                deliver: [price], absorb: [price], perHourOn: fuelIntercept * capacity.value * fuelPrice),
            ramp: ramp, power: state.power, minimumWhenOn: minimum, cycling: cycling)
    }
}
