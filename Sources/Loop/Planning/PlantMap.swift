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

    /// The devices, by `DeviceID`.
    public let devices: [Device]
    /// The grid connection, at the network's source bus; nil without an external grid.
    public let connection: DeviceID?
    /// Buses and branches.
    public let network: Network
    /// Charge for the highest mean import of a month; nil where the tariff has none.
    public let demandCharge: Tariff.Demand?
    /// What a month of which only a part is simulated is charged.
    public var partialMonths = Terms.PartialMonths.prorated
    /// Highest mean import of the first month that was metered before the first step, W.
    public var peakSoFar: Int64 = 0
    /// Losses of wires that are not modelled, as a fraction of what the loads take.
    public var lossShare = 0.0
    /// Time zone of the tariff's months.
    public let zone: TimeZoneTable
    /// All steps of the run.
    public let horizon: Horizon

    /// Creates the map of a plant.
    public init(
        devices: [Device], connection: DeviceID?, network: Network, demandCharge: Tariff.Demand?,
        zone: TimeZoneTable, horizon: Horizon
    ) {
        precondition(connection.map { devices[$0.index].bus == network.source } ?? true)
        self.devices = devices
        self.connection = connection
        self.network = network
        self.demandCharge = demandCharge
        self.zone = zone
        self.horizon = horizon
    }

    /// Returns the facts about the device that makes an offer.
    func device(of offer: Offer) -> Device { devices[offer.device.index] }
}
