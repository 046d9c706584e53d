// The linear (DC) power flow: magnitudes stay, losses are nothing, and a branch of reactance x carries the
// difference of its angles over x. The admittance −y of a link at the voltages at hand, T(k,j) =
// v(k)·conj(Y(k,j)·v(j)), has all that is needed: with g + jb the mean of T(k,j) and T(j,k), 1/x is −|T|²/b,
// and half the difference of their real parts is what already flows, as behind a phase shifter.

import LinearAlgebra

extension PowerEquations {
    /// A branch of less reactance than this part of its impedance is taken to have as much.
    private static let leastReactance = 0.3

    /// Writes the equations of angles alone, in place of `evaluate`.
    func evaluateLinearly() {
        clearFills()
        for k in nodes.indices {
            nodes[k].power = .zero
            for part in 0..<4 { jacobian.diagonal[4 * k + part] = 0 }
        }
        for k in nodes.indices {
            for link in admittances.column(k) {
                let row = Int(link.row)
                let product = nodes[row].voltage * nodes[k].voltage.conjugate
                let (below, above) = (link.below.conjugate * product, (link.above * product).conjugate)
                let mean = (below + above) * 0.5
                let least = Self.leastReactance * mean.magnitude
                let b =
                    mean.imaginary.magnitude > least ? mean.imaginary : (mean.imaginary > 0 ? least : -least)
                let slope = mean.squared / b
                let flow = (below.real - above.real) / 2
                nodes[row].power.real += flow
                nodes[k].power.real -= flow
                let (p, q) = (nodes[row].balancesActive, nodes[k].balancesActive)
                let entry = 8 * Int(link.entry)
                for part in 0..<8 { jacobian.entries[entry + part] = 0 }
                jacobian.entries[entry + 1] = p * slope
                jacobian.entries[entry + 5] = q * slope
                jacobian.diagonal[4 * row + 1] -= p * slope
                jacobian.diagonal[4 * k + 1] -= q * slope
            }
        }
        for k in nodes.indices {
            let active = nodes[k].balancesActive
            jacobian.diagonal[4 * k + 1] += 1 - active
            jacobian.diagonal[4 * k + 2] = max(jacobian.diagonal[4 * k + 1].magnitude, 1)
            leftOver[2 * k] = active * surplus(k).real
            leftOver[2 * k + 1] = 0
        }
    }
}
