// Behind the ideal transformer t = ratio·e^(j·shift) at `from` stands the voltage V(from)/t; the current
// there is conj(t) times that at `from`. With y the series admittance and h half the shunt,
//
//     I(from) = (y + h)/|t|²·V(from) − y/conj(t)·V(to)
//     I(to)   = −y/t·V(from) + (y + h)·V(to)

import Glibc
import Grid
import LinearAlgebra

/// A branch as seen from its two ends, p.u.: the currents that flow into it are these times the voltages.
struct TwoPort {
    let from: Complex
    let fromTo: Complex
    let toFrom: Complex
    let to: Complex

    init(_ branch: PerUnitNetwork.Branch) {
        let series = branch.seriesAdmittance
        let inverse = branch.inverseTurns
        to = series + branch.halfShunt
        from = to * inverse.squared
        toFrom = -series * inverse
        fromTo = -series * inverse.conjugate
    }
}

extension PerUnitNetwork.Branch {
    var seriesAdmittance: Complex { Complex(1, 0) / Complex(resistance, reactance) }
    var halfShunt: Complex { Complex(shuntConductance / 2, charging / 2) }
    /// 1/t.
    var inverseTurns: Complex { Complex.turn(by: -shift) * (1 / ratio) }
}

extension Complex {
    /// e^(j·angle).
    static func turn(by angle: Double) -> Complex {
        angle == 0 ? Complex(1, 0) : Complex(cos(angle), sin(angle))
    }
}
