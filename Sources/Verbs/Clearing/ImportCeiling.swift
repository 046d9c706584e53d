public import Grid

/// What an import above a certain power costs beside its energy: the charge for the month's highest import.
public struct ImportCeiling: Hashable, Sendable {
    /// Mean import of the step up to which the month's peak does not rise above what is metered or planned.
    public let power: Power
    /// Cost of a Wh above it, beside the price of the energy, yuan/Wh.
    public let price: EnergyCost

    /// Creates a ceiling.
    public init(power: Power, price: EnergyCost) {
        self.power = power
        self.price = price
    }
}
