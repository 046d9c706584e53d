public import Grid
import Lanes
import LinearAlgebra

/// What a planner asks of a whole series: lowest and highest voltages, largest currents and loadings, energy
/// lost and drawn. It grows with the feeder, not with the number of steps.
///
/// ```swift
/// let extremes = FeederExtremes(feeder)
/// series.solve(demand) { extremes.add($0) }
/// ```
public final class FeederExtremes {
    private struct Row {
        let slot: Int
        /// Value without load.
        let base: Complex
    }

    private struct Part {
        let rows: [Row]
        /// Loss of a square of currents, W: real part of the impedance, row by row.
        let resistance: [Double]
        /// A, or fractions of the rating, of one per unit.
        let scale: Double
    }

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
    private var lines: [Part] = []
    private var currents: [[Lanes]] = []
    private var transformers: [Part] = []
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
            let square = Self.square(
                cells[states.slots[unknown]], states.plan.solution[unknown])
            low[node] = smaller(low[node], square.kept(where: mask, else: Lanes(repeating: .infinity)))
            high[node] = larger(high[node], square.kept(where: mask))
        }
        var lost = Lanes.zero
        for (line, part) in lines.enumerated() {
            for (place, row) in part.rows.enumerated() {
                let size = Self.square(cells[row.slot], row.base).kept(where: mask)
                currents[line][place] = larger(currents[line][place], size)
            }
            lost += Self.loss(part, cells)
        }
        for (index, part) in transformers.enumerated() {
            for row in part.rows {
                let size = Self.square(cells[row.slot], row.base).kept(where: mask)
                loadings[index] = larger(loadings[index], size * (part.scale * part.scale))
            }
            lost += Self.loss(part, cells)
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
        let system = states.plan.system
        low = Array(repeating: Lanes(repeating: .infinity), count: states.nodes.count)
        high = Array(repeating: .zero, count: states.nodes.count)
        func row(_ unknown: Int) -> Row {
            Row(slot: states.slots[unknown], base: states.plan.solution[unknown])
        }
        for (index, line) in feeder.lines.enumerated() {
            let amperes = FeederSystem.basePower / feeder.buses[line.from.bus].nominalPhaseVoltage
            let places = system.lineRows[index].indices.filter { system.lineRows[index][$0] != nil }
            lines.append(
                Part(
                    rows: places.map { row(system.lineRows[index][$0]!) },
                    resistance: places.flatMap { i in
                        places.map { line.impedance[i, $0].real * amperes * amperes }
                    }, scale: amperes))
            currents.append(places.map { _ in .zero })
        }
        for (index, transformer) in feeder.transformers.enumerated() {
            loadings.append(.zero)
            guard let first = system.transformerRows[index] else {
                transformers.append(Part(rows: [], resistance: [], scale: 0))
                continue
            }
            let (others, phases) = (transformer.windings.count - 1, transformer.windings[0].pairs.count)
            let power = transformer.rating.value / Double(phases)
            let share = FeederSystem.basePower / power
            let count = others * phases
            transformers.append(
                Part(
                    rows: (0..<count).map { row(first + $0) },
                    resistance: (0..<count * count).map { at in
                        let (i, j) = (at / count, at % count)
                        guard i / others == j / others else { return 0 }
                        return transformer.impedance(i % others, j % others).real * power * share * share
                    },
                    scale: share * transformer.rating.value / (transformer.limit ?? transformer.rating).value
                ))
        }
    }

    private static func square(_ cell: PortSolver.Cell, _ base: Complex) -> Lanes {
        let (re, im) = (cell.real + base.real, cell.imaginary + base.imaginary)
        return .fused(im, im, re * re)
    }

    private static func loss(_ part: Part, _ cells: UnsafeMutableBufferPointer<PortSolver.Cell>) -> Lanes {
        var sum = Lanes.zero
        let count = part.rows.count
        for (i, a) in part.rows.enumerated() {
            let (ar, ai) = (cells[a.slot].real + a.base.real, cells[a.slot].imaginary + a.base.imaginary)
            for (j, b) in part.rows.enumerated() where part.resistance[i * count + j] != 0 {
                let (br, bi) = (cells[b.slot].real + b.base.real, cells[b.slot].imaginary + b.base.imaginary)
                sum += (ar * br + ai * bi) * part.resistance[i * count + j]
            }
        }
        return sum
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
