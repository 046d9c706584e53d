public import Grid
import Timeline

/// What a plan must keep to beyond the offers themselves. Empty by default.
///
/// Everything here gives way at a price rather than make a plan impossible; `Plan` tells by how much.
public struct Requirements: Hashable, Sendable {
    public var limits: [LinearLimit] = []
    public var demandCharge: DemandCharge?
    public var end = End.valued
    public var emissions: Emissions?
    public var spinning: SpinningReserve?
    public var island: IslandReserve?
    /// What the limits make the optimum one of.
    public var optimum = OptimalityCertificate.Optimum.copperPlate

    public init() {}

    /// What the reservoirs must hold at the end of the horizon.
    public enum End: Hashable, Sendable {
        /// Anything: what is left is worth `DispatchProblem.storedValue`.
        case valued
        /// What they hold now: a cycle.
        case asNow
        /// These contents, one an offer; nil where free. As near as can be reached.
        case contents([Energy?])
    }
}

/// What giving power emits. Taking earns nothing back.
public struct Emissions: Hashable, Sendable {
    /// kg per Wh given: one array an offer, of one value or one a step; an empty one emits nothing.
    public var factors: [[Double]]
    /// Yuan per kg, added to what giving costs.
    public var price: Double
    /// kg over the whole horizon. Kept unless load would have to go unserved at more than
    /// `DispatchProblem.slackPrice` for each Wh of the dirtiest offer.
    public var cap: Double?

    public init(factors: [[Double]], price: Double = 0, cap: Double? = nil) {
        self.factors = factors
        self.price = price
        self.cap = cap
    }

    func factor(_ offer: Int, at step: Int) -> Double {
        let values = factors[offer]
        return values.isEmpty ? 0 : values[values.count == 1 ? 0 : step]
    }
}
