/// What binds a unit that can be off to its past and its future, and what starting it costs.
public struct Cycling: Hashable, Sendable {
    /// Once on, it stays on at least so long; once off, off; h.
    public let minimumUp: Double
    public let minimumDown: Double
    /// Yuan for a start after at most `coldAfter` hours off, and after longer.
    public let hotStart: Double
    public let coldStart: Double
    public let coldAfter: Double
    /// Whether it is on at the beginning of the horizon, and since how many hours it is what it is.
    public let isOn: Bool
    public let since: Double

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

    /// Yuan for a start after `hours` off.
    public func startCost(after hours: Double) -> Double { hours > coldAfter + 1e-9 ? coldStart : hotStart }
}
