/// Costs of powers that were really run, by the offers and requirements of a problem; yuan.
public struct Costs: Hashable, Sendable {
    /// Cost of each offer within its bounds: energy, hours on, starts, demand not served.
    public let offers: [Double]
    /// Cost of what offers gave beyond their bounds.
    public let beyond: Double
    /// Charge for the months' peaks.
    public let demandCharge: Double
    /// Value of what is left in the stores at the end, a gain.
    public let storedValue: Double

    /// Creates costs from their parts.
    public init(offers: [Double], beyond: Double, demandCharge: Double, storedValue: Double) {
        self.offers = offers
        self.beyond = beyond
        self.demandCharge = demandCharge
        self.storedValue = storedValue
    }

    /// Sum of all costs, less the stored value.
    public var total: Double { offers.reduce(0, +) + beyond + demandCharge - storedValue }
}
