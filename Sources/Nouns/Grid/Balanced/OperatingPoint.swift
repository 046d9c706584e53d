/// The solved state of a network in one step: SI units, one value a bus or branch in the network's order.
public struct OperatingPoint: Hashable, Sendable {
    /// How the solution of the network equations ended.
    public enum Status: String, Hashable, Sendable {
        /// Solved, with every bus energised.
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

    /// How the solution ended.
    public var status: Status
    /// Iterations of the method that solved the equations.
    public var iterations: Int
    /// Largest bus power mismatch, as a fraction of the network's base power.
    public var mismatch: Double
    /// |V| of each bus, line-to-line; 0 on a de-energised bus.
    public var voltage: [Voltage]
    /// Angle of each bus's voltage, rad; that of a source is given.
    public var angle: [Double]
    /// Active power that enters each branch at `from`.
    public var powerFrom: [Power]
    /// Active power that enters each branch at `to`; the sum with `powerFrom` is the branch's loss.
    public var powerTo: [Power]
    /// Reactive power that enters each branch at `from`.
    public var reactiveFrom: [ReactivePower]
    /// Reactive power that enters each branch at `to`.
    public var reactiveTo: [ReactivePower]
    /// The larger of the currents at the two ends of each branch.
    public var current: [Current]
    /// Active power that the sources together give to the network.
    public var sourcePower: Power
    /// Reactive power that the sources together give to the network.
    public var sourceReactive: ReactivePower
    /// Active power that each regulator gives beyond what is injected at its bus: its part of a shared
    /// remainder.
    public var regulatorPower: [Power]
    /// Reactive power that each regulator gives beyond what is injected at its bus.
    public var regulatorReactive: [ReactivePower]
    /// Load at de-energised buses: what they would take, the sum over those that take.
    public var unserved: Power
    /// After `voltageCollapse`, the part of the injections, 0…1, at the nose; else nil.
    public var loadability: Double?
    /// After `voltageCollapse`, the bus whose voltage falls fastest at the nose; else nil.
    public var weakestBus: Int?
    /// Sum over branches of I²R and of what their shunt conductances take, from currents and voltages.
    public var losses: Power

    /// A point of this size that is not solved yet: `diverged`, every value zero.
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
