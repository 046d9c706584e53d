public import Devices
public import EconomicDispatch
public import Forecasting
public import Grid
public import Messaging
public import Planning
public import Scheduling
public import Settlement
public import Timeline
public import Weather

/// Everything a simulation needs, checked and in SI units. Doors make it; nothing here reads a file.
public struct Scenario: Sendable {
    public let name: String
    public let description: String
    /// Names of the author's own variations it was made with, for whoever tells of it.
    public let overrides: [String]
    /// The one source of chance.
    public let seed: UInt64
    public let zone: TimeZoneTable
    /// Place and time of the simulation, with what the sky and the river give.
    public let weather: WeatherSeries
    public let network: Network
    /// In the order in which they are written; exactly one is the connection, on the network's source bus.
    public let devices: [Device]
    public let communication: Communication
    public var planning: PlanSettings
    public let terms: Terms

    public init(
        name: String, description: String, overrides: [String] = [], seed: UInt64, zone: TimeZoneTable,
        weather: WeatherSeries,
        network: Network, devices: [Device], communication: Communication, planning: PlanSettings,
        terms: Terms
    ) {
        precondition(devices.allSatisfy { network.buses.indices.contains($0.bus) })
        self.name = name
        self.description = description
        self.overrides = overrides
        self.seed = seed
        self.zone = zone
        self.weather = weather
        self.network = network
        self.devices = devices
        self.communication = communication
        self.planning = planning
        self.terms = terms
        let connections = devices.indices.filter { devices[$0].externalGrid != nil }
        precondition(connections.count == 1 && devices[connections[0]].bus == network.source)
        connection = connections[0]
    }

    public var horizon: Horizon { weather.horizon }

    /// Index of the connection to the county grid among `devices`.
    public let connection: Int
}

/// How agents and controller talk.
public struct Communication: Hashable, Sendable {
    public let link: Link
    /// How long after the begin of a step setpoints may still arrive to be in force in it, s. The controller
    /// decides after half of it, with the offers it has heard by then.
    public let deadline: Double
    /// How long a device keeps to the last setpoint it heard before it falls back on its own rule, s.
    public let hold: Int

    public init(link: Link, deadline: Double, hold: Int) {
        precondition(deadline >= 0 && hold >= 0)
        self.link = link
        self.deadline = deadline
        self.hold = hold
    }
}

extension Device {
    /// The connection to the county grid, if this is it.
    public var externalGrid: ExternalGrid? {
        guard case .grid(let grid) = kind else { return nil }
        return grid
    }
}
