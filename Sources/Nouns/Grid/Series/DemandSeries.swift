/// How much of each load of a network is taken over many steps: its nominal power times the factor of the
/// shapes it follows. One shape may serve many loads; a load measured in watts has a nominal power of 1 W and
/// a shape of its own.
public struct DemandSeries: Hashable, Sendable {
    public let steps: Int
    /// Length of a step, s.
    public let interval: Double
    /// Shape after shape, `steps` factors each.
    public let factors: [Double]
    /// Of each load, the shape that its active and its reactive power follow.
    public let active: [Int]
    public let reactive: [Int]

    /// - Precondition: every shape has the same number of steps, and each load follows one of them.
    public init(shapes: [[Double]], active: [Int], reactive: [Int], interval: Double = 900) {
        precondition(interval > 0)
        let steps = shapes.first?.count ?? 0
        precondition(shapes.allSatisfy { $0.count == steps } && active.count == reactive.count)
        precondition((active + reactive).allSatisfy(shapes.indices.contains))
        self.steps = steps
        self.interval = interval
        factors = shapes.flatMap { $0 }
        self.active = active
        self.reactive = reactive
    }

    /// Active and reactive power of load i follow shape `loads[i]`.
    public init(shapes: [[Double]], loads: [Int], interval: Double = 900) {
        self.init(shapes: shapes, active: loads, reactive: loads, interval: interval)
    }
}
