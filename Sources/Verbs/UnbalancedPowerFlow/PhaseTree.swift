import Grid
import LinearAlgebra

/// What of an `UnbalancedNetwork` has a path to the source, as a tree in depth-first order, in per unit: of
/// each bus's nominal phase voltage and of a third of the base power. A cell is one phase of one bus; the
/// cells of a bus are neighbours.
struct PhaseTree {
    /// How the voltage behind a branch follows from the one before it, apart from the series drop.
    enum Link: Hashable {
        case wire
        /// Scaled by taps.
        case regulated(StepRegulator)
        /// Turned by a transformer's windings: `PhaseTree.turn`.
        case turned([Double])
    }
    typealias StepRegulator = UnbalancedNetwork.StepRegulator

    /// A bus, and the branch that leads to it.
    struct Node {
        let bus: Int
        /// −1 at the source.
        let branch: Int
        /// Position of the node before it, −1 at the source.
        let parent: Int
        let phases: [Int]
        let first: Int
        let link: Link
        /// Row by row over its phases: of the branch in series, and of all that stands between the bus and
        /// earth, positive for a capacitor.
        let impedance: [Complex]
        var susceptance: [Double]
        /// Whether its voltage is one against earth.
        let isGrounded: Bool
    }

    private(set) var nodes: [Node] = []
    /// By 3·bus + phase; nil where there is no such phase or no path to the source.
    private(set) var cells: [Int?]
    /// Indices of the closed lines between live buses that the tree does not use: each closes a loop.
    private(set) var chords: [Int] = []
    private(set) var cellCount = 0
    /// W a phase.
    let basePower: Double

    init(_ network: UnbalancedNetwork) throws(FeederMistakes) {
        basePower = network.basePower.value / 3
        cells = Array(repeating: nil, count: 3 * network.buses.count)
        var mistakes = Self.mistakesOfElements(network)
        guard mistakes.isEmpty else { throw FeederMistakes(all: mistakes) }
        grow(network)
        chords = Self.unused(network.branches, by: nodes, live: { position(of: $0) != nil })
        mistakes = mistakesOfPlace(network)
        guard mistakes.isEmpty else { throw FeederMistakes(all: mistakes) }
        addShunts(network)
    }

    /// Where the bus stands in the tree.
    func position(of bus: Int) -> Int? { nodes.firstIndex { $0.bus == bus } }

    /// Cells of a bus on these phases; the bus must have them.
    func cells(of bus: Int, _ phases: [Int]) -> [Int] { phases.map { cells[3 * bus + $0]! } }

    private static func unused(
        _ branches: [UnbalancedNetwork.Branch], by nodes: [Node], live: (Int) -> Bool
    ) -> [Int] {
        let used = Set(nodes.map(\.branch))
        return branches.indices.filter {
            branches[$0].isClosed && !used.contains($0) && live(branches[$0].from)
        }
    }
}

// Growing from the source.
extension PhaseTree {
    /// Numbers the tree in depth-first order: a chain of cable is a run of neighbours in memory.
    private mutating func grow(_ network: UnbalancedNetwork) {
        let children = Self.chosenBranches(network)
        var waiting = [(bus: network.source.bus, parent: -1, branch: -1)]
        while let next = waiting.popLast() {
            let position = nodes.count
            append(next.bus, next.parent, next.branch, network)
            for child in children[next.bus].reversed() {
                waiting.append((child.bus, position, child.branch))
            }
        }
    }

    /// The tree by the nearest ways from the source, by bus: so loops are cut far from where they begin. What
    /// is not a line goes first, as it cannot be cut, then the branches of more phases: where a lateral
    /// closes a loop, the lateral is cut.
    private static func chosenBranches(_ network: UnbalancedNetwork) -> [[(bus: Int, branch: Int)]] {
        var ends = [[Int]](repeating: [], count: network.buses.count)
        for (index, branch) in network.branches.enumerated() where branch.isClosed {
            ends[branch.from].append(index)
            if branch.to != branch.from { ends[branch.to].append(index) }
        }
        var children = [[(bus: Int, branch: Int)]](repeating: [], count: network.buses.count)
        var reached: Set = [network.source.bus]
        var queues = [Queue](repeating: Queue(), count: 5)
        func visit(_ bus: Int) {
            for index in ends[bus] {
                let branch = network.branches[index]
                if case .line = branch.element {
                    queues[branch.phases.count].add(bus, index)
                } else {
                    queues[bus == branch.from ? 4 : 0].add(bus, index)
                }
            }
        }
        visit(network.source.bus)
        while let widest = queues.lastIndex(where: { !$0.isEmpty }) {
            let (bus, index) = queues[widest].next()
            let branch = network.branches[index]
            let other = branch.from == bus ? branch.to : branch.from
            guard reached.insert(other).inserted else { continue }
            children[bus].append((other, index))
            visit(other)
        }
        return children
    }

    /// Branches to look at, first come, first served.
    private struct Queue {
        private var waiting: [(bus: Int, branch: Int)] = []
        private var served = 0

        var isEmpty: Bool { served == waiting.count }
        mutating func add(_ bus: Int, _ branch: Int) { waiting.append((bus, branch)) }
        mutating func next() -> (bus: Int, branch: Int) {
            served += 1
            return waiting[served - 1]
        }
    }

    private mutating func append(_ bus: Int, _ parent: Int, _ index: Int, _ network: UnbalancedNetwork) {
        let branch = index < 0 ? nil : network.branches[index]
        let phases = (branch?.phases ?? .abc).indices
        let base = network.buses[bus].impedanceBase(network.basePower.value)
        var link = Link.wire
        var isGrounded = parent < 0 || nodes[parent].isGrounded
        var impedance = [Complex](repeating: .zero, count: phases.count * phases.count)
        switch branch?.element {
        case .line(let matrix, _):
            impedance = phases.flatMap { i in
                phases.map { Complex(matrix.real[3 * i + $0], matrix.imaginary[3 * i + $0]) * (1 / base) }
            }
        case .transformer(let transformer):
            let scale = network.basePower.value / transformer.rating.value
            let z = Complex(transformer.resistance, transformer.reactance) * scale
            isGrounded = transformer.connection.isGrounded
            // Behind a delta only differences count: what all phases share has no path.
            let shared = isGrounded ? 0 : 1.0 / 3
            impedance = (0..<9).map { z * (($0 % 4 == 0 ? 1 : 0) - shared) }
            if transformer.connection != .YNyn0 { link = .turned(Self.turn(transformer.connection)) }
        case .regulator(let regulator): link = .regulated(regulator)
        case nil: break
        }
        for (offset, phase) in phases.enumerated() { cells[3 * bus + phase] = cellCount + offset }
        nodes.append(
            Node(
                bus: bus, branch: index, parent: parent, phases: phases, first: cellCount, link: link,
                impedance: impedance, susceptance: Array(repeating: 0, count: phases.count * phases.count),
                isGrounded: isGrounded))
        cellCount += phases.count
    }

    /// The matrix A of V(to) = A·V(from) at no load, row by row; currents come back by its transpose. Between
    /// delta and star the other side stands on a difference of two phases; delta to delta passes all but the
    /// mean.
    private static func turn(_ connection: UnbalancedNetwork.Transformer.Connection) -> [Double] {
        let k = 1 / 3.0.squareRoot()
        return switch connection {
        case .YNyn0: [1, 0, 0, 0, 1, 0, 0, 0, 1]
        case .Dyn1, .Yd1: [k, 0, -k, -k, k, 0, 0, -k, k]
        case .Dyn11, .Yd11: [k, -k, 0, 0, k, -k, -k, 0, k]
        case .Dd0: (0..<9).map { ($0 % 4 == 0 ? 1 : 0) - 1.0 / 3 }
        }
    }

    /// Capacitors, and half of each line's charging at either end.
    private mutating func addShunts(_ network: UnbalancedNetwork) {
        let live = Dictionary(uniqueKeysWithValues: nodes.indices.map { (nodes[$0].bus, $0) })
        for branch in network.branches where branch.isClosed {
            guard case .line(_, let susceptance) = branch.element else { continue }
            for bus in [branch.from, branch.to] {
                guard let position = live[bus] else { continue }
                let half = 0.5 * network.buses[bus].impedanceBase(network.basePower.value)
                add(at: position) { i, j in
                    branch.phases.indices.contains(i) && branch.phases.indices.contains(j)
                        ? half * susceptance.real[3 * i + j] : 0
                }
            }
        }
        for capacitor in network.capacitors {
            guard let position = live[capacitor.bus] else { continue }
            let q = capacitor.reactive.map { $0.value / basePower }
            switch capacitor.connection {
            case .wye: add(at: position) { $0 == $1 ? q[$0] : 0 }
            case .delta:
                // Its base voltage is √3 in per unit of a phase; the one from phase i to the next is q[i].
                add(at: position) { i, j in
                    i == j ? (q[i] + q[(i + 2) % 3]) / 3 : -(j == (i + 1) % 3 ? q[i] : q[j]) / 3
                }
            }
        }
    }

    private mutating func add(at position: Int, _ value: (Int, Int) -> Double) {
        let phases = nodes[position].phases
        for (row, i) in phases.enumerated() {
            for (column, j) in phases.enumerated() {
                nodes[position].susceptance[row * phases.count + column] += value(i, j)
            }
        }
    }
}

extension UnbalancedNetwork.Bus {
    /// Ω: nominal voltage² / `power`.
    func impedanceBase(_ power: Double) -> Double { nominalVoltage.value * nominalVoltage.value / power }
}
