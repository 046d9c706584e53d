// How the gaps of a `Compensation` answer its unknowns on trees: one walk up and down for each unknown, the
// currents it draws being all there are. The buses' own currents, which answer in turn, are left out, because
// voltages move at once and they answer in the same sweep; what counts is the voltages at which reactive
// power becomes current and |v| is measured.

import Grid
import LinearAlgebra

/// The response of the gaps of a `Compensation` to its unknowns.
struct CompensationMatrix {
    /// K: a row for each gap, a column for each unknown.
    let values: Matrix

    /// `voltage` by position.
    init(_ tree: SweepTree, at voltage: [Complex]) {
        let (chords, regulators) = (tree.chords, tree.regulators)
        let count = 2 * chords.count + regulators.count
        var matrix = Matrix(rows: count, columns: count)
        for column in 0..<count {
            var current = [Complex](repeating: .zero, count: tree.nodes.count)
            var own = Complex.zero
            if column < 2 * chords.count {
                own = column % 2 == 0 ? Complex(1, 0) : Complex(0, 1)
                current[chords[column / 2].from] += own
                current[chords[column / 2].to] -= own
            } else {
                // The power jq at v takes the current −conj(jq/v).
                let position = regulators[column - 2 * chords.count].position
                current[position] = -(Complex(0, 1) / voltage[position]).conjugate
            }
            let rise = tree.scaled.voltageRise(drawing: current)
            for (index, chord) in chords.enumerated() {
                var gap = rise[chord.from] - rise[chord.to]
                if column / 2 == index { gap -= chord.impedance * own }
                matrix[2 * index, column] = gap.real
                matrix[2 * index + 1, column] = gap.imaginary
            }
            for (index, regulator) in regulators.enumerated() {
                let v = voltage[regulator.position]
                let change = (v.conjugate * rise[regulator.position]).real
                matrix[2 * chords.count + index, column] = change / v.magnitude
            }
        }
        values = matrix
    }

    /// Each source's voltage all over its tree.
    static func idleVoltages(_ tree: SweepTree) -> [Complex] {
        var voltage = [Complex](repeating: .zero, count: tree.nodes.count)
        for source in tree.sources { voltage[source.position] = source.voltage }
        for (position, node) in tree.nodes.enumerated() where node.parent >= 0 {
            voltage[position] = voltage[Int(node.parent)]
        }
        return voltage
    }
}

extension Matrix {
    /// −A⁻¹ of the matrix without some rows and the same columns, with zeros in their place; row by row. Nil
    /// where it is singular.
    func negativeInverse(without left: [Int]) -> [Double]? {
        let kept = (0..<rows).filter { !left.contains($0) }
        var part = Matrix(rows: kept.count, columns: kept.count)
        for (column, j) in kept.enumerated() {
            for (row, i) in kept.enumerated() { part[row, column] = self[i, j] }
        }
        guard let inverse = part.inverse() else { return nil }
        var full = [Double](repeating: 0, count: rows * rows)
        for (column, j) in kept.enumerated() {
            for (row, i) in kept.enumerated() { full[i * rows + j] = -inverse[row, column] }
        }
        return full
    }
}
