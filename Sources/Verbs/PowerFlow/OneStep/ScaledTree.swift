// A tree needs no transformer ratios. An ideal transformer, also one that turns, changes only the unit of
// voltage behind it. So each bus is measured in a unit of its own: with v = unit·w, and unit(from) =
// ratio·e^(j·shift)·unit(to) across a branch, currents become conj(unit)·i, impedances z/|unit|² and
// admittances y·|unit|², powers stay, and every ratio is 1.

import Grid
import LinearAlgebra

/// The trees of a live network, every bus with its own unit of voltage; by position, p.u.
struct ScaledTree {
    let unit: [Complex]
    /// Of the branch from the parent.
    private(set) var impedance: [Complex]
    /// To earth: the bus's own, and half that of every branch that ends here.
    private(set) var shunt: [Complex]

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let unit = Self.units(live, network)
        self.unit = unit
        impedance = Array(repeating: .zero, count: live.buses.count)
        shunt = live.buses.enumerated().map { position, bus in
            Complex(network.shuntConductance[bus], network.shuntSusceptance[bus]) * unit[position].squared
        }
        for index in live.branches {
            let branch = network.branches[index]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            let square = unit[to].squared
            let half = branch.halfShunt * square
            shunt[from] += half
            shunt[to] += half
            let away = live.parentBranches[to] == index ? to : from
            guard live.parentBranches[away] == index else { continue }
            impedance[away] = Complex(branch.resistance, branch.reactance) * (1 / square)
        }
    }

    /// A source's unit is 1.
    private static func units(_ live: LiveNetwork, _ network: PerUnitNetwork) -> [Complex] {
        var unit = [Complex](repeating: Complex(1, 0), count: live.buses.count)
        for position in live.buses.indices where live.parents[position] >= 0 {
            let branch = network.branches[live.parentBranches[position]]
            let parent = unit[live.parents[position]]
            let inverse = branch.inverseTurns
            unit[position] = branch.to == live.buses[position] ? parent * inverse : parent / inverse
        }
        return unit
    }
}
