/// Emission factors for location-based carbon accounting. They hold for a year and a place, so they are part
/// of a rule set.
public struct CarbonFactors: Hashable, Sendable {
    /// Emission factor of imported energy, kg CO₂ per kWh.
    public let imported: Double
    /// Emission factor of diesel, kg CO₂ per litre burnt.
    public let diesel: Double

    /// Creates factors from kg CO₂ per kWh imported and kg CO₂ per litre of diesel.
    public init(imported: Double, diesel: Double) {
        self.imported = imported
        self.diesel = diesel
    }
}
