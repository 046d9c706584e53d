public import Grid
import Lanes
import LinearAlgebra

/// What a planner asks of a whole series: lowest and highest voltages, largest currents and loadings, energy
/// lost and drawn. It grows with the feeder, not with the number of steps.
public final class FeederExtremes {
    /// Number of steps with a solution, and of all.
    public private(set) var solved = 0
    /// Number of steps.
    public private(set) var steps = 0
    /// Wh lost in lines and in the windings and iron of transformers.
    public private(set) var energyLost = 0.0
    /// Wh that sources gave.
    public private(set) var energyGiven = 0.0
    /// Largest loss of a step, W.
    public private(set) var largestLoss = 0.0
    private let interval: Double
    private let feeder: Feeder
    private var low: [Lanes] = []
    private var high: [Lanes] = []
    private var lines: [FeederLosses.Part] = []
    private var currents: [[Lanes]] = []
    private var transformers: [FeederLosses.Part] = []
    private var loadings: [Lanes] = []

    /// For a feeder in steps of `interval`, s.
    public init(_ feeder: Feeder, interval: Double) {
        self.feeder = feeder
        self.interval = interval
    }

    /// Takes some steps of a series of this feeder in.
    public func add(_ states: FeederStates) {
        if low.isEmpty { prepare(states) }
        var mask = SIMD8<Int64>.zero
        for (lane, step) in states.steps.enumerated() where states.isSolved(step) { mask[lane] = -1 }
        steps += states.steps.count
        solved += states.steps.count { states.isSolved($0) }
        let cells = states.solver.cells
        for (node, unknown) in states.unknowns.enumerated() {
            guard let unknown else { continue }
            let square = FeederLosses.square(
                cells[states.slots[unknown]], states.plan.solution[unknown])
            low[node] = smaller(low[node], square.kept(where: mask, else: Lanes(repeating: .infinity)))
            high[node] = larger(high[node], square.kept(where: mask))
        }
        let lost = states.seriesLosses
        for (line, part) in lines.enumerated() {
            for (place, row) in part.rows.enumerated() {
                let size = FeederLosses.square(cells[row.slot], row.base).kept(where: mask)
                currents[line][place] = larger(currents[line][place], size)
            }
        }
        for (index, part) in transformers.enumerated() {
            for row in part.rows {
                let size = FeederLosses.square(cells[row.slot], row.base).kept(where: mask)
                loadings[index] = larger(loadings[index], size * (part.scale * part.scale))
            }
        }
        for (lane, step) in states.steps.enumerated() where states.isSolved(step) {
            let iron = feeder.transformers.indices.reduce(0) { $0 + states.ironLoss(transformer: $1, step) }
            largestLoss = max(largestLoss, lost[lane] + iron)
            energyLost += (lost[lane] + iron) * interval / 3600
            let given = feeder.sources.indices.reduce(0) { $0 + states.power(source: $1, step).real }
            energyGiven += given * interval / 3600
        }
    }

    private func prepare(_ states: FeederStates) {
        low = Array(repeating: Lanes(repeating: .infinity), count: states.nodes.count)
        high = Array(repeating: .zero, count: states.nodes.count)
        lines = states.series.lines
        transformers = states.series.transformers
        currents = lines.map { $0.rows.map { _ in .zero } }
        loadings = transformers.map { _ in .zero }
    }

    // MARK: Results

    /// Lowest and highest |V| of a node of `Feeder.nodes`, as fractions of its bus's nominal phase voltage;
    /// nil where it was never supplied.
    public func voltage(_ node: Int) -> ClosedRange<Double>? {
        guard low.indices.contains(node), low[node].min().isFinite else { return nil }
        return low[node].min().squareRoot()...high[node].max().squareRoot()
    }

    /// Largest current of any conductor of a line, A, without its charging.
    public func current(line: Int) -> Double {
        guard lines.indices.contains(line) else { return 0 }
        return lines[line].scale * (currents[line].map { $0.max() }.max() ?? 0).squareRoot()
    }

    /// Largest current of a line over its rating; nil where that is unknown.
    public func loading(line: Int) -> Double? {
        feeder.lines[line].rating.map { current(line: line) / $0.value }
    }

    /// Largest current of any winding of a transformer but the first, as a fraction of that of its limit.
    public func loading(transformer: Int) -> Double {
        loadings.indices.contains(transformer) ? loadings[transformer].max().squareRoot() : 0
    }
}
