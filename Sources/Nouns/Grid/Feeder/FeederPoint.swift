public import LinearAlgebra

/// The solved state of a `Feeder`. Complex voltages are in V, currents in A, powers in VA, effective values.
public struct FeederPoint: Hashable, Sendable {
    /// How the solution ended.
    public var status: OperatingPoint.Status
    /// Number of iterations, over all positions of the controls on the way.
    public var iterations = 0
    /// Upper bound of the largest power mismatch of a load or shunt, as a fraction of ⅓ MVA.
    public var mismatch = 0.0
    /// Against earth, by node of `Feeder.nodes`; zero without a path to a source.
    public var voltage: [Complex]
    /// Into each line at its `from` end, by conductor.
    public var lineFrom: [[Complex]] = []
    /// Into each line at its `to` end, by conductor.
    public var lineTo: [[Complex]] = []
    /// Into each winding of each transformer at `plus`, by phase.
    public var winding: [[[Complex]]] = []
    /// Given by each source.
    public var sourcePower: [Complex] = []
    /// Lost in each line.
    public var lineLoss: [Power] = []
    /// Lost in each transformer.
    public var transformerLoss: [Power] = []
    /// Taken by the resistance of all shunts.
    public var shuntLoss: Power = .zero
    /// Given by each inverter.
    public var inverterPower: [Complex] = []
    /// Tap of the winding of each tap control.
    public var taps: [Double]
    /// Steps of each tap control from the middle of its range.
    public var positions: [Int]
    /// Closed steps of the shunt of each shunt control.
    public var closed: [Int]
    /// Load at conductors without a path to a source: what it would take.
    public var unserved: Power = .zero

    /// A point of a feeder that is not solved yet: `diverged`, all voltages zero.
    public init(nodes: Int, taps: [Double], positions: [Int], closed: [Int]) {
        status = .diverged
        voltage = Array(repeating: .zero, count: nodes)
        self.taps = taps
        self.positions = positions
        self.closed = closed
    }

    /// Power lost in lines, transformers and shunts.
    public var losses: Power { (lineLoss + transformerLoss).reduce(shuntLoss, +) }
}
