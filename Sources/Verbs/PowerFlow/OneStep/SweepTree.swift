// Powers stay in watts: with currents in watts per unit of voltage, impedances are divided and admittances
// multiplied by the base power.

import Grid
import LinearAlgebra

/// Trees as a sweep walks them: positions and order are those of a `LiveNetwork`.
struct SweepTree {
    /// How a bus hangs together with those beside it in memory.
    struct Links: OptionSet {
        let rawValue: Int32
        /// The parent stands just before: what is carried along needs no memory.
        static let followsParent = Links(rawValue: 1)
        /// More than what is carried flows in: it waits in the bus's own current.
        static let collects = Links(rawValue: 2)
        /// The first, in a backward sweep, to leave its current with its parent.
        static let opensParent = Links(rawValue: 4)
    }

    struct Node {
        let parent: Int32
        let links: Links
        /// In the network's order.
        let bus: Int32
        /// Of the branch from the parent; negated where that saves a subtraction in the sweep.
        let minusResistance: Double
        let reactance: Double
        let minusReactance: Double
        /// To earth.
        let conductance: Double
        let minusSusceptance: Double
        /// How the admittance to earth weighs in the mismatch: see `BatchedSweep`.
        let weight: Double
        let shuntWeight: Double
    }

    /// A branch outside the trees, from position to position, between buses of the same unit of voltage.
    struct Chord {
        let from: Int
        let to: Int
        let impedance: Complex
    }

    let nodes: [Node]
    /// In watts.
    let scaled: ScaledTree
    let chords: [Chord]
    /// In the unit of its bus: the voltage at each source, and that held by each live regulator.
    let sources: [(position: Int, voltage: Complex)]
    let regulators: [(index: Int, position: Int, voltage: Double)]

    /// Nil where some loop's ratios do not multiply to 1, so that no choice of units removes them.
    init?(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let scaled = ScaledTree(live, of: network).inWatts(basePower: network.basePower)
        let unit = scaled.unit
        var chords: [Chord] = []
        for index in live.chords {
            let branch = network.branches[index]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            let turned = unit[to] / branch.inverseTurns
            guard (turned - unit[from]).magnitude < 1e-9 * unit[from].magnitude else { return nil }
            let impedance = Complex(branch.resistance, branch.reactance)
            chords.append(
                Chord(
                    from: from, to: to, impedance: impedance * (1 / (unit[to].squared * network.basePower))))
        }
        self.chords = chords
        self.scaled = scaled
        sources = zip(live.roots, network.sources).map { root, source in
            (root, Complex.turn(by: source.angle) * source.voltage)
        }
        regulators = network.regulators.enumerated().compactMap { index, regulator in
            live.positions[regulator.bus].map { (index, $0, regulator.voltage / unit[$0].magnitude) }
        }
        let terminals = Set(chords.flatMap { [$0.from, $0.to] } + regulators.map(\.position))
        nodes = Self.nodes(scaled, terminals)
    }

    private static func nodes(_ tree: ScaledTree, _ terminals: Set<Int>) -> [Node] {
        let live = tree.live
        let count = live.buses.count
        var lastChild = [Int](repeating: -1, count: count)
        for position in 0..<count where live.parents[position] >= 0 {
            lastChild[live.parents[position]] = position
        }
        return (0..<count).map { position in
            let parent = live.parents[position]
            var links: Links = []
            if parent >= 0, parent == position - 1 { links.insert(.followsParent) }
            if lastChild[position] > position + 1 || terminals.contains(position) { links.insert(.collects) }
            if parent >= 0, lastChild[parent] == position, !terminals.contains(parent) {
                links.insert(.opensParent)
            }
            let (y, z) = (tree.shunt[position], tree.impedance[position])
            let hasShunt = y.squared > 0
            return Node(
                parent: Int32(parent), links: links, bus: Int32(live.buses[position]),
                minusResistance: -z.real, reactance: z.imaginary,
                minusReactance: -z.imaginary, conductance: y.real, minusSusceptance: -y.imaginary,
                weight: hasShunt ? 2 : 1, shuntWeight: 2 * y.squared)
        }
    }
}
