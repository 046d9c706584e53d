public import Forecasting
public import Grid
public import Scheduling
public import Settlement
public import Timeline

/// What a planner is told about the plant when it is commissioned: its buses and branches, where the devices
/// are and what they are capable of, and the terms of the tariff.
///
/// It holds no weather, no demand and no power that a device really could give: a planner learns those only
/// from the offers it receives.
public struct PlantMap: Hashable, Sendable {
    /// The facts about one device that its offers do not state.
    public struct Device: Hashable, Sendable {
        /// Name in the scenario.
        public let name: String
        /// Index of its bus in the network.
        public let bus: Int
        /// What makes its forecast wrong; nil for a device that knows what it can do.
        public let forecastSource: ForecastErrors.Source?
        /// Reactive power that comes with each watt, var/W; zero except for loads.
        public var reactiveRatio = 0.0
        /// Whether it answers at once to a loss of power, and so counts as spinning reserve.
        public var holdsReserve = false
        /// Capacity of its store; nil without one.
        public var capacity: Energy?
        /// Emissions, kg of CO₂ per Wh given; nil where it emits nothing.
        public var emissionFactor: Double?

        /// Creates a device that runs at unity power factor, holds no reserve and emits nothing.
        public init(name: String, bus: Int, forecastSource: ForecastErrors.Source?) {
            self.name = name
            self.bus = bus
            self.forecastSource = forecastSource
        }

        /// Whether it is a load.
        public var isLoad: Bool { forecastSource == .demand }
    }

    /// A grid connection.
    public struct Connection: Hashable, Sendable {
        /// The device.
        public let device: DeviceID
        /// Charge for the highest mean import of a month; nil where its tariff has none.
        public var demandCharge: Tariff.Demand?
        /// Highest mean import of the first month that was metered before the first step, W.
        public var peakSoFar: Int64 = 0

        /// Creates a connection.
        public init(_ device: DeviceID, demandCharge: Tariff.Demand? = nil, peakSoFar: Int64 = 0) {
            (self.device, self.demandCharge, self.peakSoFar) = (device, demandCharge, peakSoFar)
        }
    }

    /// The devices, by `DeviceID`.
    public let devices: [Device]
    /// The grid connections, the one at the network's source bus first; empty without an external grid.
    public let connections: [Connection]
    /// Buses and branches.
    public let network: Network
    /// What a month of which only a part is simulated is charged.
    public var partialMonths = Terms.PartialMonths.prorated
    /// Growth of the demand charge; nil: none.
    public var growth: PriceGrowth?
    /// Losses of wires that are not modelled, as a fraction of what the loads take.
    public var lossShare = 0.0
    /// Time zone of the tariff's months.
    public let zone: TimeZoneTable
    /// All steps of the run.
    public let horizon: Horizon

    /// Creates the map of a plant.
    public init(
        devices: [Device], connections: [Connection], network: Network, zone: TimeZoneTable,
        horizon: Horizon
    ) {
        precondition(connections.first.map { devices[$0.device.index].bus == network.source } ?? true)
        self.devices = devices
        self.connections = connections
        self.network = network
        self.zone = zone
        self.horizon = horizon
    }

    /// The grid connection at the network's source bus, which takes the remainder; nil without an external
    /// grid.
    public var connection: DeviceID? { connections.first?.device }

    /// Returns the facts about the device that makes an offer.
    func device(of offer: Offer) -> Device { devices[offer.device.index] }
}
