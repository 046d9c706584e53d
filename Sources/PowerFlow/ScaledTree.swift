// A tree needs no transformer ratios. An ideal transformer changes only the unit of voltage behind it, so
// each bus is measured in a unit of its own: with v = scale·w, scale(from) = ratio·scale(to) across a branch,
// the currents become scale·i, impedances z/scale² and susceptances b·scale², powers stay, and every ratio is
// 1.

import Grid
import LinearAlgebra

/// A tree in which every bus has its own unit of voltage; by position in the live network.
struct ScaledTree {
    /// p.u. voltage of a bus's unit.
    private(set) var scale: [Double]
    /// Of the branch from the parent.
    private(set) var impedance: [Complex]
    /// Of half the charging of every branch that ends here.
    private(set) var susceptance: [Double]

    /// - Precondition: `live` is a tree of `network`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        precondition(live.isForest)
        scale = Array(repeating: 1, count: live.buses.count)
        impedance = Array(repeating: .zero, count: live.buses.count)
        susceptance = Array(repeating: 0, count: live.buses.count)
        for position in live.buses.indices.dropFirst() {
            let parent = live.parents[position]
            let branch = network.branches[live.parentBranches[position]]
            let leadsAway = branch.to == live.buses[position]
            scale[position] = leadsAway ? scale[parent] / branch.ratio : scale[parent] * branch.ratio
            let unit = leadsAway ? scale[position] : scale[parent]
            impedance[position] = Complex(branch.resistance, branch.reactance) * (1 / (unit * unit))
            susceptance[position] += branch.charging / 2 * unit * unit
            susceptance[parent] += branch.charging / 2 * unit * unit
        }
    }
}
