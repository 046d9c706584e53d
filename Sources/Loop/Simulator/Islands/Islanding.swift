public import Grid
public import Monitoring
public import Scheduling

/// Why a load is not served.
public enum UnservedCause: String, Hashable, Sendable, CaseIterable {
    /// Its setpoint allows less.
    case dispatch
    /// The external grid has no voltage, and no grid-forming device is up.
    case outage
    /// A cut branch parts it from every source.
    case cut
    /// An open breaker parts it from every source.
    case open
    /// The grid-forming devices of its island ran out of power or energy.
    case exhausted
    /// Its island has too little power or energy for all loads.
    case shedding
    /// Its island has started again and has not picked it up yet.
    case pickUp = "pick-up"
    /// The load itself has failed.
    case failure
    /// The network has no solution.
    case noSolution = "no-solution"
}

/// What events did to the plant in one step.
public struct Islanding: Hashable, Sendable {
    /// A part of the network without the external grid, held by grid-forming devices.
    public struct Island: Hashable, Sendable {
        /// Its buses, ascending.
        public var buses: [Int] = []
        /// Its grid-forming devices that are up, ascending.
        public var forming: [DeviceID] = []
        /// The one of highest rank, which holds the voltage and takes the remainder.
        public var slack: DeviceID
        /// Whether it came about in this step.
        public var isNew = false
        /// Whether it started from a dead network in this step.
        public var isBlackStart = false
        /// Frequency after primary response, Hz, where the whole change of the step comes at once; the
        /// secondary response brings it back to nominal.
        public var frequency = 0.0
        /// How much more its grid-forming devices give than before the step.
        public var reserveUsed = Power.zero
        /// How much more all its devices could give for the step.
        public var headroom = Power.zero
        /// Demand of its loads.
        public var demand = Power.zero
        /// Demand of the loads that are shed in this step.
        public var shedPower = Power.zero
        /// Loads that are shed in this step, ascending.
        public var shed: [DeviceID] = []
        /// Loads that are picked up in this step, ascending.
        public var pickedUp: [DeviceID] = []
        /// Price at which its own controller cleared the step; nil where the centre did, or nobody.
        public var price: EnergyCost?
    }

    /// The islands, by their first bus.
    public var islands: [Island] = []
    /// Buses without voltage, ascending.
    public var deadBuses: [Int] = []
    /// Whether a grid connection carries power or could: its external grid has voltage and is joined.
    public var isConnected = true
    /// Branches that were closed in this step after they had waited for synchronism, ascending; the number of
    /// branches stands for the first grid connection, the next one for the second.
    public var synchronised: [Int] = []
    /// Branches that are whole and wait for synchronism, likewise.
    public var waiting: [Int] = []
    /// Potential of each device in this step: zero where it failed or is absent, and with the excess of a
    /// load after an interruption.
    public var potential: [Power] = []
    /// Why each load is served less than its potential; nil where it is served, and for other devices.
    public var causes: [UnservedCause?] = []
    /// Alarms about islands: frequency and shedding.
    public var alarms: [Alarm] = []

    /// Creates the state of a step without islands.
    public init() {}

    /// Takes the prices of islands, by their buses.
    mutating func take(_ prices: [[Int]: EnergyCost]) {
        for place in islands.indices { islands[place].price = prices[islands[place].buses] }
    }
}
