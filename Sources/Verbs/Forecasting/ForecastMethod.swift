import Grid

/// A way to make forecasts: what a scenario chooses, with its settings.
public struct ForecastMethod: Sendable {
    /// Name in scenario files and reports.
    public let name: String
    /// Makes the model of a run. Only methods of this room may look at `truth`, the potential of every device
    /// in every step.
    let make: @Sendable (_ site: ForecastSite, _ truth: [[Power]]) -> any ForecastModel

    /// Creates a method of your own; `make` makes the model of each run.
    public init(name: String, make: @escaping @Sendable (ForecastSite) -> any ForecastModel) {
        self.name = name
        self.make = { site, _ in make(site) }
    }

    private init(
        named name: String, make: @escaping @Sendable (ForecastSite, [[Power]]) -> any ForecastModel
    ) {
        self.name = name
        self.make = make
    }

    /// The true potential.
    public static let perfect = ForecastMethod(named: "perfect") { PerfectForecast(truth: $1) }
    /// The last measured day for sun and loads, the last step for wind and water: see `PersistenceForecast`.
    public static let persistence = ForecastMethod(named: "persistence") {
        PersistenceForecast($0, truth: $1)
    }
    /// Statistics of what was measured, by kind of device: see `SmartForecast`.
    public static let smart = ForecastMethod(named: "smart") { site, _ in SmartForecast(site) }

    /// The true potential with random errors of a stated size.
    public static func noisy(_ errors: StatedErrors) -> ForecastMethod {
        ForecastMethod(named: "noisy") { NoisyForecast(errors, $0, truth: $1) }
    }
}
