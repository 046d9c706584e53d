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
    /// Price that export earns, at first.
    public var feedIn: EnergyCost
    /// Price that export earns, one value a step of the scenario; empty where it is always `feedIn`.
    public var feedIns: [EnergyCost] = []

    /// Creates a grid connection.
    public init(importLimit: Power, exportLimit: Power, importPrice: [EnergyCost], feedIn: EnergyCost) {
        self.importLimit = importLimit
        self.exportLimit = exportLimit
        self.importPrice = importPrice
        self.feedIn = feedIn
    }
}

// In a part of the network one grid connection holds the voltage, takes the remainder and follows no
// setpoint; the power of others there is controlled. In a step each imports or exports one net flow, never
// both (decision 14).

extension ExternalGrid {
    /// Price that export earns in a step of the scenario.
    public func feedIn(at step: Int) -> EnergyCost { feedIns.isEmpty ? feedIn : feedIns[step] }

    /// Power of a controlled exchange that is asked for `setpoint`.
    func follow(_ setpoint: Power) -> Power { min(max(setpoint, -exportLimit), importLimit) }

    func offer(as id: DeviceID, over horizon: Horizon, firstStep: Int) -> Offer {
        Offer(
            device: id, role: .connection, horizon: horizon,
            lower: Array(repeating: -exportLimit, count: horizon.count),
            upper: Array(repeating: importLimit, count: horizon.count),
            cost: Cost(
                deliver: Array(importPrice[firstStep..<firstStep + horizon.count]),
                absorb: feedIns.isEmpty
                    ? [feedIn] : Array(feedIns[firstStep..<firstStep + horizon.count])))
    }
}
