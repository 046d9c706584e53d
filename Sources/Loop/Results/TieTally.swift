public import Grid
import Planning

/// What the plans in force sent over a branch between two areas.
public struct TieTally: Hashable, Sendable {
    /// Energy from → to, and back.
    public private(set) var there = Energy.zero, back = Energy.zero
    /// Hours at the limit; zero without one.
    public private(set) var hoursFull = 0.0

    mutating func add(_ flow: Power, limit: Power?, hours: Double) {
        if flow > .zero {
            there = there + flow.energy(hours: hours)
        } else {
            back = back - flow.energy(hours: hours)
        }
        if let limit, abs(flow.value) >= limit.value * (1 - 1e-4) { hoursFull += hours }
    }
}
