/// Meter reading of one step, from two registers. The step's net flow is one signed amount, so a step adds to
/// one register and never to both.
public struct Reading: Hashable, Sendable {
    /// Energy delivered to the network: generation, discharge, import at the grid connection. Never negative.
    public let given: WattHours
    /// Energy taken from the network: consumption, charge, export at the grid connection. Never negative.
    public let taken: WattHours

    /// Creates a reading; at most one of the two is above zero.
    public init(given: WattHours, taken: WattHours) {
        self.given = given
        self.taken = taken
    }

    /// A step without energy.
    public static let zero = Reading(given: .zero, taken: .zero)
}

/// Time-of-use segment (分时时段): the parts of the day that a tariff prices alike, from the dearest to the
/// cheapest.
public enum TimeOfUse: String, Hashable, Sendable, CaseIterable {
    /// Sharp peak (尖峰), peak (高峰), flat (平段), valley (低谷) and deep valley (深谷).
    case sharp, peak, flat, valley, deepValley

    /// Position in `allCases`.
    public var index: Int {
        switch self {
        case .sharp: 0
        case .peak: 1
        case .flat: 2
        case .valley: 3
        case .deepValley: 4
        }
    }
}
