import Grid
public import Scheduling

// A bound that no balance lets an offer reach says that there is no limit: a connection of 30 GW beside a
// load of 30 kW. The solver measures powers by the largest bound; beside such a bound the load is rounding.

extension DispatchProblem {
    /// The problem with bounds at most twice what a balance can reach. Its plans are the same, and its
    /// `largestPower` is a measure of them.
    public var withinReach: DispatchProblem {
        var layout = ProblemLayout(self)
        layout.bringNear(room: 2)
        var near = self
        for i in layout.offers {
            let steps = i * layout.steps..<(i + 1) * layout.steps
            near.offers[i].lower = layout.lower[steps].map { Power($0) }
            near.offers[i].upper = layout.upper[steps].map { Power($0) }
        }
        return near
    }
}

extension ProblemLayout {
    /// Brings bounds that are out of reach near, to `room` times what can be used: of a store by its content,
    /// of any offer by what all others can take or give, with losses and reserve. The demand of loads stays
    /// as it is.
    mutating func bringNear(room: Double = 64) {
        for i in offers {
            guard let reservoir = problem.offers[i].reservoir else { continue }
            let most = max(reservoir.stored.value, reservoir.maximum.value)
            let least = min(reservoir.stored.value, reservoir.minimum.value)
            let (give, take) = (reservoir.dischargeEfficiency, 1 / reservoir.chargeEfficiency)
            clip(i, give: (most - least) * give / hours, take: (most - least) * take / hours, room)
        }
        var (gives, takes) = ([Double](repeating: 0, count: steps), [Double](repeating: 0, count: steps))
        for i in offers {
            for step in 0..<steps {
                gives[step] += max(upper[step + i * steps], 0)
                takes[step] -= min(lower[step + i * steps], 0)
            }
        }
        let losses = problem.losses.reduce(0) { max($0, abs($1.value)) }
        let reserve = (problem.requirements.spinning?.required ?? []).reduce(0) { max($0, $1.value) }
        let beside = losses * Double(problem.areas.count) + reserve
        for i in offers where problem.offers[i].role != .load {
            var (give, take) = (0.0, 0.0)
            for step in 0..<steps {
                take = max(take, gives[step] - max(upper[step + i * steps], 0))
                give = max(give, takes[step] + min(lower[step + i * steps], 0))
            }
            clip(i, give: give + beside, take: take + beside, room)
        }
    }

    /// Keeps bounds within `room` times what can be given and taken, W.
    private mutating func clip(_ i: Int, give: Double, take: Double, _ room: Double) {
        let (most, least) = (room * max(give, 1), -room * max(take, 1))
        guard largest[i] > min(most, -least) else { return }
        largest[i] = 0
        for at in i * steps..<(i + 1) * steps {
            let (low, high) = (lower[at], upper[at])
            upper[at] = min(high, max(most, low))
            lower[at] = max(low, min(least, high))
            largest[i] = max(largest[i], abs(upper[at]), abs(lower[at]))
        }
        let losses = problem.losses.reduce(0) { max($0, abs($1.value)) }
        largestPower = largest.reduce(losses, max)
    }
}
