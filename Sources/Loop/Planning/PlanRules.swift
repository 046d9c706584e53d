import Grid
public import Scheduling

/// What all plans of a scenario must keep to. `Requirements` says the same for one problem.
public struct PlanRules: Hashable, Sendable {
    /// How the tariff's demand charge enters a plan.
    public enum DemandRule: String, Hashable, Sendable, CaseIterable {
        /// Plans ignore it.
        case ignored
        /// A plan pays it in full for what it adds to the month's peak so far.
        case full
        /// A plan pays the charge × (length of the horizon) / (time left in the month or the run): the peak
        /// serves all of that time.
        case shared
    }

    /// What the batteries must hold at the end of a plan.
    public enum End: Hashable, Sendable {
        /// Anything; what is left has a value.
        case valued
        /// Their content at the beginning.
        case asNow
        /// This fraction of the capacity of every battery.
        case stateOfCharge(Double)
    }

    /// Spinning reserve.
    public struct Spinning: Hashable, Sendable {
        /// Reserve as a fraction of the loads' demand.
        public let share: Double
        /// How long a store must be able to give its reserve, h.
        public let hours: Double

        /// Creates a reserve.
        public init(share: Double, hours: Double) {
            self.share = share
            self.hours = hours
        }
    }

    /// Energy stored for an islanding.
    public struct Island: Hashable, Sendable {
        /// Length of the islanding, s.
        public let length: Int
        /// Grid-forming devices.
        public let forming: [DeviceID]
        /// Loads that must be served.
        public let loads: [DeviceID]

        /// Creates an islanding to be ready for.
        public init(length: Int, forming: [DeviceID], loads: [DeviceID]) {
            self.length = length
            self.forming = forming
            self.loads = loads
        }
    }

    /// Whether plans keep to the limits of voltage, current and exchange that their power flow shows.
    public var keepsNetworkLimits = false
    /// Least power factor of the exchange at the grid connection; nil: no limit. Only where plans keep to the
    /// network's limits.
    public var powerFactor: Double?
    /// How the tariff's demand charge enters a plan.
    public var demand = DemandRule.shared
    /// What the batteries must hold at the end of a plan.
    public var end = End.valued
    /// Price of emissions, yuan per kg of CO₂.
    public var emissionPrice = 0.0
    /// Cap of emissions over the horizon of each plan, kg of CO₂; nil: none.
    public var emissionCap: Double?
    /// Spinning reserve; nil: none.
    public var spinning: Spinning?
    /// Islanding to be ready for; nil: none.
    public var island: Island?
    /// Areas that plans balance one by one; nil: the whole network is one area.
    public var areas: PlanAreas?

    /// Creates rules that ask for nothing but the shared demand charge.
    public init() {}
}
