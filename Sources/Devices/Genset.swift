public import Grid

/// A diesel generator: off, or between its minimum load and its capacity.
public struct Genset: Hashable, Sendable {
    public let capacity: Power
    /// Least output while on, as a fraction of `capacity`.
    public let minimumLoad: Double
    /// Greatest change of output, W per s; starting and stopping are free of it.
    public let ramp: Double
    /// Litres per hour per watt of capacity, while on (HOMER's F0).
    public let fuelIntercept: Double
    /// Litres per Wh delivered (HOMER's F1).
    public let fuelSlope: Double
    /// Yuan per litre.
    public let fuelPrice: Double

    public init(
        capacity: Power, minimumLoad: Double, ramp: Double, fuelIntercept: Double, fuelSlope: Double,
        fuelPrice: Double
    ) {
        self.capacity = capacity
        self.minimumLoad = minimumLoad
        self.ramp = ramp
        self.fuelIntercept = fuelIntercept
        self.fuelSlope = fuelSlope
        self.fuelPrice = fuelPrice
    }
}
