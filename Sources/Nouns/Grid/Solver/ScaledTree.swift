// A tree needs no transformer ratios. An ideal transformer, also one that turns, changes only the unit of
// voltage behind it. So each bus is measured in a unit of its own: with v = unit·w, and unit(from) =
// ratio·e^(j·shift)·unit(to) across a branch, currents become conj(unit)·i, impedances z/|unit|² and
// admittances y·|unit|², powers stay, and every ratio is 1.

public import LinearAlgebra

/// The trees of a live network, every bus with its own unit of voltage, so that every ratio is 1.
public struct ScaledTree: Hashable, Sendable {
    /// The order of the buses, and the parent of each.
    public let live: LiveNetwork
    /// The unit of voltage of each bus, by position, in p.u. of its nominal voltage; 1 at a source.
    public let unit: [Complex]
    /// Impedance of the branch from the parent, by position, in the units of its ends; zero at a source.
    public private(set) var impedance: [Complex]
    /// Admittance to earth, by position, in the bus's unit: the bus's own shunt, and half that of every
    /// branch that ends here.
    public private(set) var shunt: [Complex]

    /// Measures the trees of `live`. Branches in `tapped` have a tap changer at their end `from`: the half of
    /// their shunt that stands behind it is left out of `shunt`.
    public init(_ live: LiveNetwork, of network: PerUnitNetwork, tapped: Set<Int> = []) {
        self.live = live
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
            let away = live.parentBranches[to] == index ? to : from
            let isChord = live.parentBranches[away] != index
            if !tapped.contains(index) {
                // Across a branch of the tree both ends have the same unit behind the transformer.
                shunt[from] +=
                    branch.halfShunt * (isChord ? (unit[from] * branch.inverseTurns).squared : square)
            }
            shunt[to] += branch.halfShunt * square
            if !isChord { impedance[away] = Complex(branch.resistance, branch.reactance) * (1 / square) }
        }
    }

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

    /// The same tree with powers and currents in W per unit of voltage: impedances over, and admittances
    /// times `basePower`.
    public func inWatts(basePower: Double) -> ScaledTree {
        var tree = self
        tree.impedance = impedance.map { $0 * (1 / basePower) }
        tree.shunt = shunt.map { $0 * basePower }
        return tree
    }

    /// Returns by how much the voltage of each bus rises when `current` is drawn at the buses, by position
    /// and in their units: the drops on the way from the source, without what loads and shunts draw in
    /// answer.
    public func voltageRise(drawing current: [Complex]) -> [Complex] {
        var through = current
        for position in live.parents.indices.reversed() where live.parents[position] >= 0 {
            through[live.parents[position]] += through[position]
        }
        var rise = [Complex](repeating: .zero, count: live.parents.count)
        for position in live.parents.indices where live.parents[position] >= 0 {
            rise[position] = rise[live.parents[position]] + -impedance[position] * through[position]
        }
        return rise
    }
}
