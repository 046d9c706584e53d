import Grid
import LinearAlgebra
import Optimization
import UnitDispatch
import UnitFile

/// The dispatch of one period, by whichever method its units need.
struct UnitDispatchOutcome {
    enum Status: String {
        case optimal, infeasible
        /// The search ended before the gap was proved.
        case stopped
        case iterationLimit = "iteration-limit"
    }

    let status: Status
    let demand: Power
    /// W, of each unit; empty where no schedule was found.
    private(set) var powers: [Double] = []
    /// Money/h.
    private(set) var cost = 0.0
    private(set) var loss = Power.zero
    /// |Σ powers − losses − demand|.
    private(set) var mismatch = Power.zero
    /// Nil where the cost is not convex or zones are prohibited.
    private(set) var price: UnitSchedule.PriceInterval?
    /// No schedule costs less, money/h; nil where the optimum is exact, and where nothing was proved.
    private(set) var bound: Double?
    /// What the units deliver at their least and at their largest powers, losses subtracted.
    let least: Power
    let largest: Power

    /// Units that may lose more than they give: there the dispatch need not be the cheapest.
    let warnings: [String]

    /// (cost − bound)/|cost|.
    var gap: Double? { bound.map { (cost - $0) / max(cost.magnitude, 1e-12) } }
    var isProved: Bool { status == .optimal }

    /// Throws where the units need HiGHS and it cannot be used.
    init(
        _ problem: UnitProblem, demand: Power, gap: Double?, timeLimit: Double?
    ) throws(HiGHSLibrary.Missing) {
        self.demand = demand
        let low = problem.units.map { $0.allowed[0].lowerBound.value }
        let high = problem.units.map { $0.allowed[$0.allowed.count - 1].upperBound.value }
        func delivered(_ powers: [Double]) -> Power {
            Power(powers.reduce(0, +) - (problem.losses?.loss(at: powers) ?? 0))
        }
        (least, largest) = (delivered(low), delivered(high))
        warnings = problem.losses.map { Self.warnings($0, problem.names, low, high) } ?? []
        guard let schedule = Self.convex(problem, demand) else {
            var options = NonconvexDispatch.Options()
            options.gap = gap ?? options.gap
            options.timeLimit = timeLimit ?? options.timeLimit
            let schedule = try NonconvexDispatch(
                units: problem.units, losses: problem.losses, options: options
            ).schedule(demand: demand)
            status = Status(rawValue: schedule.status.rawValue) ?? .stopped
            (powers, loss, mismatch) = (schedule.powers, schedule.loss, schedule.mismatch)
            if !powers.isEmpty { cost = schedule.cost }
            if !powers.isEmpty, schedule.bound.isFinite { bound = schedule.bound }
            return
        }
        switch schedule.status {
        case .optimal: status = .optimal
        case .iterationLimit: status = .iterationLimit
        case .short, .excess: status = .infeasible
        }
        guard status == .optimal else { return }
        (powers, cost, loss) = (schedule.powers, schedule.cost, schedule.loss)
        (mismatch, price) = (schedule.mismatch, schedule.price)
    }

    /// By equal incremental costs; nil where a unit has valve points or more than one range to run in.
    private static func convex(_ problem: UnitProblem, _ demand: Power) -> UnitSchedule? {
        let isConvex = problem.units.allSatisfy { ($0.valves?.amplitude ?? 0) == 0 && $0.allowed.count == 1 }
        guard isConvex else { return nil }
        let units = problem.units.map { GeneratingUnit(limits: $0.allowed[0], cost: $0.cost) }
        guard let losses = problem.losses else {
            return try? EqualIncrementalCost(units: units).schedule(demand: demand)
        }
        return try? LossyDispatch(units: units, losses: losses).schedule(demand: demand)
    }

    /// The largest ∂loss/∂p of each unit over all powers must stay below 1.
    private static func warnings(
        _ losses: LossFormula, _ names: [String], _ low: [Double], _ high: [Double]
    ) -> [String] {
        names.indices.compactMap { i in
            let most = names.indices.reduce(losses.linear[i]) { sum, j in
                let factor = 2 * losses.quadratic[i, j]
                return sum + max(factor * low[j], factor * high[j])
            }
            guard most >= 1 else { return nil }
            return "unit '\(names[i])' may lose more than it gives: check B, B0 and --base-power"
        }
    }
}
