import Grid
import Lanes
import LinearAlgebra

/// The currents of lines and transformers, and what these lose, in eight steps at a time.
struct FeederLosses {
    /// A current among the unknowns.
    struct Row {
        let slot: Int
        /// Value without load.
        let base: Complex
    }

    /// A line, or the series impedances of a transformer.
    struct Part {
        let rows: [Row]
        /// Loss of a square of currents, W: real part of the impedance, row by row.
        let resistance: [Double]
        /// A, or fractions of the rating, of one per unit.
        let scale: Double
    }

    let lines: [Part]
    let transformers: [Part]
    /// Lines whose shunt admittance takes power.
    let leakyLines: [Int]

    init(_ plan: PortPlan, _ slots: [Int]) {
        let (system, feeder) = (plan.system, plan.system.feeder)
        func row(_ unknown: Int) -> Row { Row(slot: slots[unknown], base: plan.solution[unknown]) }
        lines = feeder.lines.enumerated().map { index, line in
            let amperes = FeederSystem.basePower / feeder.buses[line.from.bus].nominalPhaseVoltage
            let places = system.lineRows[index].indices.filter { system.lineRows[index][$0] != nil }
            return Part(
                rows: places.map { row(system.lineRows[index][$0]!) },
                resistance: places.flatMap { i in
                    places.map { line.impedance[i, $0].real * amperes * amperes }
                }, scale: amperes)
        }
        transformers = feeder.transformers.enumerated().map { index, transformer in
            guard let first = system.transformerRows[index] else {
                return Part(rows: [], resistance: [], scale: 0)
            }
            let (others, phases) = (transformer.windings.count - 1, transformer.windings[0].pairs.count)
            let power = transformer.rating.value / Double(phases)
            let share = FeederSystem.basePower / power
            let count = others * phases
            return Part(
                rows: (0..<count).map { row(first + $0) },
                resistance: (0..<count * count).map { at in
                    let (i, j) = (at / count, at % count)
                    guard i / others == j / others else { return 0 }
                    return transformer.impedance(i % others, j % others).real * power * share * share
                },
                scale: share * transformer.rating.value / (transformer.limit ?? transformer.rating).value)
        }
        leakyLines = feeder.lines.indices.filter { index in
            feeder.lines[index].admittance.elements.contains { $0.real != 0 }
        }
    }

    /// Lost in the series impedances, W.
    func series(_ cells: UnsafeMutableBufferPointer<PortSolver.Cell>) -> Lanes {
        var sum = Lanes.zero
        for part in lines { sum += Self.loss(part, cells) }
        for part in transformers { sum += Self.loss(part, cells) }
        return sum
    }

    private static func loss(_ part: Part, _ cells: UnsafeMutableBufferPointer<PortSolver.Cell>) -> Lanes {
        var sum = Lanes.zero
        let count = part.rows.count
        for i in 0..<count {
            let a = part.rows[i]
            let (ar, ai) = (cells[a.slot].real + a.base.real, cells[a.slot].imaginary + a.base.imaginary)
            for j in 0..<count where part.resistance[i * count + j] != 0 {
                let b = part.rows[j]
                let (br, bi) = (cells[b.slot].real + b.base.real, cells[b.slot].imaginary + b.base.imaginary)
                sum += (ar * br + ai * bi) * part.resistance[i * count + j]
            }
        }
        return sum
    }

    /// Square of a current.
    static func square(_ cell: PortSolver.Cell, _ base: Complex) -> Lanes {
        let (re, im) = (cell.real + base.real, cell.imaginary + base.imaginary)
        return .fused(im, im, re * re)
    }
}
