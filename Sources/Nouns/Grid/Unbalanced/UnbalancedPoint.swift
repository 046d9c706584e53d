/// The state of an unbalanced feeder, as solved. What comes by phase stands at 3·index + phase of its bus or
/// branch, and is zero where there is no such phase.
public struct UnbalancedPoint: Hashable, Sendable {
    public var status: OperatingPoint.Status
    /// Sweeps, over all positions of the taps on the way.
    public var iterations: Int
    /// Bound of the largest power mismatch of a load or shunt, as a fraction of a phase's base power.
    public var mismatch: Double
    /// |V| against earth, and its angle, rad.
    public var voltage: [Voltage]
    public var angle: [Double]
    /// Entering each branch at `from`.
    public var power: [Power]
    public var reactive: [ReactivePower]
    public var current: [Current]
    /// Rad.
    public var currentAngle: [Double]
    /// One a branch: what returns beside its phases at `from`, through neutral and earth: |Ia + Ib + Ic|.
    public var returning: [Current]
    /// One a branch: power lost in it.
    public var loss: [Power]
    /// Three values: what the source gives.
    public var sourcePower: [Power]
    public var sourceReactive: [ReactivePower]
    /// One for each control of the network.
    public var taps: [Int]
    /// Load at buses without a path to the source: what they would take.
    public var unserved: Power

    public init(buses: Int, branches: Int, taps: [Int]) {
        status = .diverged
        iterations = 0
        mismatch = 0
        voltage = Array(repeating: .zero, count: 3 * buses)
        angle = Array(repeating: 0, count: 3 * buses)
        power = Array(repeating: .zero, count: 3 * branches)
        reactive = Array(repeating: .zero, count: 3 * branches)
        current = Array(repeating: .zero, count: 3 * branches)
        currentAngle = Array(repeating: 0, count: 3 * branches)
        returning = Array(repeating: .zero, count: branches)
        loss = Array(repeating: .zero, count: branches)
        sourcePower = Array(repeating: .zero, count: 3)
        sourceReactive = Array(repeating: .zero, count: 3)
        self.taps = taps
        unserved = .zero
    }

    /// Sum over the branches.
    public var losses: Power { loss.reduce(.zero, +) }
}
