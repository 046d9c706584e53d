// Least Σ f(p) where Σ p − loss(p) = D, each p in one of the allowed ranges of its unit, f neither convex nor
// smooth. Every range is divided into cells, and in each cell a straight line lies below the cost; losses lie
// above their tangent planes. The choice of one cell a unit, z ∈ {0, 1}, Σ z = 1, lower·z ≤ p ≤ upper·z, is a
// mixed-integer program whose optimum is a lower bound. Its powers, moved to the local optimum within the
// chosen ranges, are a schedule and give an upper bound. While the two differ by more than the gap, cells are
// split at the powers found, a tangent plane of the losses is added there, and the program is solved again.

public import Grid
public import Optimization

/// Schedule of units with nonconvex costs for one period, with a proven bound on the optimal cost.
public struct NonconvexSchedule: Hashable, Sendable {
    /// Outcome of the search.
    public enum Status: String, Hashable, Sendable {
        /// The cost is within the required gap of the least cost.
        case optimal
        /// The time limit or the limit of rounds was reached; the schedule is the best that was found.
        case stopped
        /// The units cannot deliver the demand.
        case infeasible
    }

    /// Outcome of the search.
    public let status: Status
    /// Power of each unit, W; empty where no schedule was found.
    public let powers: [Double]
    /// Cost, money/h; infinite where no schedule was found.
    public let cost: Double
    /// Lower bound, money/h: no schedule costs less.
    public let bound: Double
    /// Network losses.
    public let loss: Power
    /// |Σ powers − loss − demand|.
    public let mismatch: Power
    /// Number of mixed-integer programs solved.
    public let rounds: Int
}

/// Economic dispatch of units with valve points, prohibited operating zones and ramp limits, with or without
/// losses, to a proven gap.
public struct NonconvexDispatch: Sendable {
    /// Options of the search.
    public struct Options: Hashable, Sendable {
        /// Required relative gap, (cost − bound)/|cost|.
        public var gap = 1e-6
        /// Wall-clock limit of each mixed-integer program, s.
        public var timeLimit = 60.0
        /// Largest number of mixed-integer programs.
        public var rounds = 40
        /// Number of cells in each range at the start.
        public var parts = 4

        /// Creates the default options.
        public init() {}
    }

    private let units: [NonconvexUnit]
    private let formula: LossFormula?
    private let options: Options
    private let solver: MixedIntegerSolver

    /// Creates the dispatch of `units`; the formula, if any, must have as many. Throws where the solver HiGHS
    /// is not installed.
    public init(
        units: [NonconvexUnit], losses formula: LossFormula? = nil, options: Options = Options()
    ) throws(HiGHSLibrary.Missing) {
        precondition(formula == nil || formula!.linear.count == units.count)
        self.units = units
        self.formula = formula
        self.options = options
        solver = try MixedIntegerSolver(relativeGap: options.gap / 4, timeLimit: options.timeLimit)
    }

    /// Returns the best schedule found for `demand`, with its bound.
    public func schedule(demand: Power) -> NonconvexSchedule {
        var program = CellProgram(units, formula, demand: demand.value, parts: options.parts)
        let polish = Polish(units, formula, demand: demand.value)
        var best: (powers: [Double], cost: Double)?
        var bound = -Double.infinity
        for round in 1...options.rounds {
            let solution = solver.solve(program.program)
            if solution.status == .infeasible {
                return answer(.infeasible, nil, .infinity, demand, round)
            }
            if solution.bound.isFinite { bound = max(bound, solution.bound * program.money) }
            guard !solution.x.isEmpty else { return answer(.stopped, best, bound, demand, round) }
            let found = program.powers(solution.x)
            if let powers = polish.improved(found) {
                let cost = zip(units, powers).reduce(0) { $0 + $1.0.cost(at: $1.1) }
                if cost < best?.cost ?? .infinity { best = (powers, cost) }
            }
            if let best, best.cost - bound <= options.gap * abs(best.cost) {
                return answer(.optimal, best, bound, demand, round)
            }
            guard program.refine(found) else { return answer(.stopped, best, bound, demand, round) }
        }
        return answer(.stopped, best, bound, demand, options.rounds)
    }

    private func answer(
        _ status: NonconvexSchedule.Status, _ best: (powers: [Double], cost: Double)?, _ bound: Double,
        _ demand: Power, _ rounds: Int
    ) -> NonconvexSchedule {
        let powers = best?.powers ?? []
        let loss = powers.isEmpty ? 0 : formula?.loss(at: powers) ?? 0
        let mismatch = powers.isEmpty ? 0 : abs(powers.reduce(0, +) - loss - demand.value)
        return NonconvexSchedule(
            status: status, powers: powers, cost: best?.cost ?? .infinity,
            bound: min(bound, best?.cost ?? .infinity), loss: Power(loss), mismatch: Power(mismatch),
            rounds: rounds)
    }
}
