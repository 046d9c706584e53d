public import Timeline

/// The weather of a scenario before it is drawn.
public enum WeatherSource: Hashable, Sendable {
    /// Weather that is known step by step; no seed changes it.
    case series(WeatherSeries)
    /// Weather that a seed draws from a climatology, over `horizon` at `place`.
    case climatology(Climatology, place: Place, horizon: Horizon)

    /// The steps of the scenario.
    public var horizon: Horizon {
        switch self {
        case .series(let series): series.horizon
        case .climatology(_, _, let horizon): horizon
        }
    }

    /// The weather of `seed`.
    public func series(seed: UInt64) -> WeatherSeries {
        switch self {
        case .series(let series): series
        case .climatology(let climatology, let place, let horizon):
            WeatherSeries(climatology: climatology, place: place, horizon: horizon, seed: seed)
        }
    }

    /// True if the river carries water in some step.
    public var hasRiver: Bool {
        switch self {
        case .series(let series):
            return series.conditions.contains { $0.riverFlow > 0 }
        case .climatology(let climatology, let place, let horizon):
            // The flow is interpolated between the middles of two months.
            let clock = MonthClock(longitude: place.longitude)
            let first = clock.place(Double(horizon.start.secondsSinceEpoch)).month
            let last = clock.place(Double(horizon.end.secondsSinceEpoch)).month + 1
            return (first...last).contains {
                climatology.months[MonthClock.monthOfYear($0)].riverFlow > 0
            }
        }
    }
}
