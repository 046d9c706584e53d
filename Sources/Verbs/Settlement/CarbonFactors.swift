/// What energy emits, for location-based accounts: facts of a year and place, so part of a rule set.
public struct CarbonFactors: Hashable, Sendable {
    /// kg CO₂ per kWh imported.
    public let imported: Double
    /// kg CO₂ per litre of diesel burnt.
    public let diesel: Double

    public init(imported: Double, diesel: Double) {
        self.imported = imported
        self.diesel = diesel
    }
}
