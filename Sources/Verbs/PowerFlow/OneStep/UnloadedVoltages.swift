// Without load the currents into every bus sum to nothing, Σ Y(k,j)·v(j) = 0, which is linear: one solution
// gives all voltages where no bus but the sources is held. Of the many voltages for which powers balance
// without load (|v| = 0 is always among them) it is the one that the network takes.

import LinearAlgebra

extension PowerEquations {
    /// The voltages without load where the held buses keep the voltages they have, by place. Nil where that
    /// is singular.
    func unloadedVoltages() -> [Complex]? {
        clearFills()
        for k in nodes.indices {
            let isFree = nodes[k].balancesReactive
            write(nodes[k].selfAdmittance * isFree + Complex(1 - isFree, 0), jacobian.diagonal, at: 4 * k)
            for link in admittances.column(k) {
                let entry = 8 * Int(link.entry)
                write(link.below * nodes[Int(link.row)].balancesReactive, jacobian.entries, at: entry)
                write(link.above * isFree, jacobian.entries, at: entry + 4)
            }
            let held = nodes[k].voltage * (1 - isFree)
            leftOver[2 * k] = held.real
            leftOver[2 * k + 1] = held.imaginary
        }
        guard factorLinear() else { return nil }
        solve(leftOver)
        let voltages = nodes.indices.map { Complex(leftOver[2 * $0], leftOver[2 * $0 + 1]) }
        return voltages.allSatisfy { $0.squared.isFinite } ? voltages : nil
    }

    /// Multiplication by y, for real and imaginary part.
    private func write(_ y: Complex, _ blocks: UnsafeMutableBufferPointer<Double>, at entry: Int) {
        blocks[entry] = y.real
        blocks[entry + 1] = -y.imaginary
        blocks[entry + 2] = y.imaginary
        blocks[entry + 3] = y.real
    }
}
