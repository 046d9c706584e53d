public import Grid

/// A run-of-river hydro plant: no store, the river decides.
public struct Hydro: Hashable, Sendable {
    public enum Turbine: String, Hashable, Sendable, CaseIterable {
        case francis, kaplan, propeller, pelton, turgo, crossflow
    }

    /// Greatest electrical output.
    public let capacity: Power
    /// Gross head, m.
    public let head: Double
    /// m³/s through the turbine at full gate.
    public let designFlow: Double
    /// m³/s that stay in the river before any is taken.
    public let residualFlow: Double
    public let turbine: Turbine
    /// Fraction of the gross head lost at design flow; falls with the square of the flow.
    public let headLoss: Double
    public let generatorEfficiency: Double

    public init(
        capacity: Power, head: Double, designFlow: Double, residualFlow: Double, turbine: Turbine,
        headLoss: Double = 0.06, generatorEfficiency: Double = 0.95
    ) {
        self.capacity = capacity
        self.head = head
        self.designFlow = designFlow
        self.residualFlow = residualFlow
        self.turbine = turbine
        self.headLoss = headLoss
        self.generatorEfficiency = generatorEfficiency
    }
}
