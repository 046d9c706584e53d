/// A network whose three phases differ: a feeder of phase impedance matrices, whose laterals may have one
/// or two phases, fed at one bus.
///
/// Voltages are against earth: a neutral, if there is one, is grounded and already part of the matrices
/// (Kron's reduction). A closed transformer or regulator must have its `from` on the side of the source.
public struct UnbalancedNetwork: Hashable, Sendable {
    /// A node of the feeder.
    public struct Bus: Hashable, Sendable {
        /// What people call the bus.
        public var name: String
        /// Nominal voltage, line-to-line.
        public var nominalVoltage: Voltage

        /// A bus.
        public init(name: String, nominalVoltage: Voltage) {
            self.name = name
            self.nominalVoltage = nominalVoltage
        }

        /// Nominal voltage from phase to earth, V.
        public var nominalPhaseVoltage: Double { nominalVoltage.value / 3.0.squareRoot() }
    }

    /// A line, transformer or regulator between two buses, on some phases.
    public struct Branch: Hashable, Sendable {
        /// What the branch consists of.
        public enum Element: Hashable, Sendable {
            /// Series impedance, Ω, and total shunt susceptance, S, half at each end. A closed switch is a
            /// line without either.
            case line(impedance: PhaseMatrix, susceptance: PhaseMatrix)
            /// On all three phases.
            case transformer(Transformer)
            case regulator(StepRegulator)
        }

        /// What people call the branch.
        public var name: String
        /// Index of the bus at the end nearer to the source.
        public var from: Int
        /// Index of the bus at the other end.
        public var to: Int
        /// The phases that the branch has.
        public var phases: Phases
        /// What the branch consists of.
        public var element: Element
        /// Whether current can pass.
        public var isClosed: Bool

        /// A branch, by default closed and of three phases.
        public init(
            name: String, from: Int, to: Int, phases: Phases = .abc, element: Element, isClosed: Bool = true
        ) {
            self.name = name
            self.from = from
            self.to = to
            self.phases = phases
            self.element = element
            self.isClosed = isClosed
        }
    }

    /// A load between each phase and earth (wye) or between phases (delta).
    public struct Load: Hashable, Sendable {
        /// What the three parts of a load or capacitor are connected between.
        public enum Connection: String, Hashable, Sendable {
            case wye, delta
        }

        /// What people call the load.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Whether the values are of phases or between phases.
        public var connection: Connection
        /// Active power taken at nominal voltage: three values, of a, b, c, or of ab, bc, ca.
        public var active: [Power]
        /// Reactive power taken at nominal voltage: three values, of a, b, c, or of ab, bc, ca.
        public var reactive: [ReactivePower]
        /// Part of the load, 0…1, that goes with |V|. What is neither this nor constant impedance is constant
        /// power.
        public var constantCurrent: Double
        /// Part of the load, 0…1, that goes with |V|².
        public var constantImpedance: Double

        /// A load, by default wye and of constant power.
        /// - Precondition: there are three active and three reactive powers.
        public init(
            name: String, bus: Int, connection: Connection = .wye, active: [Power], reactive: [ReactivePower],
            constantCurrent: Double = 0, constantImpedance: Double = 0
        ) {
            precondition(active.count == 3 && reactive.count == 3)
            self.name = name
            self.bus = bus
            self.connection = connection
            self.active = active
            self.reactive = reactive
            self.constantCurrent = constantCurrent
            self.constantImpedance = constantImpedance
        }
    }

    /// A capacitor, whose reactive power goes with the square of the voltage.
    public struct Capacitor: Hashable, Sendable {
        /// What people call the capacitor.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Whether the values are of phases or between phases.
        public var connection: Load.Connection
        /// Reactive power given at nominal voltage: three values, of a, b, c, or of ab, bc, ca.
        public var reactive: [ReactivePower]

        /// A capacitor, by default wye.
        /// - Precondition: there are three reactive powers.
        public init(
            name: String, bus: Int, connection: Load.Connection = .wye, reactive: [ReactivePower]
        ) {
            precondition(reactive.count == 3)
            self.name = name
            self.bus = bus
            self.connection = connection
            self.reactive = reactive
        }
    }

    /// The bus whose three voltages are given, and which takes the remainder.
    public struct Source: Hashable, Sendable {
        /// Index of the bus.
        public var bus: Int
        /// |V| of a, b and c against earth, as a fraction of nominal.
        public var magnitude: [Double]
        /// Angle of the voltages of a, b and c, rad.
        public var angle: [Double]

        /// A source with a voltage of its own on each phase.
        /// - Precondition: there are three magnitudes and three angles.
        public init(bus: Int, magnitude: [Double], angle: [Double]) {
            precondition(magnitude.count == 3 && angle.count == 3)
            self.bus = bus
            self.magnitude = magnitude
            self.angle = angle
        }

        /// A source of three equal voltages; b is a third of a turn behind a, c a third before.
        public init(bus: Int, voltage: Double = 1, angle: Double = 0) {
            let third = 2 * Double.pi / 3
            self.init(
                bus: bus, magnitude: [voltage, voltage, voltage],
                angle: [angle, angle - third, angle + third])
        }
    }

    /// The buses; everything else names them by their index here.
    public var buses: [Bus]
    /// The branches; results come in this order.
    public var branches: [Branch]
    /// The loads.
    public var loads: [Load]
    /// The capacitors.
    public var capacitors: [Capacitor]
    /// The bus whose voltages are given.
    public var source: Source
    /// What per-unit powers are fractions of, a third of it on each phase, tolerances among them; above 0.
    public var basePower: Power

    /// A feeder, by default on a base of 1 MVA.
    /// - Precondition: `basePower` is above 0.
    public init(
        buses: [Bus], branches: [Branch], loads: [Load] = [], capacitors: [Capacitor] = [], source: Source,
        basePower: Power = Power(1e6)
    ) {
        precondition(basePower > .zero)
        self.buses = buses
        self.branches = branches
        self.loads = loads
        self.capacitors = capacitors
        self.source = source
        self.basePower = basePower
    }

    /// The controls of all regulators, branch by branch: the order of taps.
    public var controls: [StepRegulator.Control] {
        branches.flatMap { branch -> [StepRegulator.Control] in
            guard case .regulator(let regulator) = branch.element else { return [] }
            return regulator.controls
        }
    }
}
