/// What reactive power a device can give or take beside its active power, which goes first.
public enum ReactiveCapability: Hashable, Sendable {
    /// Whatever keeps within an apparent power: a converter.
    case apparentPower(ApparentPower)
    /// At most so many var for each watt it gives, either way (tan φ); none when off: a machine at its rated
    /// power factor.
    case perActive(Double)

    /// The greatest magnitude beside `power`.
    public func limit(beside power: Power) -> ReactivePower {
        switch self {
        case .apparentPower(let size):
            ReactivePower(max(size.value * size.value - power.value * power.value, 0).squareRoot())
        case .perActive(let ratio): ReactivePower(ratio * max(power.value, 0))
        }
    }

    /// The nearest it can do to what is `asked`; none where that is no number.
    public func clipped(_ asked: ReactivePower, beside power: Power) -> ReactivePower {
        guard !asked.value.isNaN else { return .zero }
        let limit = limit(beside: power)
        return min(max(asked, -limit), limit)
    }
}
