/// A transformer tap that moves in steps to hold a voltage. At position p the branch's ratio, which sits at
/// its `from`, is `ratio`·(1 + p·`step`): where `from` is the end nearer to the source, a higher position
/// lowers the voltage beyond; otherwise it raises it.
public struct TapChanger: Hashable, Sendable {
    /// Index of the branch.
    public let branch: Int
    public let positions: ClosedRange<Int>
    /// Change of ratio by one position, as a fraction.
    public let step: Double
    /// Index of the bus whose voltage is held.
    public let bus: Int
    /// |V| wished for, and the whole width around it in which the tap rests, as fractions of nominal.
    public let voltage: Double
    public let deadband: Double
    /// How long a voltage is out of the deadband before the tap moves, and from one move to the next, s.
    public let delay: Double
    public let pause: Double
    /// Ω from the changer to the place whose voltage is meant: `bus`'s voltage is lowered by this times the
    /// current through the branch (line-drop compensation).
    public let dropResistance: Impedance
    public let dropReactance: Impedance

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

/// Capacitors that are switched on and off one stage at a time.
public struct SwitchedCapacitor: Hashable, Sendable {
    public enum Measure: Hashable, Sendable {
        /// |V| at a bus as a fraction of nominal: on below the first, off above the second.
        case voltage(bus: Int, on: Double, off: Double)
        /// Reactive power entering a branch at the end nearer to the source: on above the first, off below
        /// the second.
        case reactive(branch: Int, on: ReactivePower, off: ReactivePower)
    }

    public let bus: Int
    /// What one stage gives at nominal voltage.
    public let stage: ReactivePower
    public let stages: Int
    public let measure: Measure
    /// How long a measure stands before it switches on or off, s.
    public let delayOn: Double
    public let delayOff: Double

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
    /// What is kept where the rating cannot give both.
    public enum Priority: Hashable, Sendable { case active, reactive }

    public let bus: Int
    /// Limit of apparent power.
    public let rating: ApparentPower
    /// What the outputs of `voltWatt` are fractions of.
    public let activeRating: Power
    /// Reactive power, as a fraction of `rating`; nil: none.
    public let voltVar: VoltageCurve?
    /// The most active power, as a fraction of `activeRating`; nil: what is available.
    public let voltWatt: VoltageCurve?
    public let priority: Priority

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

/// How the load of a bus depends on its voltage: the parts, together in 0…1, that go with |V| and |V|².
public struct LoadMix: Hashable, Sendable {
    public let bus: Int
    public let constantCurrent: Double
    public let constantImpedance: Double

    public init(bus: Int, constantCurrent: Double, constantImpedance: Double) {
        self.bus = bus
        self.constantCurrent = constantCurrent
        self.constantImpedance = constantImpedance
    }
}

/// What acts on the voltages of a network by itself.
public struct VoltageControls: Hashable, Sendable {
    public var tapChangers: [TapChanger]
    public var capacitors: [SwitchedCapacitor]
    public var inverters: [InverterControl]
    /// At most one a bus; what injects elsewhere has constant power.
    public var loadMixes: [LoadMix]

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
