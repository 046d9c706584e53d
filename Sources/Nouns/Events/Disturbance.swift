/// What is different in one step because of events: the sum of all events that act in it.
public struct Disturbance: Hashable, Sendable {
    /// Change of the communication link of one device.
    public struct LinkChange: Hashable, Sendable {
        /// Probability that a message is lost, 0 … 1; nil: unchanged.
        public let loss: Double?
        /// Delay, s; nil: unchanged.
        public let latency: Double?
    }

    /// State of an agent.
    public enum AgentState: Hashable, Sendable {
        /// It sends and receives.
        case up
        /// It does neither.
        case crashed(keepsState: Bool)
        /// Its device is not there.
        case absent
    }

    /// Branches that are cut, ascending.
    public internal(set) var cut: [Int] = []
    /// Branches whose breaker is open, ascending; a branch may also be cut.
    public internal(set) var opened: [Int] = []
    /// Whether the external grid has no voltage.
    public internal(set) var isGridOut = false
    /// Devices that have failed, ascending.
    public internal(set) var failed: [Int] = []
    /// Devices that are absent, ascending.
    public internal(set) var absent: [Int] = []
    /// State of the agents that are not up, by device.
    public internal(set) var agents: [Int: AgentState] = [:]
    /// Number of the group of each device and, last, of the controller: messages pass within a group only.
    /// Empty where all belong together.
    public internal(set) var groups: [Int] = []
    /// Changed links, by device.
    public internal(set) var links: [Int: LinkChange] = [:]
    /// Attacks on each device, in the order of the events. They touch neither the network nor the links.
    public internal(set) var attacks: [Int: [Attack]] = [:]

    /// Nothing is different.
    public init() {}

    /// Whether devices, network or grid connection are touched, and not only messages.
    public var touchesPower: Bool {
        isGridOut || !cut.isEmpty || !opened.isEmpty || !failed.isEmpty || !absent.isEmpty
    }

    /// Whether messages are touched.
    public var touchesMessages: Bool { !agents.isEmpty || !groups.isEmpty || !links.isEmpty }

    /// The same for a controller that sits beside a device: messages pass to it as to the device.
    public func withController(besideDevice device: Int) -> Disturbance {
        var other = self
        if !groups.isEmpty { other.groups[groups.count - 1] = groups[device] }
        return other
    }

    /// Whether a message passes between two nodes; a node is a device, or the controller after the last.
    public func joins(_ a: Int, _ b: Int) -> Bool {
        agents[a] == nil && agents[b] == nil && (groups.isEmpty || groups[a] == groups[b])
    }
}
