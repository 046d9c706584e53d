import Grid
import LinearAlgebra

/// A `PhaseTree` as the sweep reads it: its matrices one after another in the order they are used.
struct PackedTree {
    private(set) var nodes: [PhaseSweep.Node] = []
    private(set) var matrices: [Double] = []
    private(set) var tapCount = 0
    private(set) var terminals: [PhaseSweep.Terminal] = []
    private(set) var flat: [Complex] = []
    private(set) var largest = 0.0

    init(_ tree: PhaseTree, _ network: UnbalancedNetwork) {
        for node in tree.nodes { append(node, tree) }
        flat = Self.flat(tree, network.source)
        for (index, load) in network.loads.enumerated() where tree.position(of: load.bus) != nil {
            append(load, index, tree)
        }
        // Neighbours in the sweep are neighbours in memory.
        terminals.sort { ($0.cell, $0.other, $0.load) < ($1.cell, $1.other, $1.load) }
        for node in tree.nodes {
            for b in node.susceptance { largest = max(largest, b.magnitude) }
        }
        for terminal in terminals {
            let size = Complex(terminal.nominalActive, terminal.nominalReactive).magnitude
            largest = max(largest, size)
        }
    }

    private mutating func append(_ node: PhaseTree.Node, _ tree: PhaseTree) {
        var before = SIMD4<Int32>(repeating: -1)
        if node.parent >= 0 {
            for (i, cell) in tree.cells(of: tree.nodes[node.parent].bus, node.phases).enumerated() {
                before[i] = Int32(cell)
            }
        }
        let offset = matrices.count
        for z in node.impedance { matrices += [z.real, z.imaginary] }
        matrices += node.susceptance
        let kind: PhaseSweep.Kind
        let tap = tapCount
        switch node.link {
        case .wire: kind = .wire
        case .regulated:
            kind = .regulated
            tapCount += node.phases.count
        case .turned(let turn):
            kind = .turned
            matrices += turn
        }
        nodes.append(
            PhaseSweep.Node(
                kind: kind, hasShunt: node.susceptance.contains { $0 != 0 }, count: Int32(node.phases.count),
                first: Int32(node.first), before: before, matrix: Int32(offset), tap: Int32(tap)))
    }

    private mutating func append(_ load: UnbalancedNetwork.Load, _ index: Int, _ tree: PhaseTree) {
        // Across two phases the nominal voltage is √3.
        let isDelta = load.connection == .delta
        let nominal = isDelta ? 3.0.squareRoot() : 1
        for phase in 0..<3 where load.active[phase] != .zero || load.reactive[phase] != .zero {
            let other = isDelta ? tree.cells[3 * load.bus + (phase + 1) % 3]! : -1
            terminals.append(
                PhaseSweep.Terminal(
                    cell: Int32(tree.cells[3 * load.bus + phase]!), other: Int32(other), load: Int32(index),
                    power: 1 - load.constantCurrent - load.constantImpedance,
                    current: load.constantCurrent / nominal,
                    impedance: load.constantImpedance / (nominal * nominal),
                    nominalActive: load.active[phase].value / tree.basePower,
                    nominalReactive: load.reactive[phase].value / tree.basePower))
        }
    }

    private static func flat(_ tree: PhaseTree, _ source: UnbalancedNetwork.Source) -> [Complex] {
        var flat = [Complex](repeating: .zero, count: tree.cellCount)
        for node in tree.nodes {
            if node.parent < 0 {
                for phase in 0..<3 {
                    flat[phase] = Complex(magnitude: source.magnitude[phase], angle: source.angle[phase])
                }
                continue
            }
            let before = tree.cells(of: tree.nodes[node.parent].bus, node.phases).map { flat[$0] }
            for i in node.phases.indices {
                if case .turned(let turn) = node.link {
                    flat[node.first + i] = (0..<3).reduce(.zero) { $0 + before[$1] * turn[3 * i + $1] }
                } else {
                    flat[node.first + i] = before[i]
                }
            }
        }
        return flat
    }
}
