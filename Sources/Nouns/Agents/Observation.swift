public import Scheduling
public import Timeline

/// All that an agent learns in a step other than by messages: what its own device, meter and relay tell it.
public struct Observation: Sendable {
    /// The step that begins.
    public var interval: Interval
    /// When the decisions of this step take effect. What arrives later serves later steps.
    public var deadline: VirtualTime
    /// What its device measures, to be reported; nil where nothing is cleared on measurements.
    public var measured: Measurement?
    /// What its device could do over the horizon of the plan that is due, as forecast; nil when no plan is
    /// due.
    public var ahead: Offer? {
        get {
            guard case .offer(let offer) = box else { return nil }
            return offer
        }
        set { box = newValue.map { .offer($0) } }
    }
    /// Whether a plan is due: whether `ahead` is there, told without a copy of it.
    public var isPlanDue: Bool { box != nil }
    /// Boxed, so that the observations of a step without a plan are small.
    private var box: Box?
    private indirect enum Box {
        case offer(Offer)
    }
    /// Agents that it can send to in one hop.
    public var neighbours: [NodeID]
    /// Number of its electrical island; changes when members leave or join. Its messages carry it
    /// (`Message.epoch`).
    public var island: UInt32

    /// Creates an observation; by default of an agent without a device, alone in island 0.
    public init(
        interval: Interval, deadline: VirtualTime, measured: Measurement? = nil,
        ahead: Offer? = nil,
        neighbours: [NodeID] = [], island: UInt32 = 0
    ) {
        self.interval = interval
        self.deadline = deadline
        self.measured = measured
        box = ahead.map { .offer($0) }
        self.neighbours = neighbours
        self.island = island
    }
}
