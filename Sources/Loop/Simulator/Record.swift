public import Grid
public import Market
public import Messaging
public import Monitoring
public import Scheduling
public import Settlement
public import Timeline

/// All that happened in one step. Arrays by device, bus and branch are in the scenario's order.
public struct Record: Sendable {
    public let step: Int
    public let interval: Interval
    /// What each device could have given (sun, wind, water), wanted to take (load, positive) or is rated for.
    public let potential: [Power]
    /// What the controller asked for; nil where it asked nothing.
    public let ordered: [Power?]
    /// What was in force; nil where the device followed its own fallback.
    public let setpoint: [Power?]
    /// What each device gave to the network; the connection's is the remainder the wires drew.
    public let power: [Power]
    /// The reactive power beside.
    public let reactive: [ReactivePower]
    /// Energy stored at the end of the step; zero where there is no store.
    public let stored: [Energy]
    public let point: OperatingPoint
    public let alarms: [Alarm]
    /// What each device's meter counted.
    public let readings: ArraySlice<Reading>
    /// What was settled at the end of this step: at the end of a month and of the scenario.
    public let settlement: MonthlySettlement?
    public let conversation: Conversation
    /// The plan made in this step, if one was.
    public let plan: Plan?

    public init(
        step: Int, interval: Interval, potential: [Power], ordered: [Power?], setpoint: [Power?],
        power: [Power], reactive: [ReactivePower], stored: [Energy], point: OperatingPoint, alarms: [Alarm],
        readings: ArraySlice<Reading>, settlement: MonthlySettlement?, conversation: Conversation, plan: Plan?
    ) {
        self.step = step
        self.interval = interval
        self.potential = potential
        self.ordered = ordered
        self.setpoint = setpoint
        self.power = power
        self.reactive = reactive
        self.stored = stored
        self.point = point
        self.alarms = alarms
        self.readings = readings
        self.settlement = settlement
        self.conversation = conversation
        self.plan = plan
    }

    /// The messages of one step.
    public struct Conversation: Hashable, Sendable {
        public var messages = Channel.Count()
        /// Devices that kept to an older setpoint, and devices that followed their own fallback.
        public var held = 0
        public var fallback = 0

        public init() {}
    }
}
