public import Grid
public import Scheduling
import Timeline

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

// The connection takes the remainder of the network: it follows no setpoint. One net flow, bought or sold,
// never both in a step (decision 14).

extension ExternalGrid {
    func offer(as id: DeviceID, over horizon: Horizon, firstStep: Int) -> Offer {
        Offer(
            device: id, horizon: horizon, lower: Array(repeating: -exportLimit, count: horizon.count),
            upper: Array(repeating: importLimit, count: horizon.count),
            cost: Cost(
                deliver: Array(importPrice[firstStep..<firstStep + horizon.count]), absorb: [feedIn]))
    }
}
