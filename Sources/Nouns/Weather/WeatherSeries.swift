public import Timeline

/// A place on earth.
public struct Place: Hashable, Sendable {
    /// Degrees north.
    public let latitude: Double
    /// Degrees east.
    public let longitude: Double
    /// m above sea level.
    public let elevation: Double

    public init(latitude: Double, longitude: Double, elevation: Double) {
        self.latitude = latitude
        self.longitude = longitude
        self.elevation = elevation
    }
}

/// The weather of one place, one `Conditions` a step of `horizon`.
public struct WeatherSeries: Hashable, Sendable {
    public let place: Place
    public let horizon: Horizon
    /// Height at which the wind speed holds, m above ground.
    public let windHeight: Double
    public let conditions: [Conditions]

    public init(place: Place, horizon: Horizon, windHeight: Double, conditions: [Conditions]) {
        precondition(conditions.count == horizon.count)
        self.place = place
        self.horizon = horizon
        self.windHeight = windHeight
        self.conditions = conditions
    }
}
