/// The wires where the three phases differ: a feeder of phase impedance matrices, whose laterals may have one
/// or two phases, fed at one bus.
///
/// Every wire is seen against earth: a neutral, if there is one, is grounded and already part of the matrices
/// (Kron's reduction). Sides are counted from the source: where current can pass a transformer or a regulator
/// it must come from `from`.
public struct UnbalancedNetwork: Hashable, Sendable {
    public struct Bus: Hashable, Sendable {
        public let name: String
        /// Line-to-line.
        public let nominalVoltage: Voltage

        public init(name: String, nominalVoltage: Voltage) {
            self.name = name
            self.nominalVoltage = nominalVoltage
        }

        /// Phase to earth, V.
        public var nominalPhaseVoltage: Double { nominalVoltage.value / 3.0.squareRoot() }
    }

    /// What joins two buses on some phases.
    public struct Branch: Hashable, Sendable {
        public enum Element: Hashable, Sendable {
            /// Series impedance, Ω, and total shunt susceptance, S, half at each end. A closed switch is a
            /// line without either.
            case line(impedance: PhaseMatrix, susceptance: PhaseMatrix)
            /// On all three phases.
            case transformer(Transformer)
            case regulator(StepRegulator)
        }

        public let name: String
        public let from: Int
        public let to: Int
        public let phases: Phases
        public let element: Element
        /// Whether current can pass.
        public let isClosed: Bool

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

    /// Takes power, between each phase and earth (wye) or between phases (delta).
    public struct Load: Hashable, Sendable {
        public enum Connection: String, Hashable, Sendable {
            case wye, delta
        }

        public let name: String
        public let bus: Int
        public let connection: Connection
        /// Three values, at nominal voltage: of a, b, c, or of ab, bc, ca.
        public let active: [Power]
        public let reactive: [ReactivePower]
        /// Parts in 0…1 of it that go with |V| and |V|²; the rest is constant power.
        public let constantCurrent: Double
        public let constantImpedance: Double

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

    /// Gives reactive power with the square of the voltage.
    public struct Capacitor: Hashable, Sendable {
        public let name: String
        public let bus: Int
        public let connection: Load.Connection
        /// Three values, at nominal voltage: of a, b, c, or of ab, bc, ca.
        public let reactive: [ReactivePower]

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
        public let bus: Int
        /// Three values: |V| against earth as a fraction of nominal, and its angle, rad.
        public let magnitude: [Double]
        public let angle: [Double]

        public init(bus: Int, magnitude: [Double], angle: [Double]) {
            precondition(magnitude.count == 3 && angle.count == 3)
            self.bus = bus
            self.magnitude = magnitude
            self.angle = angle
        }

        /// Three equal voltages; b is a third of a turn behind a, c a third before.
        public init(bus: Int, voltage: Double = 1, angle: Double = 0) {
            let third = 2 * Double.pi / 3
            self.init(
                bus: bus, magnitude: [voltage, voltage, voltage],
                angle: [angle, angle - third, angle + third])
        }
    }

    public let buses: [Bus]
    public let branches: [Branch]
    public let loads: [Load]
    public let capacitors: [Capacitor]
    public let source: Source
    /// Per-unit powers are fractions of this, a third to each phase; tolerances are meant so.
    public let basePower: Power

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
