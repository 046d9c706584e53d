public import Grid

/// One or more equal wind turbines.
public struct Wind: Hashable, Sendable {
    public let turbines: Int
    /// Rated power of one turbine.
    public let rated: Power
    /// Output of one turbine against wind speed at hub height at standard air density, in order of speed;
    /// zero outside.
    public let curve: [CurvePoint]
    /// m above ground.
    public let hubHeight: Double
    /// Roughness length of the ground, m.
    public let roughness: Double

    public struct CurvePoint: Hashable, Sendable {
        /// m/s.
        public let speed: Double
        public let power: Power

        public init(speed: Double, power: Power) {
            self.speed = speed
            self.power = power
        }
    }

    public init(turbines: Int, rated: Power, curve: [CurvePoint], hubHeight: Double, roughness: Double) {
        precondition(curve.count >= 2 && zip(curve, curve.dropFirst()).allSatisfy { $0.speed < $1.speed })
        self.turbines = turbines
        self.rated = rated
        self.curve = curve
        self.hubHeight = hubHeight
        self.roughness = roughness
    }
}
