/// The parameters of a device by its kind: nil for a device of another kind. They can be changed in place,
/// `device.battery?.capacity = Energy(kilowattHours: 400)`; what is set makes a device of that kind, and nil
/// leaves it as it is.
extension Device {
    /// Its parameters as a photovoltaic plant.
    public var solar: Solar? {
        get { if case .solar(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .solar(newValue) } }
    }

    /// Its parameters as wind turbines.
    public var wind: Wind? {
        get { if case .wind(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .wind(newValue) } }
    }

    /// Its parameters as a hydro plant.
    public var hydro: Hydro? {
        get { if case .hydro(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .hydro(newValue) } }
    }

    /// Its parameters as a battery.
    public var battery: Battery? {
        get { if case .battery(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .battery(newValue) } }
    }

    /// Its parameters as a genset.
    public var genset: Genset? {
        get { if case .genset(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .genset(newValue) } }
    }

    /// Its parameters as a load.
    public var load: Load? {
        get { if case .load(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .load(newValue) } }
    }

    /// Its parameters as a flexible demand.
    public var flexible: FlexibleDemand? {
        get { if case .flexible(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .flexible(newValue) } }
    }

    /// Its parameters as a grid connection.
    public var externalGrid: ExternalGrid? {
        get { if case .grid(let parameters) = kind { parameters } else { nil } }
        set { if let newValue { kind = .grid(newValue) } }
    }
}
