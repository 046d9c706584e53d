public import Grid
public import Weather

/// A run-of-river hydro plant, without a reservoir.
public struct Hydro: Hashable, Sendable {
    /// Type of turbine, which decides its efficiency at part flow.
    public enum Turbine: String, Hashable, Sendable, CaseIterable {
        /// Reaction turbines.
        case francis, kaplan, propeller
        /// Impulse turbines.
        case pelton, turgo, crossflow
    }

    /// Greatest electrical output.
    public var capacity: Power
    /// Gross head, m.
    public var head: Double
    /// Flow through the turbine at full gate, m³/s.
    public var designFlow: Double
    /// Flow that must stay in the river, m³/s.
    public var residualFlow: Double
    /// Type of the turbine.
    public var turbine: Turbine
    /// Fraction of the gross head lost at design flow; falls with the square of the flow.
    public var headLoss: Double
    /// Efficiency of the generator.
    public var generatorEfficiency: Double
    /// Least and greatest flow through the turbine, as fractions of `designFlow`. Below the least it stands
    /// still; above the greatest the rest passes by.
    public var flowRange: ClosedRange<Double>

    /// Creates a hydro plant.
    public init(
        capacity: Power, head: Double, designFlow: Double, residualFlow: Double, turbine: Turbine,
        headLoss: Double = 0.06, generatorEfficiency: Double = 0.95, flowRange: ClosedRange<Double> = 0...1
    ) {
        self.capacity = capacity
        self.head = head
        self.designFlow = designFlow
        self.residualFlow = residualFlow
        self.turbine = turbine
        self.headLoss = headLoss
        self.generatorEfficiency = generatorEfficiency
        self.flowRange = flowRange
    }
}

// The residual flow stays in the river first; of the rest the turbine takes what its flow range lets through.
// Friction in the pipe costs head with the square of the flow:
//
//     P = ρ g Q H (1 − headLoss (Q/Qd)²) η(Q) · generatorEfficiency,   ρ = 1000 kg/m³, g = 9.81 m/s².
//
// η is in HydroTurbine.swift. Fallback without a setpoint: all the river gives.

extension Hydro {
    /// What a river of `conditions.riverFlow` gives.
    public func potential(under conditions: Conditions) -> Power {
        let flow = turbineFlow(river: conditions.riverFlow)
        let water = Hydro.waterPower(flow: flow, head: netHead(flow: flow))
        return min(max(.zero, water * (turbineEfficiency(flow: flow) * generatorEfficiency)), capacity)
    }

    /// m³/s through the turbine when `river` m³/s come down.
    public func turbineFlow(river: Double) -> Double {
        let available = max(0, river - residualFlow)
        guard available >= flowRange.lowerBound * designFlow else { return 0 }
        return min(available, flowRange.upperBound * designFlow)
    }

    /// m, after the pipe.
    public func netHead(flow: Double) -> Double {
        let share = flow / designFlow
        return head * max(0, 1 - headLoss * share * share)
    }

    /// Power of `flow` m³/s falling `head` m.
    public static func waterPower(flow: Double, head: Double) -> Power {
        Power(1000 * 9.81 * flow * head)
    }
}
