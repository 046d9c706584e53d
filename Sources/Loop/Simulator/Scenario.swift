import Agents
public import Devices
import EconomicDispatch
public import Events
import Forecasting
public import Grid
public import Islanding
public import Messaging
public import Planning
import Scheduling
public import Settlement
public import Timeline
public import Weather

/// Everything a simulation needs, checked and in SI units. Doors make it; nothing here reads a file.
public struct Scenario: Sendable {
    /// Name in reports.
    public let name: String
    /// Description in reports.
    public let description: String
    /// Names of the author's variations that it was made with, for reports.
    public let overrides: [String]
    /// Random seed; everything random follows from it.
    public let seed: UInt64
    /// Time zone of tariffs and reports.
    public let zone: TimeZoneTable
    /// Place and time of the simulation, with the weather and the river flow of every step.
    public let weather: WeatherSeries
    /// Buses and branches.
    public let network: Network
    /// Devices in the order of the file. The first grid connection is at the network's source bus; without
    /// one a grid-forming device there holds the voltage.
    public let devices: [Device]
    /// Communication between agents and controller.
    public var communication: Communication
    /// How dispatch is planned.
    public var planning: PlanSettings
    /// How agents agree without a controller; nil where it decides.
    public var peers: PeerSettings?
    /// Tariffs, contracts and rules of settlement.
    public let terms: Terms
    /// Days on which demand is as on a Sunday, for forecasts.
    public var holidays: Set<CivilDate> = []
    /// What happens in the run.
    public var events = EventSchedule()
    /// How islands behave.
    public var islanding = IslandSettings()
    /// Losses of a network of one bus, whose wires are not modelled, as a fraction of what the loads take; 0
    /// for others.
    public var lossShare = 0.0
    /// The feeder of three phases that the loop solves, with an entry for each device; nil where the network
    /// is balanced. `network` is then its `equivalent`.
    public var feeder: ScenarioFeeder?

    /// Creates a scenario; each argument is as the property of the same name.
    public init(
        name: String, description: String, overrides: [String] = [], seed: UInt64, zone: TimeZoneTable,
        weather: WeatherSeries,
        network: Network, devices: [Device], communication: Communication, planning: PlanSettings,
        peers: PeerSettings? = nil, terms: Terms
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
        self.peers = peers
        self.terms = terms
        connections = devices.indices.filter { devices[$0].externalGrid != nil }
        let holders = connections.isEmpty ? devices : [devices[connections[0]]]
        precondition(
            holders.contains {
                $0.bus == network.source && ($0.externalGrid != nil || $0.forming != nil)
            })
        let held = Set(network.sources.map(\.bus))
        precondition(held.count == 1 || held.isSubset(of: connections.map { devices[$0].bus }))
    }

    /// Steps of the simulation.
    public var horizon: Horizon { weather.horizon }

    /// Indices of the grid connections among `devices`, in the order in which they hold the voltage: of those
    /// in one part of the network the first whose grid is up holds it and takes the remainder; the power of
    /// the others is controlled.
    public let connections: [Int]

    /// Index of the first grid connection among `devices`; nil for a microgrid without an external grid.
    public var connection: Int? { connections.first }
}

extension Scenario {
    /// Steps that the start of each grid-forming genset takes, by device.
    var startSteps: [Int: Int] {
        Dictionary(
            uniqueKeysWithValues: devices.indices.compactMap { index in
                guard devices[index].genset != nil, let forming = devices[index].forming else { return nil }
                let time = forming.startTime ?? GridForming.usualStartTime
                return (index, Int((time / Double(horizon.step)).rounded(.up)))
            })
    }
}

/// Communication between agents and controller.
public struct Communication: Hashable, Sendable {
    /// Shape of the network.
    public let topology: Topology
    /// Nodes and links: the agent of each device, in the order of devices, then the controller; further
    /// nodes only relay.
    public let network: CommunicationNetwork
    /// Latest arrival of a setpoint after the start of its step, s; a later one takes effect in the next
    /// step. The controller decides after half of this time, with the offers received by then.
    public let deadline: Double
    /// How long a device keeps to the last setpoint received before it falls back on its own rule, s.
    public let hold: Int

    /// Time after which an agent repeats what was not answered, s; nil: it says everything once.
    public let tick: Double?

    /// Creates the settings of communication.
    public init(
        topology: Topology, network: CommunicationNetwork, deadline: Double, hold: Int, tick: Double? = nil
    ) {
        precondition(deadline >= 0 && hold >= 0 && tick.map { $0 > 0 } ?? true)
        self.tick = tick
        self.topology = topology
        self.network = network
        self.deadline = deadline
        self.hold = hold
    }

    /// Creates a star: `link` between the agent of each of `devices` devices and the controller.
    public init(devices: Int, link: Link, deadline: Double, hold: Int, tick: Double? = nil) {
        self.init(
            topology: .star, network: .star(nodes: devices + 1, centre: NodeID(devices), link: link),
            deadline: deadline, hold: hold, tick: tick)
    }

    /// Properties of the links that have none of their own.
    public var link: Link { network.laws[0] }
}
