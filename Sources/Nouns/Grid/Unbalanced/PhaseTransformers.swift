extension UnbalancedNetwork {
    /// Three phases through three equal windings, from the nominal voltage of `from` to that of `to`.
    public struct Transformer: Hashable, Sendable {
        /// Vector groups of IEC 60076-1, the source's side first: star (Y, grounded: YN) or delta (D) and the
        /// hours by which the other side is behind.
        public enum Connection: String, Hashable, Sendable {
            case YNyn0, Dyn1, Dyn11, Dd0, Yd1, Yd11

            /// Whether the side of `to` knows earth. Where it does not, only what stands between phases may
            /// be connected, and voltages are given against the phases' mean.
            public var isGrounded: Bool { self == .YNyn0 || self == .Dyn1 || self == .Dyn11 }
        }

        public let connection: Connection
        public let rating: ApparentPower
        /// Short-circuit impedance as a fraction of nominal voltage² / rating.
        public let resistance: Double
        public let reactance: Double

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
        /// What moves one tap. The voltage it sees is that of `to` behind a line-drop compensator, in volts
        /// of the relay:
        ///
        ///     V(to) / potentialRatio − (resistance + j·reactance)·I(to) / currentRating
        ///
        /// and the tap rests while its magnitude is within `level` ± `bandwidth`/2 (W. H. Kersting,
        /// *Distribution System Modeling and Analysis*, chapter 7).
        public struct Control: Hashable, Sendable {
            /// The phases whose taps it moves together, and the index of the one it watches.
            public let phases: Phases
            public let monitored: Int
            /// V.
            public let level: Double
            public let bandwidth: Double
            public let potentialRatio: Double
            /// Of the current transformer's primary, A.
            public let currentRating: Double
            /// Compensator settings, V.
            public let resistance: Double
            public let reactance: Double
            /// How long the voltage must have been outside before the first move, s.
            public let delay: Double
            /// Where it stands at first.
            public let tap: Int

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

        /// Each phase of the branch is moved by one of them.
        public let controls: [Control]
        /// Taps go from −steps to +steps.
        public let steps: Int
        /// What one tap adds, as a fraction.
        public let step: Double

        public var range: ClosedRange<Int> { -steps...steps }

        /// By default 32 steps of 5/8 %.
        public init(controls: [Control], steps: Int = 16, step: Double = 0.00625) {
            precondition((0...1000).contains(steps) && step > 0 && Double(steps) * step < 1)
            self.controls = controls
            self.steps = steps
            self.step = step
        }
    }
}
