public import Grid

/// Kind of a device without its parameters, by the names of tables and charts. The order of the cases is that
/// of an energy balance: generation, storage, grid connection, demand.
public enum DeviceKind: String, Hashable, Sendable, CaseIterable {
    /// One case of `Device.Kind` each.
    case solar, wind, hydro, genset, battery, grid, flexible, load

    /// Place among all kinds, from 0.
    public var index: Int {
        switch self {
        case .solar: 0
        case .wind: 1
        case .hydro: 2
        case .genset: 3
        case .battery: 4
        case .grid: 5
        case .flexible: 6
        case .load: 7
        }
    }

    /// Whether it generates from sun, wind or water.
    public var isRenewable: Bool { self == .solar || self == .wind || self == .hydro }

    /// Demand not served: what a load wants (`potential`) less what it takes, W, never negative; zero for
    /// every other kind. `power` is positive when given to the network.
    public func unserved(_ power: Power, of potential: Power) -> Power {
        self == .load ? max(.zero, potential + power) : .zero
    }

    /// Curtailment: what sun, wind or water could give (`potential`) less what the device gives, W, never
    /// negative; zero for every other kind.
    public func curtailed(_ power: Power, of potential: Power) -> Power {
        isRenewable ? max(.zero, potential - power) : .zero
    }
}

extension Device {
    /// Its kind without the parameters.
    public var deviceKind: DeviceKind {
        switch kind {
        case .solar: .solar
        case .wind: .wind
        case .hydro: .hydro
        case .measured(let plant):
            switch plant.source {
            case .sun: .solar
            case .wind: .wind
            case .water: .hydro
            }
        case .genset: .genset
        case .battery: .battery
        case .grid: .grid
        case .flexible: .flexible
        case .load: .load
        }
    }

    /// Power that a capacity factor is measured against: capacity of the modules or machines; nil for
    /// battery, demand and grid connection.
    public var ratedPower: Power? {
        switch kind {
        case .solar(let solar): solar.capacity
        case .wind(let wind): wind.rated * Double(wind.turbines)
        case .hydro(let hydro): hydro.capacity
        case .measured(let plant): plant.capacity
        case .genset(let genset): genset.capacity
        case .battery, .flexible, .load, .grid: nil
        }
    }
}
