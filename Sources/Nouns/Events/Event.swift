/// Something that happens to the microgrid for a time: a cable is cut, the grid fails, an agent crashes.
///
/// An event acts in every step that its time touches, from the begin of the first one. Overlapping events
/// add up, and the end of one undoes only its own.
public struct Event: Hashable, Sendable {
    /// What happens. Branches and devices are named by their index in the scenario.
    public enum Action: Hashable, Sendable {
        /// A branch is cut, with the fibre laid beside it.
        case cut(branch: Int)
        /// The breaker of a branch is open; the fibre beside it still carries messages.
        case open(branch: Int)
        /// The external grid behind a grid connection has no voltage.
        case outage(connection: Int)
        /// No messages pass between these groups of devices. Devices that no group names form one more
        /// group, to which the controller belongs.
        case partition(groups: [[Int]])
        /// The agent of a device stops. With its state lost it also forgets what it has received.
        case crash(device: Int, keepsState: Bool)
        /// A device neither gives nor takes; its agent reports that.
        case fail(device: Int)
        /// A device that was absent becomes present.
        case join(device: Int)
        /// A device that was present becomes absent.
        case leave(device: Int)
        /// The communication link of a device has this loss (0 … 1) and latency (s) instead of its own; nil
        /// where it keeps its own.
        case link(device: Int, loss: Double?, latency: Double?)
        /// Somebody attacks a device or its agent.
        case attack(device: Int, Attack)
    }

    /// What happens.
    public let action: Action
    /// Steps of the scenario in which it acts.
    public let steps: Range<Int>

    /// Creates an event that acts in `steps`, which must not be negative.
    public init(_ action: Action, in steps: Range<Int>) {
        precondition(steps.lowerBound >= 0)
        self.action = action
        self.steps = steps
    }
}

extension Event.Action {
    /// Whether it changes devices, network or grid connection, and not only messages.
    public var touchesPower: Bool {
        switch self {
        case .cut, .open, .outage, .fail, .join, .leave: true
        case .partition, .crash, .link, .attack: false
        }
    }

    /// Name of the key that states it in a scenario file.
    public var name: String {
        switch self {
        case .cut: "cut"
        case .open: "open"
        case .outage: "outage"
        case .partition: "partition"
        case .crash: "crash"
        case .fail: "fail"
        case .join: "join"
        case .leave: "leave"
        case .link: "link"
        case .attack: "attack"
        }
    }
}
