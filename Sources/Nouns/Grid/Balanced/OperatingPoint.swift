/// The state of the wires in one step, as solved: SI units, one value a bus or branch in the network's order.
public struct OperatingPoint: Hashable, Sendable {
    /// How the solution of the network equations ended.
    public enum Status: String, Hashable, Sendable {
        case converged
        /// Solved, but some buses have no path to a source: these are de-energised, at 0 V.
        case islanded
        /// No solution was found, and none was ruled out; every value is zero.
        case diverged
        /// The same, after the allowed number of iterations.
        case iterationLimit = "iteration-limit"
        /// There is no solution: followed from no load, voltages fell to the nose of their curve before the
        /// injections were reached (`loadability`). Every value is zero.
        case voltageCollapse = "voltage-collapse"

        /// Whether the values are those of a solution.
        public var isSolved: Bool { self == .converged || self == .islanded }
    }

    public var status: Status
    public var iterations: Int
    /// Largest bus power mismatch, as a fraction of the network's base power.
    public var mismatch: Double
    /// |V| line-to-line; 0 on a de-energised bus.
    public var voltage: [Voltage]
    /// Angle against the source, rad.
    public var angle: [Double]
    /// Power entering each branch at `from`, and at `to`; their sum is the branch's loss.
    public var powerFrom: [Power]
    public var powerTo: [Power]
    public var reactiveFrom: [ReactivePower]
    public var reactiveTo: [ReactivePower]
    /// The larger of the currents at the two ends.
    public var current: [Current]
    /// What the sources together give to the network.
    public var sourcePower: Power
    public var sourceReactive: ReactivePower
    /// What each regulator of the network gives beyond what is injected at its bus; active power only as its
    /// part of a shared remainder.
    public var regulatorPower: [Power]
    public var regulatorReactive: [ReactivePower]
    /// Load at de-energised buses: what they would take, the sum over those that take.
    public var unserved: Power
    /// After `voltageCollapse`: the part of the injections, 0…1, at the nose, and the bus whose voltage falls
    /// fastest there.
    public var loadability: Double?
    public var weakestBus: Int?
    /// Sum over branches of I²R and of what their shunt conductances take, from currents and voltages.
    public var losses: Power

    public init(buses: Int, branches: Int, regulators: Int = 0) {
        status = .diverged
        iterations = 0
        mismatch = 0
        voltage = Array(repeating: .zero, count: buses)
        angle = Array(repeating: 0, count: buses)
        powerFrom = Array(repeating: .zero, count: branches)
        powerTo = Array(repeating: .zero, count: branches)
        reactiveFrom = Array(repeating: .zero, count: branches)
        reactiveTo = Array(repeating: .zero, count: branches)
        current = Array(repeating: .zero, count: branches)
        sourcePower = .zero
        sourceReactive = .zero
        regulatorPower = Array(repeating: .zero, count: regulators)
        regulatorReactive = Array(repeating: .zero, count: regulators)
        unserved = .zero
        losses = .zero
    }
}
