// Backward–forward sweep in phase coordinates, eight operating points at a time. In per unit, between a bus
// with voltage v₀ and the bus behind it, J the current that enters there:
//
//     v = A·v₀ − Z·J        J₀ = Σ Aᵀ·J        J = Σ of what is drawn at the bus and goes on from it
//
// A is 1 for a line, the taps' ratios for a regulator, and the windings' matrix for a transformer. A load
// draws conj(s)·V·(κp/|V|² + κi/|V| + κz), V the voltage across it: its parts of constant power, current and
// impedance. So a sweep sums the currents from the leaves to the source at the last voltages, then takes the
// drops from the source to the leaves (W. H. Kersting and D. L. Mendive, "An application of ladder network
// theory to the solution of three-phase radial load-flow problems", IEEE PES Winter Meeting, 1976).
//
// The reciprocal u = 1/|V| is carried along and refreshed by Newton's method, u ← u·(3 − |V|²·u²)/2, in place
// of a division and a root; it is exact at the fixed point. After a forward pass the currents are in balance,
// and a load's mismatch is |s|·|V − V₋|/|V|, V₋ the voltage before: so a lane is at rest when the root of
// Σ|v − v₋|² is small against the tolerance over the largest load.

import Grid
import Lanes
import LinearAlgebra

/// Owns the tree and the workspace of eight lanes; one for each worker. A lane's result depends on nothing in
/// the other lanes.
final class PhaseSweep {
    let tree: PhaseTree
    let nodes: UnsafeMutableBufferPointer<Node>
    let cells: UnsafeMutableBufferPointer<Cell>
    let taps: UnsafeMutableBufferPointer<Tap>
    let terminals: UnsafeMutableBufferPointer<Terminal>
    let demands: UnsafeMutableBufferPointer<Demand>
    let matrices: UnsafeMutableBufferPointer<Double>
    /// The voltages of every cell without load and at neutral taps: where an iteration starts.
    let flat: [Complex]
    /// Each lane's Σ|v − v₋|² of the last sweep, and what it may be.
    private(set) var change = Lanes.zero
    let allowed: Double
    /// Largest |s| of a load or |b| of a shunt, at nominal.
    let largest: Double

    init(_ tree: PhaseTree, of network: UnbalancedNetwork, tolerance: Double) {
        self.tree = tree
        let packed = PackedTree(tree, network)
        nodes = .copy(of: packed.nodes)
        matrices = .copy(of: packed.matrices)
        terminals = .copy(of: packed.terminals)
        taps = .filled(packed.tapCount, with: Tap())
        demands = .filled(packed.terminals.count, with: Demand())
        cells = .filled(tree.cellCount, with: Cell())
        flat = packed.flat
        largest = packed.largest
        let bound = tolerance / (2 * max(packed.largest, 1e-3))
        allowed = bound * bound
        for lane in 0..<Lanes.scalarCount { reset(lane) }
    }

    deinit {
        nodes.deallocate()
        matrices.deallocate()
        terminals.deallocate()
        taps.deallocate()
        demands.deallocate()
        cells.deallocate()
    }

    /// Whether this lane is solved; false where anything is not a number.
    func isAtRest(_ lane: Int) -> Bool { change[lane] <= allowed }

    /// Counts what else must vanish at rest, p.u. squared.
    func add(change squares: Lanes) { change += squares }

    /// Puts a lane at its flat voltages. Taps and demands stay.
    func reset(_ lane: Int) {
        for (cell, voltage) in flat.enumerated() {
            cells[cell].real[lane] = voltage.real
            cells[cell].imaginary[lane] = voltage.imaginary
            cells[cell].currentReal[lane] = 0
            cells[cell].currentImaginary[lane] = 0
        }
        for index in terminals.indices {
            let terminal = terminals[index]
            let other = terminal.other < 0 ? .zero : flat[Int(terminal.other)]
            demands[index].reciprocal[lane] = 1 / (flat[Int(terminal.cell)] - other).magnitude
        }
    }

    func sweep() {
        draw()
        backward()
        forward()
    }

    /// Adds what the loads draw to the currents.
    func draw() {
        let cells = cells.baseAddress!
        let half = Lanes(repeating: 0.5)
        for index in terminals.indices {
            let terminal = terminals[index]
            let cell = cells + Int(terminal.cell)
            var (re, im) = (cell.pointee.real, cell.pointee.imaginary)
            if terminal.other >= 0 {
                re -= cells[Int(terminal.other)].real
                im -= cells[Int(terminal.other)].imaginary
            }
            var u = demands[index].reciprocal
            u = u * (1.5 - half * ((re * re + im * im) * (u * u)))
            demands[index].reciprocal = u
            let part = terminal.power * (u * u) + (terminal.current * u + terminal.impedance)
            let (p, q) = (demands[index].active * part, demands[index].reactive * part)
            let (drawnReal, drawnImaginary) = (p * re + q * im, p * im - q * re)
            cell.pointee.currentReal += drawnReal
            cell.pointee.currentImaginary += drawnImaginary
            if terminal.other >= 0 {
                cells[Int(terminal.other)].currentReal -= drawnReal
                cells[Int(terminal.other)].currentImaginary -= drawnImaginary
            }
        }
    }

    /// Sums the currents towards the source.
    func backward() {
        var k = nodes.count - 1
        while k >= 0 {
            let node = nodes[k]
            switch node.count {
            case 1: gather(node, 1)
            case 2: gather(node, 2)
            default: gather(node, 3)
            }
            k -= 1
        }
    }

    @inline(__always)
    private func gather(_ node: Node, _ n: Int) {
        let cell = cells.baseAddress! + Int(node.first)
        if node.hasShunt {
            let b = matrices.baseAddress! + Int(node.matrix) + 2 * n * n
            for i in 0..<n {
                var (re, im) = (cell[i].currentReal, cell[i].currentImaginary)
                for j in 0..<n {
                    re -= b[i * n + j] * cell[j].imaginary
                    im += b[i * n + j] * cell[j].real
                }
                cell[i].currentReal = re
                cell[i].currentImaginary = im
            }
        }
        guard node.before[0] >= 0 else { return }
        let cells = cells.baseAddress!
        switch node.kind {
        case .wire:
            for i in 0..<n {
                let before = cells + Int(node.before[i])
                before.pointee.currentReal += cell[i].currentReal
                before.pointee.currentImaginary += cell[i].currentImaginary
            }
        case .regulated:
            for i in 0..<n {
                let tap = taps.baseAddress! + Int(node.tap) + i
                tap.pointee.currentReal = cell[i].currentReal
                tap.pointee.currentImaginary = cell[i].currentImaginary
                let before = cells + Int(node.before[i])
                before.pointee.currentReal += tap.pointee.ratio * cell[i].currentReal
                before.pointee.currentImaginary += tap.pointee.ratio * cell[i].currentImaginary
            }
        case .turned:
            let a = matrices.baseAddress! + Int(node.matrix) + 3 * n * n
            for i in 0..<n {
                let before = cells + Int(node.before[i])
                for j in 0..<n {
                    before.pointee.currentReal += a[j * n + i] * cell[j].currentReal
                    before.pointee.currentImaginary += a[j * n + i] * cell[j].currentImaginary
                }
            }
        }
    }

    /// Takes each branch's drop from the voltages before it, measures the change, and clears the currents.
    func forward() {
        change = .zero
        cells.baseAddress!.clearCurrents(3)
        var k = 1
        while k < nodes.count {
            let node = nodes[k]
            switch node.count {
            case 1: change += drop(node, 1)
            case 2: change += drop(node, 2)
            default: change += drop(node, 3)
            }
            k += 1
        }
    }

    @inline(__always)
    private func drop(_ node: Node, _ n: Int) -> Lanes {
        let cell = cells.baseAddress! + Int(node.first)
        let z = matrices.baseAddress! + Int(node.matrix)
        var change = Lanes.zero
        for i in 0..<n {
            var (re, im) = start(node, i)
            for j in 0..<n {
                let (r, x) = (z[2 * (i * n + j)], z[2 * (i * n + j) + 1])
                re -= r * cell[j].currentReal - x * cell[j].currentImaginary
                im -= r * cell[j].currentImaginary + x * cell[j].currentReal
            }
            let (dr, di) = (re - cell[i].real, im - cell[i].imaginary)
            change += dr * dr + di * di
            cell[i].real = re
            cell[i].imaginary = im
        }
        cell.clearCurrents(n)
        return change
    }

    /// A·v₀ on the i-th phase.
    @inline(__always)
    private func start(_ node: Node, _ i: Int) -> (Lanes, Lanes) {
        let cells = cells.baseAddress!
        let before = cells + Int(node.before[i])
        switch node.kind {
        case .wire: return (before.pointee.real, before.pointee.imaginary)
        case .regulated:
            let ratio = taps[Int(node.tap) + i].ratio
            return (ratio * before.pointee.real, ratio * before.pointee.imaginary)
        case .turned:
            let a = matrices.baseAddress! + Int(node.matrix) + 27 + 3 * i
            var (re, im) = (Lanes.zero, Lanes.zero)
            for j in 0..<3 {
                re += a[j] * cells[Int(node.before[j])].real
                im += a[j] * cells[Int(node.before[j])].imaginary
            }
            return (re, im)
        }
    }
}

extension UnsafeMutablePointer<PhaseSweep.Cell> {
    @inline(__always)
    fileprivate func clearCurrents(_ count: Int) {
        for i in 0..<count {
            self[i].currentReal = .zero
            self[i].currentImaginary = .zero
        }
    }
}
