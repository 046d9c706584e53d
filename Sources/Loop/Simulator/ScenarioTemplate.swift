public import Devices
public import Events
public import Grid
public import Islanding
public import Planning
public import Settlement
public import Timeline
public import Weather

/// A scenario before its random parts are drawn: the weather of a climatology, and the variation of loads
/// around their shapes. `scenario(seed:)` makes one `Scenario` for each seed, without reading a file.
public struct ScenarioTemplate: Sendable {
    /// Title of the scenario.
    public let name: String
    /// Free text of the author.
    public let description: String
    /// Names of the author's overrides that were applied.
    public let overrides: [String]
    /// The seed that is used if no other is given.
    public let seed: UInt64
    /// Time zone of tariffs and reports.
    public let zone: TimeZoneTable
    /// The weather, before it is drawn.
    public let weather: WeatherSource
    /// Buses and branches.
    public let network: Network
    /// All devices, in the order of the file. A load with variation has its expected demand here.
    public let devices: [Device]
    /// The demand of each load with variation, by its index among `devices`.
    public let variableDemands: [Int: VariableDemand]
    /// Links between devices and controller.
    public let communication: Communication
    /// How a dispatch is planned.
    public let planning: PlanSettings
    /// How agents agree without a controller; nil where it decides.
    public let peers: PeerSettings?
    /// Rules and contracts of the market.
    public let terms: Terms
    /// Days on which demand is as on a Sunday, for forecasts.
    public var holidays: Set<CivilDate> = []
    /// What happens in the run.
    public var events = EventSchedule()
    /// How islands behave.
    public var islanding = IslandSettings()
    /// Losses of a network without data; see `Scenario.lossShare`.
    public var lossShare = 0.0
    /// The feeder of three phases; see `Scenario.feeder`.
    public var feeder: ScenarioFeeder?

    /// Puts the parts together; each is as the property of the same name.
    public init(
        name: String, description: String, overrides: [String], seed: UInt64, zone: TimeZoneTable,
        weather: WeatherSource, network: Network, devices: [Device], variableDemands: [Int: VariableDemand],
        communication: Communication, planning: PlanSettings, peers: PeerSettings? = nil,
        terms: Terms
    ) {
        self.name = name
        self.description = description
        self.overrides = overrides
        self.seed = seed
        self.zone = zone
        self.weather = weather
        self.network = network
        self.devices = devices
        self.variableDemands = variableDemands
        self.communication = communication
        self.planning = planning
        self.peers = peers
        self.terms = terms
    }

    /// The steps of the scenario.
    public var horizon: Horizon { weather.horizon }

    /// Draws the weather and the demands with `seed`. The same seed gives the same scenario.
    /// - Parameter seed: nil: the template's.
    public func scenario(seed: UInt64? = nil) -> Scenario {
        let seed = seed ?? self.seed
        let drawn = devices.enumerated().map { index, device in
            guard let demand = variableDemands[index], case .load(let load) = device.kind else {
                return device
            }
            let own = Load(
                demand: demand.drawn(seed: seed, load: device.name, step: horizon.step),
                reactiveRatio: load.reactiveRatio, valueOfLostLoad: load.valueOfLostLoad,
                priority: load.priority, expected: load.expected)
            return Device(
                name: device.name, bus: device.bus, kind: .load(own), capability: device.capability)
        }
        var scenario = Scenario(
            name: name, description: description, overrides: overrides, seed: seed, zone: zone,
            weather: weather.series(seed: seed), network: network, devices: drawn,
            communication: communication, planning: planning, peers: peers, terms: terms)
        (scenario.events, scenario.islanding) = (events, islanding)
        (scenario.lossShare, scenario.holidays, scenario.feeder) = (lossShare, holidays, feeder)
        return scenario
    }
}
