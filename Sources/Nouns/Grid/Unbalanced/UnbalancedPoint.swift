/// The solved state of an unbalanced feeder. What comes by phase stands at 3·index + phase of its bus or
/// branch, and is zero where there is no such phase.
public struct UnbalancedPoint: Hashable, Sendable {
    /// How the solution ended.
    public var status: OperatingPoint.Status
    /// Number of sweeps, over all positions of the taps on the way.
    public var iterations: Int
    /// Upper bound of the largest power mismatch of a load or shunt, as a fraction of a phase's base power.
    public var mismatch: Double
    /// |V| against earth, by bus and phase.
    public var voltage: [Voltage]
    /// Angle of the voltage, rad, by bus and phase.
    public var angle: [Double]
    /// Active power that enters at `from`, by branch and phase.
    public var power: [Power]
    /// Reactive power that enters at `from`, by branch and phase.
    public var reactive: [ReactivePower]
    /// Size of the current at `from`, by branch and phase.
    public var current: [Current]
    /// Angle of that current, rad, by branch and phase.
    public var currentAngle: [Double]
    /// Current that returns through neutral and earth at `from`, one value a branch: |Ia + Ib + Ic|.
    public var returning: [Current]
    /// Power lost, one value a branch.
    public var loss: [Power]
    /// Active power that the source gives on a, b and c.
    public var sourcePower: [Power]
    /// Reactive power that the source gives on a, b and c.
    public var sourceReactive: [ReactivePower]
    /// Position of the tap of each control of the network.
    public var taps: [Int]
    /// Load at buses without a path to the source: what they would take.
    public var unserved: Power

    /// A point of this size that is not solved yet: `diverged`, every value but the taps zero.
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

    /// Power lost in all branches.
    public var losses: Power { loss.reduce(.zero, +) }
}
