// A tree needs no transformer ratios. An ideal transformer, also one that turns, changes only the unit of
// voltage behind it. So each bus is measured in a unit of its own: with v = scale·w, and scale(from) =
// ratio·e^(jφ)·scale(to) across a branch, currents become conj(scale)·i, impedances z/|scale|² and
// admittances y·|scale|², powers stay, and every ratio is 1.
//
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
    let scale: [Complex]
    let chords: [Chord]
    /// In the unit of its bus: the voltage at each source, and that held by each live regulator.
    let sources: [(position: Int, voltage: Complex)]
    let regulators: [(index: Int, position: Int, voltage: Double)]

    /// Nil where some loop's ratios do not multiply to 1, so that no choice of units removes them.
    init?(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let scale = Self.scales(live, network)
        var shunt = live.buses.enumerated().map { position, bus in
            Complex(network.shuntConductance[bus], network.shuntSusceptance[bus]) * scale[position].squared
        }
        var series = [Complex](repeating: .zero, count: live.buses.count)
        for index in live.branches {
            let branch = network.branches[index]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            let unit = scale[to].squared
            let half = Complex(branch.shuntConductance, branch.charging) * (unit / 2)
            shunt[from] += half
            shunt[to] += half
            let away = live.parentBranches[to] == index ? to : from
            guard live.parentBranches[away] == index else { continue }
            series[away] = Complex(branch.resistance, branch.reactance) * (1 / unit)
        }
        var chords: [Chord] = []
        for index in live.chords {
            let branch = network.branches[index]
            let (from, to) = (live.positions[branch.from]!, live.positions[branch.to]!)
            let turned = scale[to] / branch.inverseTurns
            guard (turned - scale[from]).magnitude < 1e-9 * scale[from].magnitude else { return nil }
            let impedance = Complex(branch.resistance, branch.reactance)
            chords.append(
                Chord(
                    from: from, to: to, impedance: impedance * (1 / (scale[to].squared * network.basePower))))
        }
        self.chords = chords
        self.scale = scale
        sources = zip(live.roots, network.sources).map { root, source in
            (root, Complex.turn(by: source.angle) * source.voltage)
        }
        regulators = network.regulators.enumerated().compactMap { index, regulator in
            live.positions[regulator.bus].map { (index, $0, regulator.voltage / scale[$0].magnitude) }
        }
        let terminals = Set(chords.flatMap { [$0.from, $0.to] } + regulators.map(\.position))
        nodes = Self.nodes(live, series, shunt, terminals, basePower: network.basePower)
    }

    private static func scales(_ live: LiveNetwork, _ network: PerUnitNetwork) -> [Complex] {
        var scale = [Complex](repeating: Complex(1, 0), count: live.buses.count)
        for position in live.buses.indices where live.parents[position] >= 0 {
            let branch = network.branches[live.parentBranches[position]]
            let parent = scale[live.parents[position]]
            let inverse = branch.inverseTurns
            scale[position] = branch.to == live.buses[position] ? parent * inverse : parent / inverse
        }
        return scale
    }

    private static func nodes(
        _ live: LiveNetwork, _ series: [Complex], _ shunt: [Complex], _ terminals: Set<Int>, basePower: Double
    ) -> [Node] {
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
            let y = shunt[position] * basePower
            let z = series[position] * (1 / basePower)
            let hasShunt = y.squared > 0
            return Node(
                parent: Int32(parent), links: links, bus: Int32(live.buses[position]),
                minusResistance: -z.real,
                reactance: z.imaginary, minusReactance: -z.imaginary, conductance: y.real,
                minusSusceptance: -y.imaginary, weight: hasShunt ? 2 : 1, shuntWeight: 2 * y.squared)
        }
    }
}
