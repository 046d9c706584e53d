public import Timeline

/// A location on earth.
public struct Place: Hashable, Sendable {
    /// Latitude, degrees north.
    public let latitude: Double
    /// Longitude, degrees east.
    public let longitude: Double
    /// Elevation, m above sea level.
    public let elevation: Double

    /// Creates a location from degrees north, degrees east and metres above sea level.
    public init(latitude: Double, longitude: Double, elevation: Double) {
        self.latitude = latitude
        self.longitude = longitude
        self.elevation = elevation
    }
}

/// Weather of one place: one `Conditions` for each step of `horizon`.
public struct WeatherSeries: Hashable, Sendable {
    /// Location where the weather holds.
    public let place: Place
    /// Steps of the series.
    public let horizon: Horizon
    /// Height of the wind speeds, m above ground.
    public let windHeight: Double
    /// Weather by step.
    public let conditions: [Conditions]

    /// Creates a series. `conditions` must hold one element for each step of `horizon`.
    public init(place: Place, horizon: Horizon, windHeight: Double, conditions: [Conditions]) {
        precondition(conditions.count == horizon.count)
        self.place = place
        self.horizon = horizon
        self.windHeight = windHeight
        self.conditions = conditions
    }
}
