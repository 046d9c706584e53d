import Glibc
public import Grid

/// A store of energy behind a device. Over a step
///
///     stored′ = stored·(1 − selfDischarge)^hours + chargeEfficiency·absorbed − delivered / dischargeEfficiency.
public struct Reservoir: Hashable, Sendable {
    /// Content before the first step.
    public var stored: Energy
    /// Least content that a plan may leave.
    public var minimum: Energy
    /// Greatest content.
    public var maximum: Energy
    /// Fraction of the energy taken that reaches the store.
    public var chargeEfficiency: Double
    /// Fraction of the energy drawn from the store that reaches the network.
    public var dischargeEfficiency: Double
    /// Fraction of the content lost per hour.
    public var selfDischarge: Double

    /// Creates a store.
    public init(
        stored: Energy, minimum: Energy, maximum: Energy, chargeEfficiency: Double,
        dischargeEfficiency: Double, selfDischarge: Double
    ) {
        self.stored = stored
        self.minimum = minimum
        self.maximum = maximum
        self.chargeEfficiency = chargeEfficiency
        self.dischargeEfficiency = dischargeEfficiency
        self.selfDischarge = selfDischarge
    }

    /// Returns the fraction of the content kept over `hours` of idling.
    public func kept(hours: Double) -> Double { pow(1 - selfDischarge, hours) }

    /// Returns the powers, W, that keep the store within its bounds over `hours`; `content`, Wh, is what
    /// idling would leave. A store that is already outside its bounds may stay there but not go further.
    @inlinable public func powers(from content: Double, hours: Double) -> ClosedRange<Double> {
        let charge = max(maximum.value - content, 0) / (chargeEfficiency * hours)
        let discharge = max(content - minimum.value, 0) * dischargeEfficiency / hours
        return -charge...discharge
    }

    /// Returns the content, Wh, after `power`, W, over `hours`; `content`, Wh, is what idling would leave.
    @inlinable public func after(_ power: Double, from content: Double, hours: Double) -> Double {
        content - hours * (power > 0 ? power / dischargeEfficiency : power * chargeEfficiency)
    }
}
