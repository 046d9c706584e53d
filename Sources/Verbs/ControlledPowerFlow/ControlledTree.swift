// The forest of a network as a sweep walks it: by position in depth-first order, cut into runs in which every
// bus follows its parent, so that a sweep carries the parent's voltage and the branch's current in registers
// and touches memory for them only where runs meet.
//
// Each bus is measured in a unit of its own (`ScaledTree`), turned by the angle of its source, so that every
// fixed ratio is 1. What a tap changer adds to its branch's ratio differs from lane to lane and stays where
// it is.

import Grid
import LinearAlgebra

/// The trees of a network with controls, as `LaneSweep` walks them.
struct ControlledTree {
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

    let scaled: ScaledTree
    private(set) var nodes: [Node]
    private(set) var runs: [Run] = []
    private(set) var changers: [Changer] = []
    private(set) var chords: [Chord] = []
    /// Magnitude of each bus's unit of voltage.
    let scale: [Double]
    /// What turns a voltage in the bus's own unit into one p.u. of its nominal, at the angle of its source.
    private(set) var units: [Complex]

    var live: LiveNetwork { scaled.live }

    /// - Precondition: every tap changer's branch is part of a tree of `live`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, controls: VoltageControls) {
        scaled = ScaledTree(live, of: network, tapped: Set(controls.tapChangers.map(\.branch)))
        scale = scaled.unit.map(\.magnitude)
        units = scaled.unit
        nodes = zip(scaled.impedance, scaled.shunt).map { impedance, shunt in
            Node(
                resistance: impedance.real, reactance: impedance.imaginary, conductance: shunt.real,
                susceptance: shunt.imaginary)
        }
        turnUnits(network)
        var changerAt: [Int: Int] = [:]
        for (index, changer) in controls.tapChangers.enumerated() {
            let position = live.parentBranches.firstIndex(of: changer.branch)!
            let branch = network.branches[changer.branch]
            changerAt[position] = index
            changers.append(
                Changer(
                    position: position, isNear: branch.to == live.buses[position],
                    halfShunt: branch.halfShunt * scaled.unit[live.positions[branch.to]!].squared))
        }
        for index in live.chords { addChord(network.branches[index]) }
        weighLoads(controls.loadMixes)
        cut(changerAt)
    }

    /// From a source at angle 0 to the angles of the sources.
    private mutating func turnUnits(_ network: PerUnitNetwork) {
        var turn = [Complex](repeating: .zero, count: units.count)
        for root in live.roots { turn[root] = .turn(by: network.source(at: live.buses[root]).angle) }
        for position in units.indices {
            if live.parents[position] >= 0 { turn[position] = turn[live.parents[position]] }
            units[position] = units[position] * turn[position]
        }
    }

    private mutating func addChord(_ branch: PerUnitNetwork.Branch) {
        let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
        chords.append(
            Chord(
                from: from, to: to, nearFactor: units[from] * branch.inverseTurns, farFactor: units[to],
                impedance: Complex(branch.resistance, branch.reactance)))
    }

    private mutating func weighLoads(_ mixes: [LoadMix]) {
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
