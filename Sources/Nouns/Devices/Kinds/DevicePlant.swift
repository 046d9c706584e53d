public import Grid
import Scheduling
import Timeline
public import Weather

// A device in the plant: its potential, and its response to the setpoint in force.

extension Device {
    /// Returns its potential in a step of the scenario, never negative: what a solar, wind or hydro plant
    /// could give, what a load wants to take, what its use takes from the store of a flexible demand in a
    /// step of `stepHours`, and the rating of a battery, genset or grid connection.
    public func potential(
        at step: Int, under conditions: Conditions, windHeight: Double, hours stepHours: Double
    ) -> Power {
        switch kind {
        case .solar(let solar):
            solar.potential(under: conditions, years: Double(step) * stepHours / hoursPerYear)
        case .wind(let wind): wind.potential(under: conditions, windHeight: windHeight)
        case .hydro(let hydro): hydro.potential(under: conditions)
        case .measured(let plant): plant.output[step]
        case .load(let load): load.demand[step]
        case .battery(let battery): battery.dischargePower
        case .genset(let genset): genset.capacity
        case .flexible(let demand): demand.drain(at: step, under: conditions, hours: stepHours)
        case .grid(let grid): grid.importLimit
        }
    }

    /// Returns the potential of every step of `weather`, whose first step is the scenario's.
    public func potentials(under weather: WeatherSeries) -> [Power] {
        weather.conditions.indices.map {
            potential(
                at: $0, under: weather.conditions[$0], windHeight: weather.windHeight,
                hours: weather.horizon.stepHours)
        }
    }

    /// Its state before the first step: at rest, a store with its initial content.
    public var initialState: DeviceState {
        precondition(battery.map { $0.stateOfCharge.contains($0.initialStateOfCharge) } ?? true)
        let stored = battery.map { $0.capacity * $0.initialStateOfCharge } ?? flexible?.initial
        return DeviceState(power: .zero, stored: stored ?? .zero)
    }

    /// Returns its state after step `step` of the scenario, of `hours`, with its true `potential` in that
    /// step and the `state` before. For the meaning of a setpoint see `Setpoint`. Without one (none arrived,
    /// it lapsed, or it is NaN) the device falls back: solar, wind and hydro plants give all that they can, a
    /// load takes all that it wants, a battery idles, a genset is off, flexible demand does not wait, a grid
    /// connection exchanges nothing. A connection that holds the voltage follows nothing: it takes the
    /// remainder.
    public func follow(
        _ setpoint: Power?, potential: Power, state: DeviceState, at step: Int, hours: Double
    ) -> DeviceState {
        precondition(hours > 0)
        let heard = setpoint.flatMap { $0.value.isNaN ? nil : $0 }
        let after = follow(heard: heard, potential: potential, state: state, at: step, hours: hours)
        precondition(after.power.value.isFinite && after.stored.value.isFinite && after.stored >= .zero)
        return after
    }

    private func follow(
        heard: Power?, potential: Power, state: DeviceState, at step: Int, hours: Double
    ) -> DeviceState {
        switch kind {
        case .solar, .wind, .hydro, .measured:
            return DeviceState(power: min(max(.zero, heard ?? potential), potential), stored: .zero)
        case .load(let load):
            return DeviceState(power: load.follow(heard ?? -potential, demand: potential), stored: .zero)
        case .battery(let battery):
            return battery.follow(
                heard ?? .zero, stored: state.stored, hours: hours,
                health: battery.health(at: step, hours: hours))
        case .genset(let genset):
            return genset.follow(heard ?? .zero, after: state, hours: hours)
        case .flexible(let demand):
            return demand.follow(heard, drain: potential, stored: state.stored, at: step, hours: hours)
        case .grid(let grid):
            return DeviceState(power: grid.follow(heard ?? .zero), stored: .zero)
        }
    }

    /// Returns its state after a step of `hours` without voltage at its bus: it gives and takes nothing. A
    /// battery keeps what self-discharge leaves, flexible demand what its use (`potential`) leaves; a
    /// genset is off, whatever its minimum time on.
    public func withoutVoltage(
        after state: DeviceState, potential: Power, hours: Double
    ) -> DeviceState {
        switch kind {
        case .battery(let battery):
            DeviceState(power: .zero, stored: battery.kept(state.stored, hours: hours))
        case .flexible(let demand):
            DeviceState(
                power: .zero, stored: max(.zero, demand.idle(state.stored, drain: potential, hours: hours)))
        case .genset:
            DeviceState(
                power: .zero, stored: .zero, hours: state.power > .zero ? hours : state.hours + hours)
        case .solar, .wind, .hydro, .measured, .load, .grid: DeviceState(power: .zero, stored: .zero)
        }
    }

    /// Returns its reactive power beside `power` in a step of the scenario: what was measured where it was,
    /// that of its ratio for another load, else what is asked for as far as its capability reaches.
    public func reactive(_ power: Power, at step: Int, asked: ReactivePower = .zero) -> ReactivePower {
        if let measured = measuredReactive(beside: power, at: step) { return measured }
        guard case .load(let load) = kind else {
            return capability?.clipped(asked, beside: power) ?? .zero
        }
        return ReactivePower(power.value * load.reactiveRatio)
    }
}
