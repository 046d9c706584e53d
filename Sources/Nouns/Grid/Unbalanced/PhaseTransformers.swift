extension UnbalancedNetwork {
    /// A three-phase transformer with equal windings, from the nominal voltage of `from` to that of `to`.
    public struct Transformer: Hashable, Sendable {
        /// Vector groups of IEC 60076-1, the source's side first: star (Y, grounded: YN) or delta (D) and the
        /// hours by which the other side is behind.
        public enum Connection: String, CaseIterable, Hashable, Sendable {
            case YNyn0, Dyn1, Dyn11, Dd0, Yd1, Yd11

            /// Whether the side of `to` is grounded. Where it is not, only loads between phases may be
            /// connected, and voltages are given against the mean of the phases.
            public var isGrounded: Bool { self == .YNyn0 || self == .Dyn1 || self == .Dyn11 }
        }

        /// Vector group.
        public var connection: Connection
        /// Rated apparent power of the three phases together.
        public var rating: ApparentPower
        /// Short-circuit resistance as a fraction of nominal voltage² / rating.
        public var resistance: Double
        /// Short-circuit reactance as a fraction of nominal voltage² / rating.
        public var reactance: Double

        /// A transformer.
        /// - Precondition: `rating` is above 0.
        public init(connection: Connection, rating: ApparentPower, resistance: Double, reactance: Double) {
            precondition(rating > .zero)
            self.connection = connection
            self.rating = rating
            self.resistance = resistance
            self.reactance = reactance
        }
    }

    /// A step-voltage regulator: an ideal autotransformer a phase, V(to) = (1 + tap·step)·V(from).
    public struct StepRegulator: Hashable, Sendable {
        /// A controller that moves taps. The voltage it measures is that of `to` behind a line-drop
        /// compensator, in volts of the relay:
        ///
        ///     V(to) / potentialRatio − (resistance + j·reactance)·I(to) / currentRating
        ///
        /// and the tap rests while its magnitude is within `level` ± `bandwidth`/2 (W. H. Kersting,
        /// *Distribution System Modeling and Analysis*, chapter 7).
        public struct Control: Hashable, Sendable {
            /// Phases whose taps it moves together.
            public var phases: Phases
            /// Index of the phase it measures.
            public var monitored: Int
            /// Voltage setpoint, V at the relay.
            public var level: Double
            /// Whole width around the setpoint in which the tap rests, V at the relay.
            public var bandwidth: Double
            /// Ratio of the voltage transformer.
            public var potentialRatio: Double
            /// Primary rating of the current transformer, A.
            public var currentRating: Double
            /// Resistive setting of the line-drop compensator, V.
            public var resistance: Double
            /// Reactive setting of the line-drop compensator, V.
            public var reactance: Double
            /// How long the voltage must have been outside before the first move, s. In a series, whole steps
            /// of it are waited for; within a step the delays say which of several controls moves first.
            public var delay: Double
            /// Position of the tap at first.
            public var tap: Int

            /// A controller, by default without line-drop compensation or delay, at the middle position.
            public init(
                phases: Phases, monitored: Int, level: Double, bandwidth: Double, potentialRatio: Double,
                currentRating: Double, resistance: Double = 0, reactance: Double = 0, delay: Double = 0,
                tap: Int = 0
            ) {
                self.phases = phases
                self.monitored = monitored
                self.level = level
                self.bandwidth = bandwidth
                self.potentialRatio = potentialRatio
                self.currentRating = currentRating
                self.resistance = resistance
                self.reactance = reactance
                self.delay = delay
                self.tap = tap
            }
        }

        /// The controllers; each phase of the branch is moved by one of them.
        public var controls: [Control]
        /// Number of steps to either side of the middle: taps go from −steps to +steps.
        public var steps: Int
        /// Change of the voltage by one step, as a fraction.
        public var step: Double

        /// Lowest and highest position.
        public var range: ClosedRange<Int> { -steps...steps }

        /// A regulator, by default of 32 steps of 5/8 %.
        /// - Precondition: the taps keep the ratio above 0.
        public init(controls: [Control], steps: Int = 16, step: Double = 0.00625) {
            precondition((0...1000).contains(steps) && step > 0 && Double(steps) * step < 1)
            self.controls = controls
            self.steps = steps
            self.step = step
        }
    }
}
