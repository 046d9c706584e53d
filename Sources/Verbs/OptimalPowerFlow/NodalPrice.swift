public import Grid

/// Nodal price (locational marginal price) of active power at a bus: the cost of one more watt-hour taken
/// there, as the sum of three components.
public struct NodalPrice: Hashable, Sendable {
    /// Energy component: the price at the reference bus of the island.
    public var energy: EnergyCost
    /// Congestion component: Σ over the binding limits of the shadow price of a limit × the change of the
    /// limited quantity for one watt injected at the reference bus and taken at this bus.
    public var congestion: EnergyCost
    /// Loss component: the cost of the additional network losses.
    public var loss: EnergyCost

    /// Creates a price from its components.
    public init(energy: EnergyCost, congestion: EnergyCost, loss: EnergyCost) {
        self.energy = energy
        self.congestion = congestion
        self.loss = loss
    }

    /// The nodal price: the sum of the three components.
    public var total: EnergyCost { energy + congestion + loss }
}
