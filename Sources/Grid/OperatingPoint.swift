/// The state of the wires in one step, as solved: SI units, one value a bus or branch in the network's order.
public struct OperatingPoint: Hashable, Sendable {
    /// How the solution of the network equations ended.
    public enum Status: String, Hashable, Sendable {
        case converged
        /// No solution was found in the allowed iterations; every value is zero.
        case diverged
        /// Solved, but some buses have no path to the source: these are de-energised, at 0 V.
        case islanded
    }

    public var status: Status
    public var iterations: Int
    /// Largest bus power mismatch, fraction of the base power.
    public var mismatch: Double
    /// |V| line-to-line; 0 on a de-energised bus.
    public var voltage: [Voltage]
    /// Angle against the source, rad.
    public var angle: [Double]
    /// Power entering each branch at `from`, and at `to`; their sum is the branch's loss.
    public var powerFrom: [Power]
    public var powerTo: [Power]
    /// The larger of the currents at the two ends.
    public var current: [Current]
    /// What the source gives to the network.
    public var sourcePower: Power
    public var sourceReactive: ReactivePower
    /// Sum over branches of I²R, from the currents.
    public var losses: Power

    public init(buses: Int, branches: Int) {
        status = .diverged
        iterations = 0
        mismatch = 0
        voltage = Array(repeating: .zero, count: buses)
        angle = Array(repeating: 0, count: buses)
        powerFrom = Array(repeating: .zero, count: branches)
        powerTo = Array(repeating: .zero, count: branches)
        current = Array(repeating: .zero, count: branches)
        sourcePower = .zero
        sourceReactive = .zero
        losses = .zero
    }
}
