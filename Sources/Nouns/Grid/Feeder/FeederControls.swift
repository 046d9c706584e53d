extension Feeder {
    /// A voltage that a control measures: the size of that across some pairs of conductors of a bus.
    public struct VoltagePoint: Hashable, Sendable {
        /// Which of several sizes counts.
        public enum Choice: String, Hashable, Sendable {
            case lowest, highest, mean
        }

        /// Index of the bus.
        public var bus: Int
        /// The pairs; one as a rule.
        public var pairs: [Pair]
        /// What of several counts.
        public var choice: Choice

        /// A voltage.
        public init(bus: Int, pairs: [Pair], choice: Choice = .mean) {
            self.bus = bus
            self.pairs = pairs
            self.choice = choice
        }
    }

    /// A current that a control measures: that into an element from its bus.
    public enum CurrentPoint: Hashable, Sendable {
        /// Into the line at its `from` end (else at `to`), on the line's conductors of these places.
        case line(Int, atFrom: Bool, places: [Int])
        /// Into the winding of a transformer, through the terminals `plus` of the pairs of these phases.
        case winding(transformer: Int, winding: Int, phases: [Int])
    }

    /// A control that moves the tap of a winding until the voltage that its relay sees,
    ///
    ///     V / potentialRatio + (resistance + j·reactance) · I / currentRating
    ///
    /// I the current into the measured winding from its bus, is within `level` ± `bandwidth`/2
    /// (W. H. Kersting, *Distribution System Modeling and Analysis*, chapter 7).
    public struct TapControl: Hashable, Sendable {
        /// What a relay aims at and how it compensates the drop of the line.
        public struct Setting: Hashable, Sendable {
            /// Voltage setpoint, V at the relay.
            public var level: Double
            /// Whole width around the setpoint in which the tap rests, V at the relay.
            public var bandwidth: Double
            /// Resistive setting of the line-drop compensator, V.
            public var resistance: Double
            /// Reactive setting of the line-drop compensator, V.
            public var reactance: Double

            /// A setting, by default without compensation.
            public init(level: Double, bandwidth: Double, resistance: Double = 0, reactance: Double = 0) {
                self.level = level
                self.bandwidth = bandwidth
                self.resistance = resistance
                self.reactance = reactance
            }
        }

        /// What the control does where power flows from the winding into the transformer.
        public struct Reverse: Hashable, Sendable {
            /// The setting then.
            public var setting: Setting
            /// Least active power backwards, on all phases, from which it counts as reversed.
            public var threshold: Power
            /// How long it must have been reversed, s.
            public var delay: Double
            /// Goes to neutral instead of following `setting`.
            public var isNeutral: Bool
            /// Keeps regulating the same side with `setting` (a generator behind it), instead of the other.
            public var isCogeneration: Bool

            /// What is done in reverse.
            public init(
                setting: Setting, threshold: Power = .zero, delay: Double = 60, isNeutral: Bool = false,
                isCogeneration: Bool = false
            ) {
                self.setting = setting
                self.threshold = threshold
                self.delay = delay
                self.isNeutral = isNeutral
                self.isCogeneration = isCogeneration
            }
        }

        /// What people call the control.
        public var name: String
        /// Index of the transformer.
        public var transformer: Int
        /// Index of the winding whose tap moves.
        public var winding: Int
        /// Index of the winding at which it measures; where that is another one, the tap moves the other way.
        public var measured: Int
        /// The voltage it regulates: at the measured winding, or at a remote bus.
        public var voltage: VoltagePoint
        /// Phase of the measured winding whose current the compensator measures.
        public var currentPhase: Int
        /// Ratio of the voltage transformer.
        public var potentialRatio: Double
        /// Primary rating of the current transformer, A.
        public var currentRating: Double
        /// What it aims at.
        public var setting: Setting
        /// What it does in reverse; nil where it makes no difference.
        public var reverse: Reverse?
        /// How long the voltage must have been outside before the first move, s.
        public var delay: Double
        /// Between the moves that follow, s.
        public var tapDelay: Double
        /// Most steps of one move.
        public var mostSteps: Int
        /// Voltage at the winding that no move may exceed, V at the relay; nil where there is none.
        public var limit: Double?

        /// A control, by default without reverse mode and limit.
        public init(
            name: String, transformer: Int, winding: Int, measured: Int? = nil, voltage: VoltagePoint,
            currentPhase: Int = 0, potentialRatio: Double, currentRating: Double, setting: Setting,
            reverse: Reverse? = nil, delay: Double = 15, tapDelay: Double = 2, mostSteps: Int = 16,
            limit: Double? = nil
        ) {
            self.name = name
            self.transformer = transformer
            self.winding = winding
            self.measured = measured ?? winding
            self.voltage = voltage
            self.currentPhase = currentPhase
            self.potentialRatio = potentialRatio
            self.currentRating = currentRating
            self.setting = setting
            self.reverse = reverse
            self.delay = delay
            self.tapDelay = tapDelay
            self.mostSteps = mostSteps
            self.limit = limit
        }
    }

    /// A control that closes and opens the steps of a shunt one by one.
    public struct ShuntControl: Hashable, Sendable {
        /// What it measures; a step closes and opens at the two values.
        public enum Kind: Hashable, Sendable {
            /// Closes below `on`, opens above `off`, V at the relay.
            case voltage(VoltagePoint, ratio: Double, on: Double, off: Double)
            /// Closes above `on`, opens below `off`, A at the relay.
            case current(CurrentPoint, ratio: Double, on: Double, off: Double)
            /// Closes where more reactive power than `on` flows into the element, opens below `off`.
            case reactive(CurrentPoint, on: ReactivePower, off: ReactivePower)
            /// Closes where the power factor (lagging below 1, leading above as 2 − factor) is below `on`,
            /// opens above `off`.
            case powerFactor(CurrentPoint, on: Double, off: Double)
            /// Closes and opens at times of the day, s; the end of a step counts, and a series begins at
            /// midnight.
            case time(on: Double, off: Double)
        }

        /// A voltage that comes before everything else: closes below `least`, opens above `most`.
        public struct Override: Hashable, Sendable {
            /// What it measures.
            public var voltage: VoltagePoint
            /// Ratio of the voltage transformer.
            public var ratio: Double
            /// V at the relay.
            public var least: Double
            /// V at the relay.
            public var most: Double

            /// An override.
            public init(voltage: VoltagePoint, ratio: Double, least: Double, most: Double) {
                self.voltage = voltage
                self.ratio = ratio
                self.least = least
                self.most = most
            }
        }

        /// What people call the control.
        public var name: String
        /// Index of the shunt.
        public var shunt: Int
        /// What it measures.
        public var kind: Kind
        /// A voltage that comes first; nil where there is none.
        public var override: Override?
        /// How long the value must have been beyond `on` before a step closes, s.
        public var delay: Double
        /// How long it must have been beyond `off` before a step opens, s.
        public var delayOff: Double
        /// How long a step stays open before it may close again, s.
        public var deadTime: Double

        /// A control, by default without override.
        public init(
            name: String, shunt: Int, kind: Kind, override: Override? = nil, delay: Double = 15,
            delayOff: Double = 15, deadTime: Double = 300
        ) {
            self.name = name
            self.shunt = shunt
            self.kind = kind
            self.override = override
            self.delay = delay
            self.delayOff = delayOff
            self.deadTime = deadTime
        }
    }
}
