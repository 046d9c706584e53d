/// How a device forecasts its potential.
public enum ForecastMethod: String, Hashable, Sendable, CaseIterable {
    /// The true potential.
    case perfect
    /// What was last measured: see `Forecaster`.
    case persistence
}
