public import Grid

/// The connection to the county grid: one signed flow, positive when imported.
public struct ExternalGrid: Hashable, Sendable {
    public let importLimit: Power
    public let exportLimit: Power
    /// What a Wh costs to import, one a step of the scenario.
    public let importPrice: [EnergyCost]
    /// What a Wh exported earns.
    public let feedIn: EnergyCost

    public init(importLimit: Power, exportLimit: Power, importPrice: [EnergyCost], feedIn: EnergyCost) {
        self.importLimit = importLimit
        self.exportLimit = exportLimit
        self.importPrice = importPrice
        self.feedIn = feedIn
    }
}
