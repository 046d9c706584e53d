public import Grid

/// The reactive power that a device can give or take beside its active power. Active power has priority.
public enum ReactiveCapability: Hashable, Sendable {
    /// Any reactive power within an apparent power: a converter.
    case apparentPower(ApparentPower)
    /// At most this many var for each watt given, in either direction (tan φ), and none when off: a machine
    /// at its rated power factor.
    case perActive(Double)

    /// Returns the greatest magnitude of reactive power beside `power`.
    public func limit(beside power: Power) -> ReactivePower {
        switch self {
        case .apparentPower(let size):
            ReactivePower(max(size.value * size.value - power.value * power.value, 0).squareRoot())
        case .perActive(let ratio): ReactivePower(ratio * max(power.value, 0))
        }
    }

    /// Returns the possible value nearest to `asked`; zero where `asked` is NaN.
    public func clipped(_ asked: ReactivePower, beside power: Power) -> ReactivePower {
        guard !asked.value.isNaN else { return .zero }
        let limit = limit(beside: power)
        return min(max(asked, -limit), limit)
    }
}
