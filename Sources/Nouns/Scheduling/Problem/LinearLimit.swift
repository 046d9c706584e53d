/// A linear constraint at every step t,
///
///     lower_t ≤ Σ k_i,t·p_i,t + Σ r_i,t·q_i,t + Σ c_i,t·e_i,t ≤ upper_t,
///
/// over powers p (W) and reactive powers q (var; see `MarginalLosses`) of offers and contents e (Wh, at the
/// end of the step) of their reservoirs. The unit of the sum (V, A, kg/h …) follows from the coefficients.
public struct LinearLimit: Hashable, Sendable {
    /// One term of the sum: a coefficient times a variable of an offer.
    public struct Term: Hashable, Sendable {
        /// The variable of an offer that a term multiplies.
        public enum Factor: Hashable, Sendable {
            /// Power, W.
            case power
            /// The part of the power that is given, max(p, 0), W.
            case given
            /// Content of the reservoir at the end of the step, Wh.
            case content
            /// Reactive power, var; zero where none is planned.
            case reactive
        }

        /// Place of the offer in the problem.
        public let offer: Int
        /// The variable.
        public let factor: Factor
        /// One value for all steps, or one a step. For `Factor.given` not below zero, and the limit has no
        /// lower bound, so that it is convex.
        public let coefficients: [Double]

        /// Creates a term for the offer at a place of the problem.
        public init(_ offer: Int, _ coefficients: [Double], of factor: Factor = .power) {
            self.offer = offer
            self.factor = factor
            self.coefficients = coefficients
        }

        /// Returns the coefficient in a step.
        @inlinable public func coefficient(at step: Int) -> Double {
            coefficients[coefficients.count == 1 ? 0 : step]
        }
    }

    /// Name in plans and messages.
    public let name: String
    /// Terms of the sum; no offer twice with the same factor.
    public let terms: [Term]
    /// Lower bound, one value or one a step; −∞ where there is none.
    public let lower: [Double]
    /// Upper bound, one value or one a step; ∞ where there is none.
    public let upper: [Double]
    /// Whether the bounds hold for the sum over all steps so far, in units times hours.
    public let accumulates: Bool
    /// Price of a violation, yuan per unit and hour (per unit times hour where the limit accumulates). Nil:
    /// `DispatchProblem.slackPrice` for the offer that moves the limit most, so that the limit is violated
    /// only where nothing else is left.
    public let penalty: Double?
    /// Factor on the penalty.
    public var weight = 1.0

    /// Creates a limit; each bound that is not given is infinite.
    public init(
        _ name: String, _ terms: [Term], lower: [Double] = [-.infinity], upper: [Double] = [.infinity],
        accumulates: Bool = false, penalty: Double? = nil
    ) {
        precondition(!terms.contains { $0.coefficients.isEmpty } && !lower.isEmpty && !upper.isEmpty)
        self.name = name
        self.terms = terms
        self.lower = lower
        self.upper = upper
        self.accumulates = accumulates
        self.penalty = penalty
    }

    /// Returns the lower bound in a step.
    @inlinable public func lower(at step: Int) -> Double { lower[lower.count == 1 ? 0 : step] }

    /// Returns the upper bound in a step.
    @inlinable public func upper(at step: Int) -> Double { upper[upper.count == 1 ? 0 : step] }
}
