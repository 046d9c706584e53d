public import Grid
import Timeline

/// Power that must stand ready in every step beyond what is planned. It is the headroom of the providers; a
/// store counts with no more than its content could give for `hours`:
///
///     Σ r_i ≥ required,   r_i ≤ upper_i − p_i,   r_i ≤ η_d·(e_i − e_min)/hours.
///
/// A unit that can be off counts while it is on.
public struct SpinningReserve: Hashable, Sendable {
    /// Reserve that is required, one value a step.
    public let required: [Power]
    /// Places of the offers that count.
    public let providers: [Int]
    /// How long a store must be able to give its reserve, h.
    public let hours: Double
    /// Price of missing reserve, yuan per Wh; nil: half the problem's highest price, so that no load at that
    /// price is shed to hold power ready.
    public let penalty: EnergyCost?

    /// Creates a reserve over all steps of a problem.
    public init(required: [Power], providers: [Int], hours: Double, penalty: EnergyCost? = nil) {
        precondition(hours > 0)
        self.required = required
        self.providers = providers
        self.hours = hours
        self.penalty = penalty
    }
}

/// Energy that the grid-forming stores must hold in every step, so that the loads which must be served can be
/// supplied for `steps` steps without the grid connection:
///
///     Σ η_d,i·(e_i,t − e_min,i) ≥ Σ_{τ = t+1…t+steps} h·max(0, loads_τ − others_τ)
///
/// with `others` the greatest power of the grid-forming units without store. Solar, wind and hydro plants do
/// not count. The rule is about the energy of all stores together; `IslandReserve.powerShort` says whether
/// the grid-forming devices have the power as well.
public struct IslandReserve: Hashable, Sendable {
    /// Length of the islanding, in steps; beyond the horizon its last step repeats.
    public let steps: Int
    /// Places of the grid-forming offers, with or without reservoir.
    public let forming: [Int]
    /// Places of the offers of the loads that must be served.
    public let loads: [Int]

    /// Creates a reserve for an islanding of `steps` steps.
    public init(steps: Int, forming: [Int], loads: [Int]) {
        precondition(steps > 0)
        self.steps = steps
        self.forming = forming
        self.loads = loads
    }

    /// Returns by how much all grid-forming devices together fall short of the loads' power in each step.
    public func powerShort(_ problem: DispatchProblem) -> [Power] {
        problem.horizon.indices.map { step in
            let demand = loads.reduce(Power.zero) { $0 - problem.offers[$1].lower[step] }
            let able = forming.reduce(Power.zero) { $0 + problem.offers[$1].upper[step] }
            return max(demand - able, .zero)
        }
    }

    /// Returns the rule as a limit on contents, Wh; nil where no grid-forming offer has a store.
    public func limit(_ problem: DispatchProblem) -> LinearLimit? {
        let stores = forming.filter { problem.offers[$0].reservoir != nil }
        guard !stores.isEmpty, problem.horizon.count > 0 else { return nil }
        let hours = problem.horizon.stepHours
        let last = problem.horizon.count - 1
        let net = problem.horizon.indices.map { step in
            let demand = loads.reduce(0) { $0 - problem.offers[$1].lower[step].value }
            let able = forming.reduce(0) {
                $0 + (problem.offers[$1].reservoir == nil ? problem.offers[$1].upper[step].value : 0)
            }
            return hours * max(demand - able, 0)
        }
        let empty = stores.reduce(0.0) {
            let reservoir = problem.offers[$1].reservoir!
            return $0 + reservoir.dischargeEfficiency * reservoir.minimum.value
        }
        let needed = problem.horizon.indices.map { step in
            empty + (1...steps).reduce(0) { $0 + net[min(step + $1, last)] }
        }
        let terms = stores.map {
            LinearLimit.Term($0, [problem.offers[$0].reservoir!.dischargeEfficiency], of: .content)
        }
        return LinearLimit("island reserve", terms, lower: needed)
    }
}
