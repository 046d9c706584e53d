public import Grid
public import Scheduling

/// A device at a bus of the network. Power is positive when given to the network.
public struct Device: Hashable, Sendable {
    /// Kind of a device, with its parameters. A new kind is one file here and one case.
    public enum Kind: Hashable, Sendable {
        /// A photovoltaic plant.
        case solar(Solar)
        /// Wind turbines.
        case wind(Wind)
        /// A run-of-river hydro plant.
        case hydro(Hydro)
        /// A solar, wind or hydro plant with a measured output.
        case measured(MeasuredPlant)
        /// A battery with its converter.
        case battery(Battery)
        /// A diesel generator.
        case genset(Genset)
        /// A consumer.
        case load(Load)
        /// Demand that can be moved in time.
        case flexible(FlexibleDemand)
        /// The grid connection.
        case grid(ExternalGrid)
    }

    /// Name in scenario files and reports.
    public var name: String
    /// Index of its bus in the network.
    public var bus: Int
    /// Kind and parameters.
    public var kind: Kind
    /// Reactive power that it can give when asked; nil: it runs at unity power factor, a load at its own
    /// ratio.
    public var capability: ReactiveCapability?
    /// How it forms an island; nil: it follows the voltage of others, and goes out with it.
    public var forming: GridForming?

    /// Creates a device at a bus.
    public init(
        name: String, bus: Int, kind: Kind, capability: ReactiveCapability? = nil, forming: GridForming? = nil
    ) {
        self.name = name
        self.bus = bus
        self.kind = kind
        self.capability = capability
        self.forming = forming
    }
}

/// State that a device carries from one step to the next.
public struct DeviceState: Hashable, Sendable {
    /// Mean power of the last step.
    public var power: Power
    /// Energy stored at its end; zero where there is no store.
    public var stored: Energy
    /// How long it has been on, or off, h.
    public var hours: Double

    /// Creates a state; without `hours` it has lasted long.
    public init(power: Power, stored: Energy, hours: Double = .infinity) {
        self.power = power
        self.stored = stored
        self.hours = hours
    }
}
