import Grid
import Scheduling

// A bound that no balance lets an offer reach says that there is no limit: a connection of 30 GW beside a
// load of 30 kW. The solver measures powers by the largest bound; beside such a bound the load is rounding.

extension ProblemLayout {
    /// How many times the power that others could take, or give, a bound may be.
    private static let room = 64.0

    /// Brings bounds that are out of reach near to what can be used: of a store by its content, of any offer
    /// by what all others can take or give, with losses and reserve. The demand of loads stays as it is.
    mutating func bringNear() {
        for i in offers {
            guard let reservoir = problem.offers[i].reservoir else { continue }
            let most = max(reservoir.stored.value, reservoir.maximum.value)
            let least = min(reservoir.stored.value, reservoir.minimum.value)
            let (give, take) = (reservoir.dischargeEfficiency, 1 / reservoir.chargeEfficiency)
            clip(i, give: (most - least) * give / hours, take: (most - least) * take / hours)
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
            clip(i, give: give + beside, take: take + beside)
        }
    }

    /// Keeps bounds within `room` times what can be given and taken, W.
    private mutating func clip(_ i: Int, give: Double, take: Double) {
        let (most, least) = (Self.room * max(give, 1), -Self.room * max(take, 1))
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
