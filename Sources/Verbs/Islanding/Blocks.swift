import Glibc
public import Grid

// Loads are shed and picked up in whole blocks.

extension [LoadBlock] {
    /// Places of the served blocks that are shed so that at least `excess` less is taken: by ascending
    /// priority, then by value of lost load, then in their order. All of them where that is not enough.
    public func shed(toSave excess: Power) -> [Int] {
        var (left, chosen) = (excess, [Int]())
        for place in indices.filter({ self[$0].isOn && self[$0].demand > .zero }).sorted(by: comesFirst) {
            guard left > .zero else { break }
            chosen.append(place)
            left -= self[place].demand
        }
        return chosen
    }

    /// Places of the blocks that are picked up: by descending priority, then by value of lost load. All
    /// together need no more than `headroom`. A block larger than `largest` is picked up in parts of that
    /// size; at most `most` parts come in one step.
    public func pickUp(headroom: Power, largest: Power, atMost most: Int) -> [Int] {
        var (left, parts, chosen) = (headroom, 0.0, [Int]())
        let waiting = indices.filter { !self[$0].isOn }.sorted { a, b in
            let (x, y) = (self[a], self[b])
            if x.priority != y.priority { return x.priority > y.priority }
            return x.value != y.value ? x.value > y.value : a < b
        }
        for place in waiting where self[place].demand <= left {
            let own = Swift.max(1, (self[place].demand / largest).rounded(.up))
            guard parts + own <= Double(most) else { continue }
            parts += own
            chosen.append(place)
            left -= self[place].demand
        }
        return chosen
    }

    private func comesFirst(_ a: Int, _ b: Int) -> Bool {
        let (x, y) = (self[a], self[b])
        if x.priority != y.priority { return x.priority < y.priority }
        return x.value != y.value ? x.value < y.value : a < b
    }
}

/// Demand of a load after an interruption: what cooled down or stood still is made up for.
///
/// Its multiple is 1 + (c − 1)·(1 − e^(−off/τ))·e^(−t/τ), t after the end of an interruption of length off.
public struct ColdLoad: Hashable, Sendable {
    /// Excess right after the interruption, as a fraction of the demand.
    private let excess: Double
    private let time: Double
    /// An excess below this is none, so that it ends.
    private static let least = 0.01

    /// The excess after `off` seconds without supply.
    public init(off: Double, _ settings: IslandSettings) {
        time = settings.coldLoadTime
        excess =
            time > 0 ? (settings.coldLoadFactor - 1) * (1 - Self.decay(off, time)) : 0
    }

    /// Mean multiple of the demand over a step that begins `elapsed` seconds after the interruption and
    /// lasts `seconds`.
    public func factor(after elapsed: Double, over seconds: Double) -> Double {
        precondition(seconds > 0)
        guard excess > 0, excess * Self.decay(elapsed, time) >= Self.least else { return 1 }
        let mean = time / seconds * (1 - Self.decay(seconds, time))
        return 1 + excess * Self.decay(elapsed, time) * mean
    }

    private static func decay(_ seconds: Double, _ time: Double) -> Double { exp(-seconds / time) }
}
