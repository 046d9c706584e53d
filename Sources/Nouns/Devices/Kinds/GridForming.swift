public import Grid

/// How a battery or genset forms a grid of its own: it holds voltage and frequency of an island.
public struct GridForming: Hashable, Sendable {
    /// Change of frequency over its rating, as a fraction of nominal.
    public let droop: Double
    /// How long it takes to start a network without voltage, s; nil: it cannot (no black start).
    public let startTime: Double?

    /// Droop of a device that states none: 4 %. Assumed.
    public static let usualDroop = 0.04
    /// Start time of a black start that states none, s. Assumed.
    public static let usualStartTime = 300.0

    /// Creates the settings of one device.
    public init(droop: Double = Self.usualDroop, startTime: Double? = nil) {
        precondition(droop > 0 && (startTime ?? 0) >= 0)
        self.droop = droop
        self.startTime = startTime
    }
}

extension Device {
    /// Power that its droop and its rank among grid-forming devices are measured by; nil where it cannot form
    /// a grid.
    public var formingRating: Power? {
        guard forming != nil else { return nil }
        switch kind {
        case .battery(let battery): return battery.dischargePower
        case .genset(let genset): return genset.capacity
        case .solar, .wind, .hydro, .measured, .flexible, .load, .grid: return nil
        }
    }
}
