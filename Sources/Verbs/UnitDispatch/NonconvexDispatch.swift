// Least Σ f(p) where Σ p − loss(p) = D, each p in one of its unit's stretches, f neither convex nor smooth.
// Every stretch is cut into cells, in each of which a line stands below the cost; losses stand above their
// tangent planes. Choosing one cell a unit, z ∈ {0, 1}, Σ z = 1, lower·z ≤ p ≤ upper·z, is a mixed-integer
// program whose optimum is a lower bound. Its powers, moved to the local optimum within the chosen stretches,
// are a schedule: an upper bound. Where the two are not near enough, cells are split at the powers found, a
// tangent plane of the losses is added there, and the program is solved again.

public import Grid
public import Optimization

/// What each unit gives in one period, and how far from the best that can be.
public struct NonconvexSchedule: Hashable, Sendable {
    public enum Status: String, Hashable, Sendable {
        /// Within the asked gap of the least cost.
        case optimal
        /// The best that was found when time or rounds were over.
        case stopped
        /// The units cannot deliver this.
        case infeasible
    }

    public let status: Status
    /// Of each unit, W; empty where there is none.
    public let powers: [Double]
    /// Money/h.
    public let cost: Double
    /// No schedule costs less.
    public let bound: Double
    public let loss: Power
    /// |Σ powers − loss − demand|.
    public let mismatch: Power
    /// Mixed-integer programs solved.
    public let rounds: Int
}

/// Dispatches units with valve points, prohibited zones and a window from the last power, with or without a
/// loss formula, to a gap that is proved.
public struct NonconvexDispatch: Sendable {
    public struct Options: Hashable, Sendable {
        /// (cost − bound)/|cost| that is asked.
        public var gap = 1e-6
        /// Wall time of each program, s.
        public var timeLimit = 60.0
        public var rounds = 40
        /// Cells a stretch begins with.
        public var parts = 4

        public init() {}
    }

    private let units: [NonconvexUnit]
    private let formula: LossFormula?
    private let options: Options
    private let solver: MixedIntegerSolver

    /// Throws where HiGHS is not on this machine.
    public init(
        units: [NonconvexUnit], losses formula: LossFormula? = nil, options: Options = Options()
    ) throws(HiGHSLibrary.Missing) {
        precondition(formula == nil || formula!.linear.count == units.count)
        self.units = units
        self.formula = formula
        self.options = options
        solver = try MixedIntegerSolver(relativeGap: options.gap / 4, timeLimit: options.timeLimit)
    }

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
