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
    public var name: String
    /// Free text of the author.
    public var description: String
    /// Names of the author's overrides that were applied, and of the devices that were changed since.
    public private(set) var overrides: [String]
    /// The seed that is used if no other is given.
    public var seed: UInt64
    /// Time zone of tariffs and reports.
    public let zone: TimeZoneTable
    /// The weather, before it is drawn.
    public let weather: WeatherSource
    /// Buses and branches.
    public let network: Network
    /// All devices, in the order of the file. A load with variation has its expected demand here.
    public private(set) var devices: [Device]
    /// The demand of each load with variation, by its index among `devices`.
    public private(set) var variableDemands: [Int: VariableDemand]
    /// Links between devices and controller.
    public let communication: Communication
    /// How a dispatch is planned.
    public var planning: PlanSettings
    /// How agents agree without a controller; nil where it decides.
    public let peers: PeerSettings?
    /// Rules and contracts of the market.
    public var terms: Terms
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
            var own = device
            own.load = Load(
                demand: demand.drawn(seed: seed, load: device.name, step: horizon.step),
                reactiveRatio: load.reactiveRatio, valueOfLostLoad: load.valueOfLostLoad,
                priority: load.priority, expected: load.expected)
            return own
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

extension ScenarioTemplate {
    /// Changes the device of that name in place. `overrides` then names it, so that a run tells that its
    /// files are not all that it was made of.
    ///
    /// ```swift
    /// var template = try ScenarioFile.load(path: path).template
    /// try template.change("farm-battery") { $0.battery?.capacity = Energy(kilowattHours: 400) }
    /// let scenario = template.scenario(seed: 7)
    /// ```
    ///
    /// The demand that is given to a load with variation is its expected one; the variation stays around it.
    /// - Throws: where no device has that name.
    public mutating func change(_ name: String, _ edit: (inout Device) -> Void) throws(UnknownDevice) {
        guard let index = devices.firstIndex(where: { $0.name == name }) else {
            throw UnknownDevice(name: name, known: devices.map(\.name))
        }
        let before = devices[index].load?.demand
        edit(&devices[index])
        precondition(
            network.buses.indices.contains(devices[index].bus), "a device stands at a bus of the network")
        if let demand = devices[index].load?.demand, demand != before {
            variableDemands[index] = variableDemands[index]?.expecting(demand)
            let known = devices[index].load?.expected.count ?? 0
            devices[index].load?.expected = Array(demand.prefix(known))
        }
        overrides.append("\(name), changed")
    }
}

/// The name of a device that a scenario does not have.
public struct UnknownDevice: Error, Hashable, CustomStringConvertible {
    /// The name that was asked for.
    public let name: String
    /// The names of all devices.
    public let known: [String]

    /// What is wrong, and what could be meant.
    public var description: String {
        "the scenario has no device '\(name)'; its devices are \(known.joined(separator: ", "))"
    }
}
