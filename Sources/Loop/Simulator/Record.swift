public import DistributedDispatch
public import Grid
public import Market
public import Messaging
public import Monitoring
public import Planning
public import Scheduling
public import Settlement
public import Timeline

/// All that happened in one step. Arrays by device, bus and branch are in the scenario's order; whoever makes
/// a record fills them all.
public struct Record: Sendable {
    /// Index of the step in the scenario's horizon.
    public let step: Int
    /// The step in time.
    public let interval: Interval
    /// What each device could give (sun, wind, water), wants to take (load, positive) or is rated for.
    public var potential: [Power] = []
    /// Offers that the devices sent in this step, with their forecasts; empty when no plan was due.
    public var offers: [Offer] = []
    /// Setpoint that the controller sent to each device in this step; nil where it sent none.
    public var sent: [Setpoint?] = []
    /// Setpoint in force at each device; nil where the device followed its own fallback. A held one names the
    /// earlier step it was meant for.
    public var inForce: [Setpoint?] = []
    /// Grid connections that held the voltage of their part of the network, and took the remainder there.
    public var references: [Int] = []
    /// Active power each device gave to the network; that of a reference is the remainder the network drew.
    public var power: [Power] = []
    /// Reactive power each device gave to the network; that of a reference is the remainder.
    public var reactive: [ReactivePower] = []
    /// Energy stored at the end of the step; zero for devices without a store.
    public var stored: [Energy] = []
    /// Injections that the power flow solved: of all devices but the references, by bus.
    public var injections = Injections(buses: 0)
    /// Solution of the power flow.
    public var point: OperatingPoint
    /// What the step has beside it in a network of three phases; nil in a balanced network.
    public var feeder: FeederStep?
    /// Limits that the solution violates.
    public var alarms: [Alarm] = []
    /// What local checks notice; looked for in runs with attacks.
    public var contradictions: [Contradiction] = []
    /// Energy that each device's meter counted.
    public var readings: ArraySlice<Reading> = []
    /// Settlement of the month that ends with this step, or with the scenario; otherwise nil.
    public var settlement: MonthlySettlement?
    /// Message counts of the step.
    public var conversation = Conversation()
    /// When setpoints were agreed on, and on how old information.
    public var timing = Timing()
    /// Plan made in this step; nil when none was due.
    public var plan: Plan?
    /// How far the plan made in this step may be above the least cost, where agents agreed on it.
    public var gap: DispatchGap?
    /// What events did to the plant; nil in a step without events and their consequences.
    public var islanding: Islanding?
    /// What the controller decided for this step on what was measured; nil where the plan's powers were sent.
    public var decision: StepDecision?

    /// Creates a record with empty arrays, no settlement and no plan.
    public init(step: Int, interval: Interval, point: OperatingPoint) {
        self.step = step
        self.interval = interval
        self.point = point
    }

    /// Returns the price at which an area was cleared in this step; nil where it was not.
    public func clearedPrice(in area: Int) -> EnergyCost? {
        decision.flatMap { $0.price.indices.contains(area) ? $0.price[area] : nil }
    }

    /// Message counts of one step, or of several.
    public struct Conversation: Hashable, Sendable {
        /// Messages sent, delivered, lost, dropped and duplicated, with their bytes.
        public var traffic = Traffic()
        /// Devices that kept to a setpoint of an earlier step.
        public var held = 0
        /// Devices that followed their own fallback.
        public var fallback = 0

        /// Creates counts of zero.
        public init() {}
    }

    /// How long agreement on the setpoints of one step took, and the age of what it was based on.
    public struct Timing: Hashable, Sendable {
        /// Time from the begin of the step until each device that has a setpoint of this step had it, s; nil
        /// where some device had none by the deadline, or where none was sent.
        public var after: Double?
        /// Age, at the decision, of what is known of each device, s: the time since the begin of the interval
        /// that its newest report, or else its plan, is about. Devices of which nothing is known are
        /// left out.
        public var ages: [Double] = []

        /// Creates the timing of a step in which nothing was agreed on.
        public init() {}
    }
}
