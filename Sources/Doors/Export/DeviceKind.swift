public import Devices
public import Grid

/// What a device is, as tables and charts sort it: in the order in which a balance is read.
public enum DeviceKind: String, Hashable, Sendable, CaseIterable {
    case solar, wind, hydro, genset, battery, grid, load

    public var index: Int {
        switch self {
        case .solar: 0
        case .wind: 1
        case .hydro: 2
        case .genset: 3
        case .battery: 4
        case .grid: 5
        case .load: 6
        }
    }

    /// Made of sun, wind or water.
    public var isRenewable: Bool { self == .solar || self == .wind || self == .hydro }
}

extension Device {
    public var sort: DeviceKind {
        switch kind {
        case .solar: .solar
        case .wind: .wind
        case .hydro: .hydro
        case .genset: .genset
        case .battery: .battery
        case .grid: .grid
        case .load: .load
        }
    }

    /// What a capacity factor is measured against: modules' or machines' capacity; nil for battery, load and
    /// grid.
    public var ratedPower: Power? {
        switch kind {
        case .solar(let solar): solar.capacity
        case .wind(let wind): wind.rated * Double(wind.turbines)
        case .hydro(let hydro): hydro.capacity
        case .genset(let genset): genset.capacity
        case .battery, .load, .grid: nil
        }
    }

    public var battery: Battery? {
        if case .battery(let battery) = kind { battery } else { nil }
    }
}
