public import Grid

/// What a plan must keep to beyond the offers themselves. Empty by default.
///
/// A requirement that cannot be met is violated at a price instead of making the problem infeasible; `Plan`
/// says by how much.
public struct Requirements: Hashable, Sendable {
    /// Linear constraints on powers and contents.
    public var limits: [LinearLimit] = []
    /// Charges for the highest import of a month, one a connection that has one. Their months are the same.
    public var demandCharges: [DemandCharge] = []
    /// What the reservoirs must hold at the end.
    public var end = End.valued
    /// Price and cap of emissions.
    public var emissions: Emissions?
    /// Power that must stand ready.
    public var spinning: SpinningReserve?
    /// Energy that must be stored for an islanding.
    public var island: IslandReserve?
    /// The model of the network that the limits make the optimum one of.
    public var optimum = OptimalityCertificate.Optimum.copperPlate

    /// Creates requirements that ask for nothing.
    public init() {}

    /// The charge of a problem with one connection; nil without any.
    public var demandCharge: DemandCharge? {
        get { demandCharges.first }
        set { demandCharges = newValue.map { [$0] } ?? [] }
    }

    /// Returns the charges for what `peaks`, W, lie above the peaks so far, yuan: the months of the first
    /// charge, then those of the others.
    public func demandCost(_ peaks: [Double]) -> Double {
        var (cost, first) = (0.0, 0)
        for charge in demandCharges where first < peaks.count {
            cost += charge.cost(Array(peaks[first..<min(first + charge.months.count, peaks.count)]))
            first += charge.months.count
        }
        return cost
    }

    /// What the reservoirs must hold at the end of the horizon.
    public enum End: Hashable, Sendable {
        /// Anything; what is left is worth `DispatchProblem.storedValue(of:)`.
        case valued
        /// Their content at the beginning: a cycle.
        case asNow
        /// These contents, or the nearest that can be reached; one an offer, nil where free.
        case contents([Energy?])
    }
}

/// Emissions of the power that offers give. Taking power is credited nothing.
public struct Emissions: Hashable, Sendable {
    /// kg per Wh given: one array an offer, of one value or one a step; empty for an offer that emits
    /// nothing.
    public var factors: [[Double]]
    /// Price of emissions, yuan per kg, added to the price of giving.
    public var price: Double
    /// Cap over the whole horizon, kg. It is exceeded only where each Wh of the offer with the highest factor
    /// saves more than `DispatchProblem.slackPrice`.
    public var cap: Double?

    /// Creates the emissions of a problem, one array of factors an offer.
    public init(factors: [[Double]], price: Double = 0, cap: Double? = nil) {
        self.factors = factors
        self.price = price
        self.cap = cap
    }

    /// Returns the kg per Wh of an offer in a step.
    @inlinable public func factor(_ offer: Int, at step: Int) -> Double {
        let values = factors[offer]
        return values.isEmpty ? 0 : values[values.count == 1 ? 0 : step]
    }
}
