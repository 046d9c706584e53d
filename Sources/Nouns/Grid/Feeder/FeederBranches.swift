import LinearAlgebra

extension Feeder {
    /// A source of given voltages behind an impedance. Without impedance the voltages are those of the bus.
    public struct Source: Hashable, Sendable {
        /// What people call the source.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Between which conductors it stands, each of a voltage of its own.
        public var pairs: [Pair]
        /// |V| of each pair.
        public var magnitude: [Voltage]
        /// Angle of each voltage, rad.
        public var angle: [Double]
        /// Impedance over the pairs, Ω.
        public var impedance: ConductorMatrix

        /// A source, by default without impedance.
        /// - Precondition: magnitudes, angles and the matrix have one value a pair.
        public init(
            name: String, bus: Int, pairs: [Pair] = Pair.wye, magnitude: [Voltage], angle: [Double],
            impedance: ConductorMatrix? = nil
        ) {
            let impedance = impedance ?? .zero(pairs.count)
            precondition(
                magnitude.count == pairs.count && angle.count == pairs.count
                    && impedance.order == pairs.count)
            self.name = name
            self.bus = bus
            self.pairs = pairs
            self.magnitude = magnitude
            self.angle = angle
            self.impedance = impedance
        }

        /// A source of three equal voltages |V| against earth; b is a third of a turn behind a, c a third
        /// before.
        public init(
            name: String, bus: Int, voltage: Voltage, angle: Double = 0, impedance: ConductorMatrix? = nil
        ) {
            let third = 2 * Double.pi / 3
            self.init(
                name: name, bus: bus, magnitude: [voltage, voltage, voltage],
                angle: [angle, angle - third, angle + third], impedance: impedance)
        }
    }

    /// The conductors of a bus to which one end of a line is connected, in the line's order; 0 is earth.
    public struct End: Hashable, Sendable {
        /// Index of the bus.
        public var bus: Int
        /// One conductor of the bus for each of the line.
        public var conductors: [Int]

        /// An end, by default on the three phases.
        public init(bus: Int, conductors: [Int] = [1, 2, 3]) {
            self.bus = bus
            self.conductors = conductors
        }
    }

    /// Coupled wires from one bus to another: a line, a cable, a switch, a reactor or capacitor in series.
    public struct Line: Hashable, Sendable {
        /// What people call the line.
        public var name: String
        /// End at which its flows are given.
        public var from: End
        /// The other end.
        public var to: End
        /// Series impedance of the whole line, Ω. Zero for a switch.
        public var impedance: ConductorMatrix
        /// Shunt admittance of the whole line, S, half at each end.
        public var admittance: ConductorMatrix
        /// Largest continuous current of a conductor; nil where unknown.
        public var rating: Current?
        /// Whether it is connected. An open line is connected at neither end.
        public var isClosed: Bool

        /// A line, by default closed, without shunt admittance and of unknown rating.
        /// - Precondition: ends and matrices have the same number of conductors.
        public init(
            name: String, from: End, to: End, impedance: ConductorMatrix, admittance: ConductorMatrix? = nil,
            rating: Current? = nil, isClosed: Bool = true
        ) {
            let order = from.conductors.count
            let admittance = admittance ?? .zero(order)
            precondition(
                to.conductors.count == order && impedance.order == order && admittance.order == order)
            self.name = name
            self.from = from
            self.to = to
            self.impedance = impedance
            self.admittance = admittance
            self.rating = rating
            self.isClosed = isClosed
        }
    }

    /// A transformer or regulator: for each of its phases, windings on one core. Delta, wye, open delta,
    /// centre tap and autotransformer differ only in the conductors that the windings join.
    ///
    /// A winding of three phases in delta has the pairs ab, bc, ca; a single-phase transformer has one pair a
    /// winding; a centre-tapped one has three windings, the second on `Pair(1, 0)` and the third on
    /// `Pair(0, 2)`; a bank is several transformers.
    public struct Transformer: Hashable, Sendable {
        /// One winding on each core.
        public struct Winding: Hashable, Sendable {
            /// Index of the bus.
            public var bus: Int
            /// Between which conductors, one pair a phase.
            public var pairs: [Pair]
            /// Rated voltage across a pair.
            public var voltage: Voltage
            /// Resistance, as a fraction of the base of the transformer's rating.
            public var resistance: Double
            /// Turns as a fraction of nominal: with 1.05 its voltage is 5 % higher at the same flux.
            public var tap: Double
            /// Lowest and highest tap.
            public var tapRange: ClosedRange<Double>
            /// Number of steps from the lowest tap to the highest.
            public var tapSteps: Int

            /// A winding, by default without resistance, at its nominal turns, with 32 steps of 5/8 %.
            public init(
                bus: Int, pairs: [Pair] = Pair.wye, voltage: Voltage, resistance: Double = 0, tap: Double = 1,
                tapRange: ClosedRange<Double> = 0.9...1.1, tapSteps: Int = 32
            ) {
                self.bus = bus
                self.pairs = pairs
                self.voltage = voltage
                self.resistance = resistance
                self.tap = tap
                self.tapRange = tapRange
                self.tapSteps = tapSteps
            }

            /// Change of the tap by one step.
            public var tapStep: Double { (tapRange.upperBound - tapRange.lowerBound) / Double(tapSteps) }
        }

        /// What people call the transformer.
        public var name: String
        /// At least two, all with the same number of phases.
        public var windings: [Winding]
        /// Apparent power of all phases together on which all fractions are based.
        public var rating: ApparentPower
        /// Short-circuit reactances between windings 1–2, 1–3 …, 2–3 …, as fractions of the base; all zero
        /// for an ideal transformer.
        public var reactances: [Double]
        /// Loss at rated voltage without load, as a fraction of `rating`.
        public var ironLoss: Double
        /// Magnetising reactive power at rated voltage, as a fraction of `rating`.
        public var magnetizing: Double
        /// Inductive susceptance from each winding to earth, half at either end, a fraction of the base: it
        /// ties windings that would float. OpenDSS puts 1e-6.
        public var tie: Double
        /// Largest continuous apparent power; nil where it is `rating`.
        public var limit: ApparentPower?
        /// Whether it is connected.
        public var isClosed: Bool

        /// A transformer, by default without iron loss and magnetisation, tied to earth by 1e-6.
        /// - Precondition: there is one reactance for each pair of windings.
        public init(
            name: String, windings: [Winding], rating: ApparentPower, reactances: [Double],
            ironLoss: Double = 0, magnetizing: Double = 0, tie: Double = 1e-6, limit: ApparentPower? = nil,
            isClosed: Bool = true
        ) {
            precondition(reactances.count == windings.count * (windings.count - 1) / 2)
            self.name = name
            self.windings = windings
            self.rating = rating
            self.reactances = reactances
            self.ironLoss = ironLoss
            self.magnetizing = magnetizing
            self.tie = tie
            self.limit = limit
            self.isClosed = isClosed
        }
    }
}
