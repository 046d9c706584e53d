public import Grid
public import Scheduling
public import Timeline

/// All that an agent learns in a step other than by messages: what its own device, meter and relay tell it.
public struct Observation: Sendable {
    /// The step that begins.
    public var interval: Interval
    /// When the decisions of this step take effect. What arrives later serves later steps.
    public var deadline: VirtualTime
    /// What its device can do in this step, as measured; nil for an agent without a device.
    public var now: Offer? {
        get { measuredOffer.offer }
        set { measuredOffer = HeldOffer(newValue) }
    }
    /// What its device measures, to be reported; nil where nothing is cleared on measurements.
    public var measured: Measurement?
    /// What its device could do over the horizon of the plan that is due, as forecast; nil when no plan is
    /// due.
    public var ahead: Offer? {
        get { forecastOffer.offer }
        set { forecastOffer = HeldOffer(newValue) }
    }
    /// Whether a plan is due: whether `ahead` is there, told without a copy of it.
    public var isPlanDue: Bool {
        guard case .some = forecastOffer else { return false }
        return true
    }

    /// The demand charge as its own meter knows it; nil except for the agent of a grid connection that pays
    /// one.
    public var peak: Peak?
    /// Agents that it can send to in one hop.
    public var neighbours: [NodeID]
    /// Number of its electrical island; changes when members leave or join. Its messages carry it
    /// (`Message.epoch`).
    public var island: UInt32
    private var measuredOffer: HeldOffer
    private var forecastOffer: HeldOffer

    /// Creates an observation; by default of an agent without a device, alone in island 0.
    public init(
        interval: Interval, deadline: VirtualTime, now: Offer? = nil, measured: Measurement? = nil,
        ahead: Offer? = nil, peak: Peak? = nil,
        neighbours: [NodeID] = [], island: UInt32 = 0
    ) {
        self.interval = interval
        self.deadline = deadline
        measuredOffer = HeldOffer(now)
        self.measured = measured
        forecastOffer = HeldOffer(ahead)
        self.peak = peak
        self.neighbours = neighbours
        self.island = island
    }

    /// What the agent of a grid connection knows of the demand charge.
    public struct Peak: Hashable, Sendable {
        /// Highest mean power imported in a step of this month so far.
        public var soFar: Power
        /// Charge for each W of the month's peak, yuan/W, as a plan prices it.
        public var charge: Double

        /// Creates the peak so far and its charge.
        public init(soFar: Power, charge: Double) {
            self.soFar = soFar
            self.charge = charge
        }
    }
}

/// An offer or none, apart from the observation: most observations have none, and an offer is long.
private indirect enum HeldOffer: Sendable {
    case none
    case some(Offer)

    init(_ offer: Offer?) { self = offer.map { .some($0) } ?? .none }

    var offer: Offer? {
        guard case .some(let offer) = self else { return nil }
        return offer
    }
}
