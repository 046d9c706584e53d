import Glibc
public import Grid
import Scheduling
import Timeline

/// A battery with its converter. Power is measured at the network: efficiencies stand between it and the
/// store.
///
/// ```swift
/// let battery = Battery(
///     capacity: Energy(kilowattHours: 200), chargePower: Power(kilowatts: 60),
///     dischargePower: Power(kilowatts: 60), chargeEfficiency: 0.95, dischargeEfficiency: 0.95,
///     selfDischarge: 0, stateOfCharge: 0.1...0.9, initialStateOfCharge: 0.5,
///     wear: EnergyCost(yuanPerKilowattHour: 0.1))
/// let device = Device(name: "battery", bus: 0, kind: .battery(battery))
/// let state = DeviceState(power: .zero, stored: Energy(kilowattHours: 100))
/// let day = Horizon(start: Instant(secondsSinceEpoch: 0), step: 900, count: 96)
/// let offer = device.offer(
///     as: DeviceID(0), over: day, firstStep: 0, potential: [], state: state)
/// let after = battery.follow(Power(kilowatts: 57), stored: state.stored, hours: 1)
/// print(offer.upper[0], after.stored)  // 60 kW, and 40 kWh left after an hour at 57 kW.
/// ```
public struct Battery: Hashable, Sendable {
    /// Greatest content of the store.
    public var capacity: Energy
    /// Greatest power taken from the network.
    public var chargePower: Power
    /// Greatest power given to the network.
    public var dischargePower: Power
    /// Fraction of the energy taken that reaches the store.
    public var chargeEfficiency: Double
    /// Fraction of the energy drawn from the store that reaches the network.
    public var dischargeEfficiency: Double
    /// Fraction of the content lost per hour.
    public var selfDischarge: Double
    /// Bounds of the state of charge, as fractions of `capacity`.
    public var stateOfCharge: ClosedRange<Double>
    /// State of charge before the first step, as a fraction of `capacity`.
    public var initialStateOfCharge: Double
    /// Cost of ageing for each Wh delivered.
    public var wear: EnergyCost
    /// Part of the capacity that is lost in a year, from the top of the state of charge.
    public var degradation = 0.0
    /// How its ageing is estimated; nil: it is not.
    public var life: Life?

    /// Creates a battery; its initial state of charge must be within the bounds.
    public init(
        capacity: Energy, chargePower: Power, dischargePower: Power, chargeEfficiency: Double,
        dischargeEfficiency: Double, selfDischarge: Double, stateOfCharge: ClosedRange<Double>,
        initialStateOfCharge: Double, wear: EnergyCost
    ) {
        precondition(stateOfCharge.contains(initialStateOfCharge))
        self.capacity = capacity
        self.chargePower = chargePower
        self.dischargePower = dischargePower
        self.chargeEfficiency = chargeEfficiency
        self.dischargeEfficiency = dischargeEfficiency
        self.selfDischarge = selfDischarge
        self.stateOfCharge = stateOfCharge
        self.initialStateOfCharge = initialStateOfCharge
        self.wear = wear
    }
}

// One step of the store, in this order: self-discharge, then the converter's power limit, then the bounds of
// the state of charge. With p the mean power at the network over h hours,
//
//     kept    = stored (1 − selfDischarge)^h
//     stored′ = kept − p h / dischargeEfficiency        p ≥ 0
//     stored′ = kept − p h · chargeEfficiency           p < 0
//
// so dividing a step in two changes nothing. Self-discharge alone may carry the content below the lower
// bound; no setpoint does. Fallback without a setpoint: idle.

extension Battery {
    /// The least content a discharge may leave, and the greatest a charge may reach.
    public var bounds: ClosedRange<Energy> {
        capacity * stateOfCharge.lowerBound...capacity * stateOfCharge.upperBound
    }

    /// Part of its capacity that a step of so many hours finds, counted from the first step of the scenario.
    public func health(at step: Int, hours: Double) -> Double {
        degradation == 0 ? 1 : pow(1 - degradation, Double(step) * hours / hoursPerYear)
    }

    /// The same bounds where `health` of the capacity is left.
    func bounds(health: Double) -> ClosedRange<Energy> {
        bounds.lowerBound...max(bounds.lowerBound, bounds.upperBound * health)
    }

    /// What is left of `stored` after `hours` of idling.
    public func kept(_ stored: Energy, hours: Double) -> Energy {
        stored * pow(1 - selfDischarge, hours)
    }

    /// What really happens in `hours` at `setpoint`, from a content of `stored`: the power that was possible
    /// and the content at the end. `health` is the part of the capacity that is left; content above it stays
    /// until it is discharged.
    public func follow(
        _ setpoint: Power, stored: Energy, hours: Double, health: Double = 1
    ) -> DeviceState {
        let bounds = bounds(health: health)
        let kept = kept(stored, hours: hours)
        if setpoint >= .zero {
            let available = max(.zero, kept - bounds.lowerBound) * dischargeEfficiency
            let power = min(setpoint, dischargePower, available.power(hours: hours))
            let left = kept - power.energy(hours: hours) / dischargeEfficiency
            return DeviceState(power: power, stored: max(left, min(kept, bounds.lowerBound)))
        }
        let room = max(.zero, bounds.upperBound - kept) / chargeEfficiency
        let power = min(-setpoint, chargePower, room.power(hours: hours))
        let reached = kept + power.energy(hours: hours) * chargeEfficiency
        return DeviceState(power: -power, stored: min(reached, max(kept, bounds.upperBound)))
    }

    /// Bounds by power alone; the content is the reservoir's matter. Where self-discharge carries the content
    /// below the lower bound within the horizon, the reservoir's minimum follows it, so that idling is always
    /// a plan.
    func offer(as id: DeviceID, over horizon: Horizon, firstStep: Int, stored: Energy) -> Offer {
        let bounds = bounds(health: health(at: firstStep, hours: horizon.stepHours))
        let idle = kept(stored, hours: horizon.stepHours * Double(horizon.count))
        return Offer(
            device: id, role: .store, horizon: horizon,
            lower: Array(repeating: -chargePower, count: horizon.count),
            upper: Array(repeating: dischargePower, count: horizon.count),
            cost: Cost(deliver: [wear], absorb: [.zero]),
            reservoir: Reservoir(
                stored: stored, minimum: min(bounds.lowerBound, idle),
                maximum: degradation == 0 ? bounds.upperBound : max(bounds.upperBound, stored),
                chargeEfficiency: chargeEfficiency, dischargeEfficiency: dischargeEfficiency,
                selfDischarge: selfDischarge))
    }
}

/// Mean length of a year, h.
public let hoursPerYear = 8766.0
