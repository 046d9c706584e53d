import Foundation
import Grid
import LinearAlgebra

/// Kirchhoff's laws written out for a network in SI units, from the definition of a branch, knowing nothing
/// of how the solvers see it.
struct NetworkOracle {
    let network: Network

    /// What each bus gives to the network at `voltage`, line-to-line over √3 as in one phase, times three:
    /// VA.
    func given(at voltage: [Complex]) -> [Complex] {
        var given = [Complex](repeating: .zero, count: voltage.count)
        for (bus, description) in network.buses.enumerated() {
            let y = Complex(description.shuntConductance, description.shuntSusceptance)
            given[bus] += y.conjugate * voltage[bus].squared
        }
        for branch in network.branches where branch.isClosed {
            let nominal = network.buses[branch.from].nominalVoltage / network.buses[branch.to].nominalVoltage
            let size = branch.ratio * nominal
            let turn = Complex(size * cos(branch.phaseShift), size * sin(branch.phaseShift))
            let behind = voltage[branch.from] / turn
            let far = voltage[branch.to]
            let series = (behind - far) / Complex(branch.resistance.value, branch.reactance.value)
            let half = Complex(branch.shuntConductance / 2, branch.charging / 2)
            // The ideal transformer keeps power: what enters behind it enters at `from`.
            given[branch.from] += behind * (series + half * behind).conjugate
            given[branch.to] += far * (half * far - series).conjugate
        }
        return given
    }
}
