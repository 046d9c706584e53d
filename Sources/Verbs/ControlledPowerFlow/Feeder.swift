// The forest of a network as a sweep walks it: by position in depth-first order, cut into runs in which every
// bus follows its parent, so that a sweep carries the parent's voltage and the branch's current in registers
// and touches memory for them only where runs meet.
//
// An ideal transformer changes only the unit of voltage behind it. So each bus is measured in a unit of its
// own: with v = scale·e^(jθ)·w, scale(from) = ratio·scale(to) and θ(from) = shift + θ(to) across a branch,
// currents become scale·i, impedances z/scale², admittances y·scale², powers stay, every fixed ratio is 1.
// What a tap changer adds to its branch's ratio differs from lane to lane and stays where it is.

import Glibc
import Grid
import LinearAlgebra

struct Feeder {
    /// In the bus's own unit: the branch from the parent, what stands to earth, and the weights of the load's
    /// parts: of 1, u and u², with u = 1/|w|.
    struct Node {
        var resistance = 0.0
        var reactance = 0.0
        var conductance = 0.0
        var susceptance = 0.0
        var constantImpedance = 0.0
        var constantCurrent = 0.0
        var constantPower = 1.0
    }

    /// Positions `first..<end`, each the parent of the next.
    struct Run {
        let first: Int
        let end: Int
        /// Of `first`; −1 at a source.
        let parent: Int
        /// Index of the tap changer between `parent` and `first`; −1 where there is none.
        let changer: Int
    }

    /// A tap between the branch's impedance and one of its ends.
    struct Changer {
        let position: Int
        /// Whether the tap sits at the end nearer to the source.
        let isNear: Bool
        /// Of half the branch's shunt, which stands behind the tap.
        let halfShunt: Complex
    }

    /// A branch that closes a loop: see `Chords`.
    struct Chord {
        let from: Int
        let to: Int
        let nearFactor: Complex
        let farFactor: Complex
        let impedance: Complex
    }

    let live: LiveNetwork
    private(set) var nodes: [Node]
    private(set) var runs: [Run] = []
    private(set) var changers: [Changer] = []
    private(set) var chords: [Chord] = []
    private(set) var scale: [Double]
    /// What turns a voltage in the bus's own unit into one p.u. of its nominal: scale·e^(jθ).
    private(set) var units: [Complex] = []

    /// - Precondition: every tap changer's branch is part of a tree of `live`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, controls: VoltageControls) {
        self.live = live
        nodes = Array(repeating: Node(), count: live.buses.count)
        scale = Array(repeating: 1, count: live.buses.count)
        var angle = [Double](repeating: 0, count: live.buses.count)
        var changerAt: [Int: Int] = [:]
        for (index, changer) in controls.tapChangers.enumerated() {
            changerAt[live.parentBranches.firstIndex(of: changer.branch)!] = index
        }
        let none = Changer(position: 0, isNear: true, halfShunt: .zero)
        changers = Array(repeating: none, count: controls.tapChangers.count)
        for root in live.roots { angle[root] = network.source(at: live.buses[root]).angle }
        for position in live.buses.indices where live.parents[position] >= 0 {
            addBranch(to: position, of: network, changer: changerAt[position], &angle)
        }
        units = zip(scale, angle).map { Complex($0 * cos($1), $0 * sin($1)) }
        for index in live.chords { addChord(network.branches[index]) }
        addLoads(network, controls.loadMixes)
        cut(changerAt)
    }

    private mutating func addBranch(
        to position: Int, of network: PerUnitNetwork, changer: Int?, _ angle: inout [Double]
    ) {
        let parent = live.parents[position]
        let branch = network.branches[live.parentBranches[position]]
        let leadsAway = branch.to == live.buses[position]
        scale[position] = leadsAway ? scale[parent] / branch.ratio : scale[parent] * branch.ratio
        angle[position] = angle[parent] + (leadsAway ? -branch.shift : branch.shift)
        let unit = leadsAway ? scale[position] : scale[parent]
        nodes[position].resistance = branch.resistance / (unit * unit)
        nodes[position].reactance = branch.reactance / (unit * unit)
        let shunt = Complex(branch.shuntConductance, branch.charging) * (unit * unit / 2)
        add(shunt, at: leadsAway ? position : parent)
        if let changer {
            changers[changer] = Changer(position: position, isNear: leadsAway, halfShunt: shunt)
        } else {
            add(shunt, at: leadsAway ? parent : position)
        }
    }

    private mutating func addChord(_ branch: PerUnitNetwork.Branch) {
        let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
        let turn = Complex(branch.ratio * cos(branch.shift), branch.ratio * sin(branch.shift))
        let chord = Chord(
            from: from, to: to, nearFactor: units[from] / turn, farFactor: units[to],
            impedance: Complex(branch.resistance, branch.reactance))
        let halfShunt = Complex(branch.shuntConductance / 2, branch.charging / 2)
        add(halfShunt * chord.nearFactor.squared, at: from)
        add(halfShunt * chord.farFactor.squared, at: to)
        chords.append(chord)
    }

    private mutating func add(_ shunt: Complex, at position: Int) {
        nodes[position].conductance += shunt.real
        nodes[position].susceptance += shunt.imaginary
    }

    private mutating func addLoads(_ network: PerUnitNetwork, _ mixes: [LoadMix]) {
        for (position, bus) in live.buses.enumerated() {
            let unit = scale[position] * scale[position]
            add(Complex(network.shuntConductance[bus], network.shuntSusceptance[bus]) * unit, at: position)
        }
        for mix in mixes {
            guard let position = live.positions[mix.bus] else { continue }
            nodes[position].constantImpedance = mix.constantImpedance * scale[position] * scale[position]
            nodes[position].constantCurrent = mix.constantCurrent * scale[position]
            nodes[position].constantPower = 1 - mix.constantCurrent - mix.constantImpedance
        }
    }

    private mutating func cut(_ changerAt: [Int: Int]) {
        var first = 0
        for next in 1...live.buses.count {
            if next < live.buses.count, live.parents[next] == next - 1, changerAt[next] == nil { continue }
            runs.append(
                Run(first: first, end: next, parent: live.parents[first], changer: changerAt[first] ?? -1))
            first = next
        }
    }
}

extension PerUnitNetwork {
    /// The source at a bus that has one.
    func source(at bus: Int) -> Network.Source { sources.first { $0.bus == bus }! }
}
