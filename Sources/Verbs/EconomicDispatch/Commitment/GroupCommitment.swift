import Grid
import Scheduling

/// Which unit of a group is on when, from how many start and stop: the one that has been on the longest
/// stops; of those off, the one starts that is hot and has been off the longest, or, if none is hot, the one
/// that has been off the longest. No other choice keeps more minimum times or saves more hot starts.
struct GroupCommitment {
    /// By unit of the group and step.
    let isOn: [[Bool]]
    /// Yuan for all starts.
    let startCost: Double

    /// The schedule of one unit as it is, and what its starts cost.
    static func startCost(of offer: Offer, _ isOn: [Bool], hours: Double) -> Double {
        guard let cycling = offer.cycling else { return 0 }
        var off = cycling.isOn ? 0 : cycling.since
        var sum = 0.0
        for (step, now) in isOn.enumerated() {
            let before = step == 0 ? cycling.isOn : isOn[step - 1]
            if now, !before { sum += cycling.startCost(after: off) }
            off = now ? 0 : off + hours
        }
        return sum
    }

    /// `count` units of `offer`, of which `wanted` are on, by step.
    init(_ offer: Offer, count: Int, wanted: [Int], hours: Double) {
        let wasOn = offer.rules(hours: hours).isOn
        let rested = (offer.cycling?.minimumDown ?? 0) - 1e-9
        let hotFor = (offer.cycling?.coldAfter ?? .infinity) + 1e-9
        var schedule = [[Bool]](repeating: [], count: count)
        // How long each has been what it is, h.
        var since = [Double](repeating: offer.cycling?.since ?? .infinity, count: count)
        var state = [Bool](repeating: wasOn, count: count)
        for target in wanted {
            var running = state.count { $0 }
            while running > min(max(target, 0), count) {
                let chosen = Self.longest(state, since, isOn: true) { _ in true }!
                (state[chosen], since[chosen]) = (false, 0)
                running -= 1
            }
            while running < min(max(target, 0), count) {
                let hot = Self.longest(state, since, isOn: false) { $0 >= rested && $0 <= hotFor }
                let chosen = hot ?? Self.longest(state, since, isOn: false) { _ in true }!
                (state[chosen], since[chosen]) = (true, 0)
                running += 1
            }
            for unit in 0..<count {
                schedule[unit].append(state[unit])
                since[unit] += hours
            }
        }
        isOn = schedule
        startCost = schedule.reduce(0) { $0 + Self.startCost(of: offer, $1, hours: hours) }
    }

    private static func longest(
        _ state: [Bool], _ since: [Double], isOn: Bool, where fits: (Double) -> Bool
    ) -> Int? {
        state.indices.filter { state[$0] == isOn && fits(since[$0]) }.max { since[$0] < since[$1] }
    }
}
