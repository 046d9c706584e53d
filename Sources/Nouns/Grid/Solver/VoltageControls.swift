/// A transformer tap that moves in steps to hold a voltage. At position p the branch's ratio, which sits at
/// its `from`, is `ratio`·(1 + p·`step`): where `from` is the end nearer to the source, a higher position
/// lowers the voltage beyond; otherwise it raises it.
public struct TapChanger: Hashable, Sendable {
    /// Index of the branch.
    public var branch: Int
    /// Lowest and highest position.
    public var positions: ClosedRange<Int>
    /// Change of ratio by one position, as a fraction.
    public var step: Double
    /// Index of the bus whose voltage is held.
    public var bus: Int
    /// Setpoint of |V|, as a fraction of nominal.
    public var voltage: Double
    /// Whole width around the setpoint in which the tap rests, as a fraction of nominal.
    public var deadband: Double
    /// How long a voltage is out of the deadband before the tap moves, s.
    public var delay: Double
    /// Time from one move to the next, s.
    public var pause: Double
    /// Resistance of the line-drop compensation, from the changer to the place whose voltage is meant:
    /// `bus`'s voltage is lowered by the impedance times the current through the branch.
    public var dropResistance: Impedance
    /// Reactance of the line-drop compensation.
    public var dropReactance: Impedance

    /// A tap changer, by default of 32 steps of 5/8 %, without line-drop compensation.
    public init(
        branch: Int, positions: ClosedRange<Int> = -16...16, step: Double = 0.00625, bus: Int,
        voltage: Double, deadband: Double, delay: Double = 30, pause: Double = 0,
        dropResistance: Impedance = .zero, dropReactance: Impedance = .zero
    ) {
        self.branch = branch
        self.positions = positions
        self.step = step
        self.bus = bus
        self.voltage = voltage
        self.deadband = deadband
        self.delay = delay
        self.pause = pause
        self.dropResistance = dropResistance
        self.dropReactance = dropReactance
    }
}

/// A bank of capacitors that is switched on and off one stage at a time.
public struct SwitchedCapacitor: Hashable, Sendable {
    /// What the bank is switched by.
    public enum Measure: Hashable, Sendable {
        /// |V| at a bus as a fraction of nominal: on below the first, off above the second.
        case voltage(bus: Int, on: Double, off: Double)
        /// Reactive power entering a branch at the end nearer to the source: on above the first, off below
        /// the second.
        case reactive(branch: Int, on: ReactivePower, off: ReactivePower)
    }

    /// Index of the bus.
    public var bus: Int
    /// Reactive power that one stage gives at nominal voltage.
    public var stage: ReactivePower
    /// Number of stages.
    public var stages: Int
    /// What the bank is switched by.
    public var measure: Measure
    /// How long the measure asks for a stage more before it is switched on, s.
    public var delayOn: Double
    /// How long the measure asks for a stage less before it is switched off, s.
    public var delayOff: Double

    /// A bank, by default of one stage and with delays of 15 s.
    public init(
        bus: Int, stage: ReactivePower, stages: Int = 1, measure: Measure, delayOn: Double = 15,
        delayOff: Double = 15
    ) {
        self.bus = bus
        self.stage = stage
        self.stages = stages
        self.measure = measure
        self.delayOn = delayOn
        self.delayOff = delayOff
    }
}

/// An inverter whose powers follow the voltage of its bus.
public struct InverterControl: Hashable, Sendable {
    /// Which power is kept where the rating does not allow both.
    public enum Priority: Hashable, Sendable { case active, reactive }

    /// Index of the bus.
    public var bus: Int
    /// Limit of apparent power.
    public var rating: ApparentPower
    /// Power that the outputs of `voltWatt` are fractions of.
    public var activeRating: Power
    /// Reactive power, as a fraction of `rating`; nil: none.
    public var voltVar: VoltageCurve?
    /// The most active power, as a fraction of `activeRating`; nil: what is available.
    public var voltWatt: VoltageCurve?
    /// Which power is kept where the rating does not allow both.
    public var priority: Priority

    /// An inverter, by default without curves; `activeRating` defaults to `rating`.
    public init(
        bus: Int, rating: ApparentPower, activeRating: Power? = nil, voltVar: VoltageCurve? = nil,
        voltWatt: VoltageCurve? = nil, priority: Priority = .active
    ) {
        self.bus = bus
        self.rating = rating
        self.activeRating = activeRating ?? Power(rating.value)
        self.voltVar = voltVar
        self.voltWatt = voltWatt
        self.priority = priority
    }
}

/// Dependence of a bus's load on its voltage (the ZIP model). Both parts together are in 0…1; the rest is
/// constant power.
public struct LoadMix: Hashable, Sendable {
    /// Index of the bus.
    public var bus: Int
    /// Part of the load that goes with |V|.
    public var constantCurrent: Double
    /// Part of the load that goes with |V|².
    public var constantImpedance: Double

    /// The mix of the load at a bus.
    public init(bus: Int, constantCurrent: Double, constantImpedance: Double) {
        self.bus = bus
        self.constantCurrent = constantCurrent
        self.constantImpedance = constantImpedance
    }
}

/// Local controls that act on the voltages of a network, and how its loads depend on them.
public struct VoltageControls: Hashable, Sendable {
    /// Tap changers, each at a branch of its own.
    public var tapChangers: [TapChanger]
    /// Switched capacitor banks.
    public var capacitors: [SwitchedCapacitor]
    /// Inverters whose powers follow the voltage.
    public var inverters: [InverterControl]
    /// Loads that depend on voltage, at most one entry a bus; injections at other buses have constant power.
    public var loadMixes: [LoadMix]

    /// The controls; by default none.
    public init(
        tapChangers: [TapChanger] = [], capacitors: [SwitchedCapacitor] = [],
        inverters: [InverterControl] = [], loadMixes: [LoadMix] = []
    ) {
        self.tapChangers = tapChangers
        self.capacitors = capacitors
        self.inverters = inverters
        self.loadMixes = loadMixes
    }
}
