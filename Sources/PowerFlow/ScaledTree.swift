// A tree needs no transformer ratios. An ideal transformer changes only the unit of voltage behind it, so
// each bus is measured in a unit of its own: with v = unit·w, unit(from) = ratio·e^(j·shift)·unit(to) across
// a branch, the currents become conj(unit)·i, impedances z/|unit|² and shunts y·|unit|², powers stay, and
// every ratio is 1.

import Grid
import LinearAlgebra

/// A forest in which every bus has its own unit of voltage; by position in the live network.
struct ScaledTree {
    /// Of a bus's unit, |unit| in p.u. and unit/|unit|.
    private(set) var scale: [Double]
    private(set) var turn: [Complex]
    /// Of the branch from the parent.
    private(set) var impedance: [Complex]
    /// Of the bus's own shunt and of half that of every branch that ends here.
    private(set) var conductance: [Double]
    private(set) var susceptance: [Double]

    /// - Precondition: `live` is a forest of `network`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        precondition(live.isForest)
        scale = Array(repeating: 1, count: live.buses.count)
        turn = Array(repeating: Complex(1, 0), count: live.buses.count)
        impedance = Array(repeating: .zero, count: live.buses.count)
        conductance = live.buses.map { network.shuntConductance[$0] }
        susceptance = live.buses.map { network.shuntSusceptance[$0] }
        // A source's unit is 1, and parents come before: no shunt is scaled before its bus.
        for position in live.buses.indices where live.parents[position] >= 0 {
            let parent = live.parents[position]
            let branch = network.branches[live.parentBranches[position]]
            let leadsAway = branch.to == live.buses[position]
            scale[position] = leadsAway ? scale[parent] / branch.ratio : scale[parent] * branch.ratio
            turn[position] = turn[parent] * Complex.turn(by: leadsAway ? -branch.shift : branch.shift)
            let unit = leadsAway ? scale[position] : scale[parent]
            impedance[position] = Complex(branch.resistance, branch.reactance) * (1 / (unit * unit))
            let own = scale[position] * scale[position]
            conductance[position] *= own
            susceptance[position] *= own
            for end in [position, parent] {
                conductance[end] += branch.shuntConductance / 2 * unit * unit
                susceptance[end] += branch.charging / 2 * unit * unit
            }
        }
    }
}
