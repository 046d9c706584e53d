import Glibc
public import Grid
import Scheduling
import Timeline
import Weather

// One step of the store, in this order: self-discharge and drain, then the limits of power and content. What
// the drain asks for beyond the content is missed: it is not made up for later. Fallback without a setpoint:
// vehicles and work take all they can as soon as they are connected; a heat pump keeps the middle of its
// band.

extension FlexibleDemand {
    /// Fraction of the content lost per hour.
    public var selfDischarge: Double {
        if case .heat(let building) = use { building.selfDischarge } else { 0 }
    }

    /// Mean power that its use takes from the store in a step of `hours`.
    func drain(at step: Int, under conditions: Conditions, hours: Double) -> Power {
        switch use {
        case .heat(let building): building.need(at: conditions.airTemperature)
        case .sessions(let sessions): sessions.need[step].power(hours: hours)
        }
    }

    /// Bounds of the power in a step.
    public func bounds(at step: Int) -> ClosedRange<Power> {
        guard case .sessions(let sessions) = use, !sessions.isConnected[step] else {
            return -power...feedPower
        }
        return .zero ... .zero
    }

    /// What idling leaves of `stored` where `drain` is the mean power of the use; negative where that is more
    /// than there is.
    func idle(_ stored: Energy, drain: Power, hours: Double) -> Energy {
        stored * pow(1 - selfDischarge, hours) - drain.energy(hours: hours)
    }

    /// Content after `power`, from what idling would leave; negative by what the use misses.
    private func after(_ power: Power, from idle: Energy, hours: Double) -> Energy {
        let energy = power.energy(hours: hours)
        return idle - (power > .zero ? energy / dischargeEfficiency : energy * chargeEfficiency)
    }

    /// Energy that the use asked for in a step and did not get beside `power`; `drain` is its mean power and
    /// `stored` the content before the step.
    func missed(_ power: Power, drain: Power, after stored: Energy, hours: Double) -> Energy {
        let end = after(power, from: idle(stored, drain: drain, hours: hours), hours: hours)
        // Rounding is no energy missed.
        return -end > capacity * 1e-9 ? -end : .zero
    }

    /// What really happens in `hours` at `setpoint`; nil: by the fallback.
    func follow(
        _ setpoint: Power?, drain: Power, stored: Energy, at step: Int, hours: Double
    ) -> DeviceState {
        let idle = idle(stored, drain: drain, hours: hours)
        let bounds = bounds(at: step)
        let asked = setpoint ?? fallback(idle, hours: hours)
        guard asked < .zero else {
            let available = max(.zero, idle - reserve) * dischargeEfficiency
            let power = min(asked, bounds.upperBound, available.power(hours: hours))
            return DeviceState(power: power, stored: max(.zero, after(power, from: idle, hours: hours)))
        }
        let room = max(.zero, capacity - idle) / chargeEfficiency
        let taken = min(-asked, -bounds.lowerBound, room.power(hours: hours))
        let end = after(.zero - taken, from: idle, hours: hours)
        return DeviceState(power: .zero - taken, stored: max(.zero, min(end, max(idle, capacity))))
    }

    private func fallback(_ idle: Energy, hours: Double) -> Power {
        guard case .heat = use else { return -power }
        return min(.zero, (idle - capacity / 2).power(hours: hours))
    }

    /// The store over a horizon whose first step is step `firstStep` of the scenario; `drain` is the mean
    /// power of the use in each step.
    func offer(
        as id: DeviceID, over horizon: Horizon, firstStep: Int, drain: [Power], stored: Energy
    ) -> Offer {
        let hours = horizon.stepHours
        let steps = firstStep..<firstStep + horizon.count
        let bounds = steps.map { self.bounds(at: $0) }
        var store = Reservoir(
            stored: stored, minimum: min(reserve, stored), maximum: max(capacity, stored),
            chargeEfficiency: chargeEfficiency, dischargeEfficiency: dischargeEfficiency,
            selfDischarge: selfDischarge)
        switch use {
        case .heat:
            store.drain = drain.map { $0.energy(hours: hours) }
            store.require(steps.map { _ in .zero }, charge: steps.map { _ in power }, hours: hours)
        case .sessions(let sessions):
            // Deadlines of two days after the horizon count too.
            let ahead =
                steps
                .lowerBound..<min(
                    steps.upperBound + Int(48 / hours), sessions.need.count)
            store.drain = Array(sessions.need[ahead])
            store.require(
                sessions.wanted(ahead).map { $0 + reserve },
                charge: ahead.map { -self.bounds(at: $0).lowerBound }, hours: hours)
            store = store.picking(horizon.indices)
        }
        return Offer(
            device: id, role: .store, horizon: horizon, lower: bounds.map(\.lowerBound),
            upper: bounds.map(\.upperBound), cost: Cost(deliver: [wear], absorb: [.zero]), reservoir: store)
    }
}

extension Device {
    /// Greatest content of its store; nil without one.
    public var storeCapacity: Energy? { battery?.capacity ?? flexible?.capacity }

    /// Energy that its use asked for in a step and did not get beside `power`; zero for all but flexible
    /// demand. `stored` is the content before the step, `potential` the mean power of the use.
    public func missed(_ power: Power, potential: Power, after stored: Energy, hours: Double) -> Energy {
        flexible?.missed(power, drain: potential, after: stored, hours: hours) ?? .zero
    }
}
