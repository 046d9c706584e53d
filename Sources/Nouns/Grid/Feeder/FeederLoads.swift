public import LinearAlgebra

extension Feeder {
    /// How a load's power depends on the voltage v across it, as a fraction of nominal.
    public enum VoltageDependence: Hashable, Sendable {
        /// Shares of constant impedance, constant current and constant power: z·v² + i·v + p, by active and
        /// by reactive power. Nothing is taken below `cutoff`.
        case polynomial(active: Shares, reactive: Shares, cutoff: Double = 0)
        /// v to a power of its own for active and for reactive power: conservation voltage reduction.
        case exponential(active: Double, reactive: Double)

        /// The power stays.
        public static let constantPower = polynomial(active: .power, reactive: .power)
        /// The current stays.
        public static let constantCurrent = polynomial(active: .current, reactive: .current)
        /// The impedance stays.
        public static let constantImpedance = polynomial(active: .impedance, reactive: .impedance)

        /// Shares of a power at nominal voltage; their sum is 1 as a rule.
        public struct Shares: Hashable, Sendable {
            /// Share that goes with v².
            public var impedance: Double
            /// Share that goes with v.
            public var current: Double
            /// Share that stays.
            public var power: Double

            /// Three shares.
            public init(impedance: Double, current: Double, power: Double) {
                self.impedance = impedance
                self.current = current
                self.power = power
            }

            /// All constant power.
            public static let power = Shares(impedance: 0, current: 0, power: 1)
            /// All constant current.
            public static let current = Shares(impedance: 0, current: 1, power: 0)
            /// All constant impedance.
            public static let impedance = Shares(impedance: 1, current: 0, power: 0)
        }
    }

    /// The voltages between which a load follows its `VoltageDependence`, as fractions of nominal. Above
    /// `upper` its constant power and constant current are the impedances that take as much at `upper`. Below
    /// `lower` their currents fall in a straight line to that of the nominal impedance at `lowest`, and the
    /// load stays that impedance below; where `lowest` is `lower` it is the impedance of `lower` below. An
    /// exponential load is of constant power outside the range.
    public struct ModelRange: Hashable, Sendable {
        /// Lower end.
        public var lower: Double
        /// Upper end.
        public var upper: Double
        /// Where it has become the impedance of its nominal voltage.
        public var lowest: Double

        /// A range; those of OpenDSS are 0.95…1.05 and 0.5 for loads, 0.9…1.1 for generators.
        public init(lower: Double, upper: Double, lowest: Double = 0.5) {
            self.lower = lower
            self.upper = upper
            self.lowest = lowest
        }

        /// The dependence holds at every voltage.
        public static let unlimited = ModelRange(lower: 0, upper: .infinity, lowest: 0)
    }

    /// A load; with negative power a generator of given power.
    public struct Load: Hashable, Sendable {
        /// What people call the load.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Between which conductors its parts are.
        public var pairs: [Pair]
        /// Nominal voltage across a pair.
        public var voltage: Voltage
        /// Active power of each part at nominal voltage, positive where it is taken.
        public var active: [Power]
        /// Reactive power of each part at nominal voltage, positive where it is taken.
        public var reactive: [ReactivePower]
        /// How the power depends on the voltage.
        public var dependence: VoltageDependence
        /// Where it does.
        public var range: ModelRange

        /// A load, by default of constant power at every voltage.
        /// - Precondition: there are powers for every pair.
        public init(
            name: String, bus: Int, pairs: [Pair], voltage: Voltage, active: [Power],
            reactive: [ReactivePower], dependence: VoltageDependence = .constantPower,
            range: ModelRange = .unlimited
        ) {
            precondition(active.count == pairs.count && reactive.count == pairs.count)
            self.name = name
            self.bus = bus
            self.pairs = pairs
            self.voltage = voltage
            self.active = active
            self.reactive = reactive
            self.dependence = dependence
            self.range = range
        }
    }

    /// A capacitor, shunt reactor or impedance to earth; a bank of equal steps.
    public struct Shunt: Hashable, Sendable {
        /// What people call it.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Between which conductors its parts are.
        public var pairs: [Pair]
        /// Admittance of each part with all steps closed, S; imaginary part positive for a capacitor.
        public var admittance: [Complex]
        /// Number of equal steps.
        public var steps: Int
        /// Number of steps that are closed at first.
        public var closed: Int

        /// A shunt, by default of one closed step.
        /// - Precondition: there is one admittance a pair.
        public init(
            name: String, bus: Int, pairs: [Pair], admittance: [Complex], steps: Int = 1, closed: Int? = nil
        ) {
            precondition(admittance.count == pairs.count && steps > 0)
            self.name = name
            self.bus = bus
            self.pairs = pairs
            self.admittance = admittance
            self.steps = steps
            self.closed = closed ?? steps
        }

        /// A capacitor that gives these powers at the voltage across each pair.
        public init(
            name: String, bus: Int, pairs: [Pair] = Pair.wye, voltage: Voltage, reactive: [ReactivePower],
            steps: Int = 1, closed: Int? = nil
        ) {
            let square = voltage.value * voltage.value
            self.init(
                name: name, bus: bus, pairs: pairs,
                admittance: reactive.map { Complex(0, $0.value / square) },
                steps: steps, closed: closed)
        }
    }

    /// The inverter of a solar plant or of storage: it gives a power, within its rating, that may depend on
    /// the voltage.
    public struct Inverter: Hashable, Sendable {
        /// Which voltage the curves read.
        public enum Monitored: String, Hashable, Sendable {
            /// Each pair follows the voltage across itself.
            case each
            /// All follow the mean over the pairs.
            case mean
            /// All follow the lowest.
            case lowest
            /// All follow the highest.
            case highest
        }

        /// What people call it.
        public var name: String
        /// Index of the bus.
        public var bus: Int
        /// Between which conductors its parts are; power is shared evenly.
        public var pairs: [Pair]
        /// Nominal voltage across a pair.
        public var voltage: Voltage
        /// Apparent power of all pairs together.
        public var rating: ApparentPower
        /// Active power given where nothing limits it, positive into the network; a series multiplies it.
        public var active: Power
        /// Reactive power given without `voltVar`, positive into the network; a series multiplies it too.
        public var reactive: ReactivePower
        /// Largest reactive power, given or taken; nil where only `rating` limits it.
        public var reactiveLimit: ReactivePower?
        /// Whether active power gives way where both together exceed the rating; else reactive power does.
        public var prefersReactive: Bool
        /// Reactive power by voltage, as a fraction of `reactiveLimit`, or of `rating` where that is nil.
        public var voltVar: VoltageCurve?
        /// Largest active power by voltage, as a fraction of `ratedActive`.
        public var voltWatt: VoltageCurve?
        /// Active power of which `voltWatt` gives fractions.
        public var ratedActive: Power
        /// What the curves read.
        public var monitored: Monitored
        /// Where it gives its power; outside it is an impedance, as a `Load`.
        public var range: ModelRange

        /// An inverter, by default of unity power factor, without curves.
        public init(
            name: String, bus: Int, pairs: [Pair], voltage: Voltage, rating: ApparentPower, active: Power,
            reactive: ReactivePower = .zero, reactiveLimit: ReactivePower? = nil,
            prefersReactive: Bool = false, voltVar: VoltageCurve? = nil, voltWatt: VoltageCurve? = nil,
            ratedActive: Power? = nil, monitored: Monitored = .mean, range: ModelRange = .unlimited
        ) {
            self.name = name
            self.bus = bus
            self.pairs = pairs
            self.voltage = voltage
            self.rating = rating
            self.active = active
            self.reactive = reactive
            self.reactiveLimit = reactiveLimit
            self.prefersReactive = prefersReactive
            self.voltVar = voltVar
            self.voltWatt = voltWatt
            self.ratedActive = ratedActive ?? active
            self.monitored = monitored
            self.range = range
        }
    }
}
