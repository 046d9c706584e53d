/// Minimum times and start costs of a unit that can be off, and the state in which a horizon finds it.
public struct Cycling: Hashable, Sendable {
    /// Least time on after a start, h.
    public var minimumUp: Double
    /// Least time off after a stop, h.
    public var minimumDown: Double
    /// Cost of a start after at most `coldAfter` hours off, yuan.
    public var hotStart: Double
    /// Cost of a start after more than `coldAfter` hours off, yuan.
    public var coldStart: Double
    /// Time off after which a start is cold, h.
    public var coldAfter: Double
    /// Whether the unit is on before the first step of the horizon.
    public var isOn: Bool
    /// How long the unit has been on, or off, before the first step, h.
    public var since: Double

    /// Creates the rules of one unit; without `coldStart` every start costs `hotStart`.
    public init(
        minimumUp: Double = 0, minimumDown: Double = 0, hotStart: Double = 0, coldStart: Double? = nil,
        coldAfter: Double = .infinity, isOn: Bool, since: Double = .infinity
    ) {
        precondition(minimumUp >= 0 && minimumDown >= 0 && coldAfter >= 0 && since >= 0)
        self.minimumUp = minimumUp
        self.minimumDown = minimumDown
        self.hotStart = hotStart
        self.coldStart = coldStart ?? hotStart
        self.coldAfter = coldAfter
        self.isOn = isOn
        self.since = since
    }

    /// Returns the cost of a start after `hours` off, yuan.
    public func startCost(after hours: Double) -> Double { hours > coldAfter + 1e-9 ? coldStart : hotStart }
}
