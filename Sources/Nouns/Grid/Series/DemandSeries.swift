/// Demand of each load of a network over many steps: its nominal power times the factor of the shape it
/// follows. One shape may serve many loads; a load measured in watts has a nominal power of 1 W and
/// a shape of its own.
public struct DemandSeries: Hashable, Sendable {
    /// Number of steps.
    public let steps: Int
    /// Length of a step, s.
    public let interval: Double
    /// Factors of the nominal powers: shape after shape, `steps` factors each.
    public private(set) var factors: [Double]
    /// Index of the shape that the active power of each load follows.
    public let active: [Int]
    /// Index of the shape that the reactive power of each load follows.
    public let reactive: [Int]

    /// A series whose loads follow `shapes[active[i]]` and `shapes[reactive[i]]`; `interval` in s.
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

    /// A series where active and reactive power of load i follow shape `loads[i]`.
    public init(shapes: [[Double]], loads: [Int], interval: Double = 900) {
        self.init(shapes: shapes, active: loads, reactive: loads, interval: interval)
    }

    /// Replaces the factor of a shape in a step.
    public mutating func setFactor(_ factor: Double, of shape: Int, at step: Int) {
        factors[shape * steps + step] = factor
    }
}
