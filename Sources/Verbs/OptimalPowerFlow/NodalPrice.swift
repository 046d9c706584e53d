public import Grid

/// What one more watt-hour taken at a bus costs, as the sum of three parts.
public struct NodalPrice: Hashable, Sendable {
    /// The price at the reference bus of the island.
    public var energy: EnergyCost
    /// What binding limits add: Σ over them of the price of a limit times what a watt given at the reference
    /// and taken at this bus adds to it.
    public var congestion: EnergyCost
    /// What the wires lose more.
    public var loss: EnergyCost

    public init(energy: EnergyCost, congestion: EnergyCost, loss: EnergyCost) {
        self.energy = energy
        self.congestion = congestion
        self.loss = loss
    }

    public var total: EnergyCost { energy + congestion + loss }
}
