public import Grid

/// The voltages and taps of a feeder over many steps.
public struct UnbalancedSeries: Hashable, Sendable {
    /// Number of steps.
    public let steps: Int
    /// How each step ended, and after how many sweeps. In a step without a solution voltages are zero, and
    /// the taps stay where the search left them.
    public internal(set) var status: [OperatingPoint.Status]
    /// Sweeps in each step, those between moves of the taps included.
    public internal(set) var iterations: [Int]
    /// Step after step and cell after cell: real and imaginary part.
    var voltages: [Double]
    /// Step after step, one a control.
    var taps: [Int16]
    /// For how many steps each control's voltage has been outside its band; with the tap, its whole state.
    var waited: [Int32]
    private let cells: [Int?]
    let cellCount: Int
    let controls: Int

    init(_ tree: PhaseTree, controls: Int, steps: Int) {
        self.steps = steps
        self.controls = controls
        cells = tree.cells
        cellCount = tree.cellCount
        status = Array(repeating: .diverged, count: steps)
        iterations = Array(repeating: 0, count: steps)
        voltages = Array(repeating: 0, count: 2 * cellCount * steps)
        taps = Array(repeating: 0, count: controls * steps)
        waited = Array(repeating: 0, count: controls * steps)
    }

    /// Of one phase against earth, as fractions of the bus's nominal: real and imaginary part. Zero where the
    /// bus has no such phase or no path to the source.
    public func voltage(bus: Int, phase: Int, step: Int) -> (real: Double, imaginary: Double) {
        guard let cell = cells[3 * bus + phase] else { return (0, 0) }
        let at = 2 * (step * cellCount + cell)
        return (voltages[at], voltages[at + 1])
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
