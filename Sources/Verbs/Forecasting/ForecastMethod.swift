/// How a device comes to believe what it could do.
public enum ForecastMethod: String, Hashable, Sendable, CaseIterable {
    /// The truth.
    case perfect
    /// Tomorrow like today: see `Forecaster`.
    case persistence
}
