/// A linear constraint at every step t,
///
///     lower_t ≤ Σ k_i,t·p_i,t + Σ r_i,t·q_i,t + Σ c_i,t·e_i,t ≤ upper_t,
///
/// over powers p (W) and reactive powers q (var; see `MarginalLosses`) of offers and contents e (Wh, at the
/// end of the step) of their reservoirs. What a unit of it is (V, A, kg/h …) follows from the coefficients.
public struct LinearLimit: Hashable, Sendable {
    public struct Term: Hashable, Sendable {
        public enum Factor: Hashable, Sendable {
            /// The power of the offer; the part of it that is given, max(p, 0); the content of its reservoir;
            /// its reactive power, zero where none is planned.
            case power, given, content, reactive
        }

        /// Its place among the problem's offers.
        public let offer: Int
        public let factor: Factor
        /// One value, or one a step. Of a part given: ≥ 0 and under an upper bound only, so that the limit
        /// is convex.
        public let coefficients: [Double]

        public init(_ offer: Int, _ coefficients: [Double], of factor: Factor = .power) {
            self.offer = offer
            self.factor = factor
            self.coefficients = coefficients
        }

        func coefficient(at step: Int) -> Double { coefficients[coefficients.count == 1 ? 0 : step] }
    }

    public let name: String
    /// No offer twice by the same factor.
    public let terms: [Term]
    /// One value, or one a step; infinite where there is none.
    public let lower: [Double]
    public let upper: [Double]
    /// The bounds hold for the sum over the steps so far, in units times hours.
    public let accumulates: Bool
    /// Yuan per unit and hour beyond a bound (per unit times hour where it accumulates). Nil: as much as
    /// `DispatchProblem.slackPrice` for the offer that moves the limit most, so that it is passed only where
    /// nothing else is left.
    public let penalty: Double?
    /// How many times that the penalty is.
    var weight = 1.0

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

    func lower(at step: Int) -> Double { lower[lower.count == 1 ? 0 : step] }
    func upper(at step: Int) -> Double { upper[upper.count == 1 ? 0 : step] }
}

/// A limit over one problem, as numbers.
struct LimitSheet {
    let limit: LinearLimit
    /// Bounds, one a step; where the limit has none, or none within reach, what the offers can reach.
    private(set) var lower: [Double]
    private(set) var upper: [Double]
    /// Some step could pass the lower, the upper bound.
    private(set) var lowerBinds = false
    private(set) var upperBinds = false
    /// The largest coefficient of a watt.
    private(set) var largest = 0.0
    let penalty: Double

    var canBind: Bool { lowerBinds || upperBinds }

    init(_ limit: LinearLimit, _ sheet: Sheet) {
        self.limit = limit
        var (least, most) = (0.0, 0.0)
        (lower, upper) = (Array(repeating: 0, count: sheet.steps), Array(repeating: 0, count: sheet.steps))
        for step in 0..<sheet.steps {
            if !limit.accumulates { (least, most) = (0, 0) }
            for term in limit.terms {
                let (coefficient, range) = (term.coefficient(at: step), sheet.range(term, at: step))
                let hours = limit.accumulates ? sheet.hours : 1
                let ends = (
                    coefficient * range.lowerBound * hours, coefficient * range.upperBound * hours
                )
                least += min(ends.0, ends.1)
                most += max(ends.0, ends.1)
                let perWatt = term.factor == .content ? abs(coefficient) * sheet.hours : abs(coefficient)
                largest = max(largest, perWatt)
            }
            let margin = 1e-9 * (abs(least) + abs(most))
            if limit.lower(at: step) > least + margin { lowerBinds = true }
            if limit.upper(at: step) < most - margin { upperBinds = true }
            let room = most - least + 1e-3 * largest * sheet.largestPower
            lower[step] = limit.lower(at: step) > least ? limit.lower(at: step) : least - room
            upper[step] = limit.upper(at: step) < most ? limit.upper(at: step) : most + room
            lower[step] = min(lower[step], upper[step])
        }
        penalty = limit.weight * (limit.penalty ?? (largest > 0 ? sheet.slackPrice / largest : 0))
    }

    /// How far each step of a draft lies beyond the bounds; of one that accumulates only what is new.
    func violations(_ draft: Draft, hours: Double) -> [Double] {
        var (sum, beyond) = (0.0, 0.0)
        return (0..<draft.steps).map { step in
            if !limit.accumulates { (sum, beyond) = (0, 0) }
            for term in limit.terms {
                let amount =
                    switch term.factor {
                    case .power: draft.power(term.offer, step)
                    case .given: max(draft.power(term.offer, step), 0)
                    case .content: draft.content(term.offer, step)
                    case .reactive: draft.reactive(term.offer, step)
                    }
                sum += term.coefficient(at: step) * amount * (limit.accumulates ? hours : 1)
            }
            let (low, high) = (limit.lower(at: step), limit.upper(at: step))
            let before = beyond
            beyond = max(beyond, low - sum, sum - high, 0)
            return beyond - before
        }
    }
}
