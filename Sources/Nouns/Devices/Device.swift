public import Grid
public import Scheduling

/// One thing connected to the network. Positive power is given to the network.
public struct Device: Hashable, Sendable {
    /// What it is. A new kind is one file here and one case.
    public enum Kind: Hashable, Sendable {
        case solar(Solar)
        case wind(Wind)
        case hydro(Hydro)
        case battery(Battery)
        case genset(Genset)
        case load(Load)
        case grid(ExternalGrid)
    }

    public let name: String
    /// Index of its bus in the network.
    public let bus: Int
    public let kind: Kind
    /// What it can do of reactive power when asked; nil: it runs at unity, a load at its own ratio.
    public let capability: ReactiveCapability?

    public init(name: String, bus: Int, kind: Kind, capability: ReactiveCapability? = nil) {
        self.name = name
        self.bus = bus
        self.kind = kind
        self.capability = capability
    }
}

/// What a device carries from one step to the next.
public struct DeviceState: Hashable, Sendable {
    /// Mean power of the last step.
    public var power: Power
    /// Energy stored at its end; zero where there is no store.
    public var stored: Energy
    /// For how many hours it has been on, or off.
    public var hours: Double

    public init(power: Power, stored: Energy, hours: Double = .infinity) {
        self.power = power
        self.stored = stored
        self.hours = hours
    }
}
