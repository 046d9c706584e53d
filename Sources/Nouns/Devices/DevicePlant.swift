public import Grid
public import Weather

// A device in the plant: what it could do, and what it really does with the setpoint in force.

extension Device {
    /// What it could give (sun, wind, water) or wants to take (a load, positive) in step `step` of the
    /// scenario, before any controller: the truth of the plant, never negative. Battery, genset and grid
    /// connection: their rating.
    public func potential(at step: Int, under conditions: Conditions, windHeight: Double) -> Power {
        switch kind {
        case .solar(let solar): solar.potential(under: conditions)
        case .wind(let wind): wind.potential(under: conditions, windHeight: windHeight)
        case .hydro(let hydro): hydro.potential(under: conditions)
        case .load(let load): load.demand[step]
        case .battery(let battery): battery.dischargePower
        case .genset(let genset): genset.capacity
        case .grid(let grid): grid.importLimit
        }
    }

    /// The `potential` of every step of `weather`, whose first step is the scenario's.
    public func potentials(under weather: WeatherSeries) -> [Power] {
        weather.conditions.indices.map {
            potential(at: $0, under: weather.conditions[$0], windHeight: weather.windHeight)
        }
    }

    /// Standing still; a battery with its initial content.
    public var initialState: DeviceState {
        guard case .battery(let battery) = kind else { return DeviceState(power: .zero, stored: .zero) }
        return DeviceState(power: .zero, stored: battery.capacity * battery.initialStateOfCharge)
    }

    /// What really happens in a step of `hours` in which `potential` is the truth and `state` what the step
    /// before left. Without a setpoint (none was heard, it lapsed, or it is no number) the device falls back:
    /// sun, wind and water give all they can, a load takes all it wants, a battery idles, a genset is off.
    /// The grid connection follows nothing: it takes the remainder, and `state` comes back.
    public func follow(_ setpoint: Power?, potential: Power, state: DeviceState, hours: Double) -> DeviceState
    {
        precondition(hours > 0)
        let heard = setpoint.flatMap { $0.value.isNaN ? nil : $0 }
        switch kind {
        case .solar, .wind, .hydro:
            return DeviceState(power: min(max(.zero, heard ?? potential), potential), stored: .zero)
        case .load(let load):
            return DeviceState(power: load.follow(heard ?? -potential, demand: potential), stored: .zero)
        case .battery(let battery):
            return battery.follow(heard ?? .zero, stored: state.stored, hours: hours)
        case .genset(let genset):
            return genset.follow(heard ?? .zero, after: state, hours: hours)
        case .grid:
            return state
        }
    }

    /// What it gives of reactive power while giving `power`: a load takes its ratio; all others give what is
    /// asked as far as they are capable, nothing when nothing was heard.
    public func reactive(_ power: Power, asked: ReactivePower = .zero) -> ReactivePower {
        guard case .load(let load) = kind else {
            return capability?.clipped(asked, beside: power) ?? .zero
        }
        return ReactivePower(power.value * load.reactiveRatio)
    }
}
