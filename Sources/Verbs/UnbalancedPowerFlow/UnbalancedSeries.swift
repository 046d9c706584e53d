public import Grid
import LinearAlgebra

/// The voltages and taps of a three-phase network over many steps.
public struct UnbalancedSeries: Hashable, Sendable {
    /// Number of steps.
    public let steps: Int
    /// How each step ended. In a step without a solution voltages are zero, and taps stay where the search
    /// left them.
    public internal(set) var status: [OperatingPoint.Status]
    /// Iterations in each step, those between moves of the taps included.
    public internal(set) var iterations: [Int]
    /// Step after step and cell after cell: real and imaginary part, V.
    var voltages: [Double]
    /// Step after step, one a control.
    var taps: [Int16]
    /// By 3·bus + phase: the node of the feeder.
    private let cells: [Int?]
    private let scale: [Double]
    let cellCount: Int
    let controls: Int

    init(_ network: UnbalancedNetwork, _ nodes: [Feeder.Node], steps: Int) {
        self.steps = steps
        controls = network.controls.count
        var cells = [Int?](repeating: nil, count: 3 * network.buses.count)
        for (index, node) in nodes.enumerated() where node.conductor <= 3 {
            cells[3 * node.bus + node.conductor - 1] = index
        }
        self.cells = cells
        scale = network.buses.map { 1 / $0.nominalPhaseVoltage }
        cellCount = nodes.count
        status = Array(repeating: .diverged, count: steps)
        iterations = Array(repeating: 0, count: steps)
        voltages = Array(repeating: 0, count: 2 * cellCount * steps)
        taps = Array(repeating: 0, count: controls * steps)
    }

    /// Of one phase against earth, as fractions of the bus's nominal: real and imaginary part. Zero where the
    /// bus has no such phase or no path to the source.
    public func voltage(bus: Int, phase: Int, step: Int) -> (real: Double, imaginary: Double) {
        guard let cell = cells[3 * bus + phase] else { return (0, 0) }
        let at = 2 * (step * cellCount + cell)
        return (voltages[at] * scale[bus], voltages[at + 1] * scale[bus])
    }

    /// |V| of one phase against earth as a fraction of the bus's nominal; 0 where there is no such phase or
    /// no path to the source.
    public func magnitude(bus: Int, phase: Int, step: Int) -> Double {
        let v = voltage(bus: bus, phase: phase, step: step)
        return (v.real * v.real + v.imaginary * v.imaginary).squareRoot()
    }

    /// Where a control of `UnbalancedNetwork.controls` stands at the end of the step.
    public func tap(_ control: Int, step: Int) -> Int { Int(taps[step * controls + control]) }
}
