/// What one meter counted over one step. The step's net flow is one signed amount, so that a step adds to
/// one of the two registers and never to both.
public struct Reading: Hashable, Sendable {
    /// Given to the network: generation, discharge, import at the connection. Never negative.
    public let given: WattHours
    /// Taken from the network: consumption, charge, export at the connection. Never negative.
    public let taken: WattHours

    public init(given: WattHours, taken: WattHours) {
        self.given = given
        self.taken = taken
    }

    public static let zero = Reading(given: .zero, taken: .zero)
}

/// The part of the day a tariff prices alike (分时时段).
public enum TimeOfUse: String, Hashable, Sendable, CaseIterable {
    case sharp, peak, flat, valley, deepValley

    /// Its place in `allCases`.
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
