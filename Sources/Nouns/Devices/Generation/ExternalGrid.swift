public import Grid
import Scheduling
import Timeline

/// The grid connection: one signed flow, positive when imported.
public struct ExternalGrid: Hashable, Sendable {
    /// Greatest import.
    public var importLimit: Power
    /// Greatest export, not negative.
    public var exportLimit: Power
    /// Price of import, one value a step of the scenario.
    public var importPrice: [EnergyCost]
    /// Price that export earns.
    public var feedIn: EnergyCost

    /// Creates a grid connection.
    public init(importLimit: Power, exportLimit: Power, importPrice: [EnergyCost], feedIn: EnergyCost) {
        self.importLimit = importLimit
        self.exportLimit = exportLimit
        self.importPrice = importPrice
        self.feedIn = feedIn
    }
}

// The grid connection takes the remainder of the network and follows no setpoint. In a step it imports or
// exports one net flow, never both (decision 14).

extension ExternalGrid {
    func offer(as id: DeviceID, over horizon: Horizon, firstStep: Int) -> Offer {
        Offer(
            device: id, role: .connection, horizon: horizon,
            lower: Array(repeating: -exportLimit, count: horizon.count),
            upper: Array(repeating: importLimit, count: horizon.count),
            cost: Cost(
                deliver: Array(importPrice[firstStep..<firstStep + horizon.count]), absorb: [feedIn]))
    }
}
