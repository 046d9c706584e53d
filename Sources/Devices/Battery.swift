public import Grid

/// A battery with its converter. Power is measured at the network: efficiencies stand between it and the store.
public struct Battery: Hashable, Sendable {
    public let capacity: Energy
    public let chargePower: Power
    public let dischargePower: Power
    public let chargeEfficiency: Double
    public let dischargeEfficiency: Double
    /// Fraction of the content lost per hour.
    public let selfDischarge: Double
    /// Bounds and start of the state of charge, as fractions of `capacity`.
    public let stateOfCharge: ClosedRange<Double>
    public let initialStateOfCharge: Double
    /// Cost of ageing per Wh delivered.
    public let wear: EnergyCost

    public init(
        capacity: Energy, chargePower: Power, dischargePower: Power, chargeEfficiency: Double,
        dischargeEfficiency: Double, selfDischarge: Double, stateOfCharge: ClosedRange<Double>,
        initialStateOfCharge: Double, wear: EnergyCost
    ) {
        precondition(stateOfCharge.contains(initialStateOfCharge))
        self.capacity = capacity
        self.chargePower = chargePower
        self.dischargePower = dischargePower
        self.chargeEfficiency = chargeEfficiency
        self.dischargeEfficiency = dischargeEfficiency
        self.selfDischarge = selfDischarge
        self.stateOfCharge = stateOfCharge
        self.initialStateOfCharge = initialStateOfCharge
        self.wear = wear
    }
}
