/// How the losses of the network depend on what offers give, near expected powers p₀ and q₀:
///
///     losses = expected + Σ m·(p − p₀) + Σ n·(q − q₀) + ½ Σ c·(p − p₀)² + ½ Σ d·(q − q₀)².
///
/// A plan then covers the losses that it causes itself, and has a reactive power for each offer that has a
/// response and a capability. The linear part stands in the balance. The quadratic part is charged as a cost,
/// at the mean price that stored energy would replace: losses are least well inside the capabilities, and a
/// linear plan would always stay at their corners.
public struct MarginalLosses: Hashable, Sendable {
    /// Derivatives of the losses by the powers of one offer, and where they were taken; one value a step
    /// each.
    public struct Response: Hashable, Sendable {
        /// m, W lost per W given.
        public var active: [Double]
        /// n, W lost per var given.
        public var reactive: [Double]
        /// c ≥ 0, W per W².
        public var activeCurvature: [Double]
        /// d ≥ 0, W per var².
        public var curvature: [Double]
        /// p₀, W.
        public var power: [Double]
        /// q₀, var.
        public var reactivePower: [Double]

        /// Creates a response of zeros.
        public init(steps: Int) {
            active = Array(repeating: 0, count: steps)
            (reactive, activeCurvature, curvature) = (active, active, active)
            (power, reactivePower) = (active, active)
        }
    }

    /// One an offer; nil where losses do not depend on the offer. Loads have none.
    public var responses: [Response?]

    /// Creates the responses of all offers of a problem, in their order.
    public init(responses: [Response?]) { self.responses = responses }
}
