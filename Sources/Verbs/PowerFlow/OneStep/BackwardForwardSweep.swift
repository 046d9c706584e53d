// The backward–forward sweep on a tree (Shirmohammadi, Hong, Semlyen, Luo 1988), in the currents.
//
// A load of constant power s at voltage v draws conj(s / v), and a shunt y draws y·v. Backward, from the
// leaves to the source, Kirchhoff's current law sums what every branch carries; forward, from the source to
// the leaves, Ohm's law takes each branch's drop z·j from its parent's voltage. The two repeat until no
// current changes: then v·conj(own current) is the load.
//
// Buses are measured in units of their own (`ScaledTree`), so that every ratio is 1.
//
// After a forward pass the currents are in balance and each load draws w·conj(own) instead of its s. The next
// backward pass finds the difference as the change of its own current: |w|·|Δown| is the bus's power
// mismatch, so that the test for convergence costs nothing of its own.

import Grid
import Lanes
import LinearAlgebra

/// Owns the trees and their workspace; one a worker.
final class BackwardForwardSweep {
    private struct Node {
        /// −1 at a source.
        let parent: Int
        let impedance: Complex
        let shunt: Complex
        /// The bus's unit of voltage, and its inverse.
        let unit: Complex
        let inverseUnit: Complex
        /// Constant power taken from the network.
        var demand: Complex
        /// The shunt and what is a constant admittance for now.
        var admittance: Complex
        var voltage: Complex
        /// Drawn by demand and charging of this bus alone.
        var own: Complex
        /// Through the branch from the parent.
        var current: Complex
        /// Summed so far from branches that lead away.
        var waiting: Complex
    }

    private static let limit = 60

    private let nodes: UnsafeMutableBufferPointer<Node>
    private let tolerance: Double
    /// Powers taken at |v| = 1 that go with |v|; empty where none do.
    private var demandCurrents: [Complex] = []

    /// - Precondition: `live` is a forest of `network`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, tolerance: Double) {
        let tree = ScaledTree(live, of: network)
        self.tolerance = tolerance
        nodes = .copy(
            of: live.buses.indices.map { position in
                Node(
                    parent: live.parents[position], impedance: tree.impedance[position],
                    shunt: tree.shunt[position], unit: tree.unit[position],
                    inverseUnit: Complex(1, 0) / tree.unit[position], demand: .zero, admittance: .zero,
                    voltage: .zero, own: .zero, current: .zero, waiting: .zero)
            })
    }

    deinit { nodes.deallocate() }

    /// Moves `voltage` to the solution for `specified`, both by position, p.u. Nil where it is not reached in
    /// the allowed number of sweeps; `voltage` is then as it was.
    func solve(_ specified: SpecifiedPower, _ voltage: UnsafeMutableBufferPointer<Complex>) -> Int? {
        demandCurrents = specified.currents.map { -$0 }
        for k in nodes.indices {
            nodes[k].demand = -specified.constant[k]
            nodes[k].admittance = nodes[k].shunt
            nodes[k].voltage = voltage[k] * nodes[k].inverseUnit
            nodes[k].own = .zero
            nodes[k].waiting = .zero
        }
        for k in specified.impedances.indices {
            nodes[k].admittance -= specified.impedances[k].conjugate * nodes[k].unit.squared
        }
        // Half the tolerance leaves room for |w| above 1; the sum over all buses bounds the largest.
        let least = 0.25 * tolerance * tolerance
        _ = backward()
        for iteration in 1...Self.limit {
            forward()
            let change = backward()
            guard change.isFinite else { return nil }
            if change <= least {
                for k in nodes.indices { voltage[k] = nodes[k].voltage * nodes[k].unit }
                return iteration
            }
        }
        return nil
    }

    /// Sums the currents towards the source. Returns the sum of |Δown|².
    ///
    /// Where the next bus is the parent, as along a cable, the sum stays in a register; elsewhere it waits in
    /// the parent's `current`.
    private func backward() -> Double {
        var change = 0.0
        var carried = Complex.zero
        let isConstant = demandCurrents.isEmpty
        for k in stride(from: nodes.count - 1, through: 0, by: -1) {
            let parent = nodes[k].parent
            guard parent >= 0 else {
                carried = .zero
                nodes[k].waiting = .zero
                continue
            }
            let v = nodes[k].voltage
            let demand = isConstant ? nodes[k].demand : self.demand(at: k)
            let own = (demand / v).conjugate + nodes[k].admittance * v
            change += (own - nodes[k].own).squared
            nodes[k].own = own
            let current = nodes[k].waiting + own + carried
            nodes[k].current = current
            nodes[k].waiting = .zero
            if parent == k - 1 {
                carried = current
            } else {
                carried = .zero
                nodes[parent].waiting += current
            }
        }
        return change
    }

    private func demand(at k: Int) -> Complex {
        nodes[k].demand + demandCurrents[k] * (nodes[k].voltage * nodes[k].unit).magnitude
    }

    /// Takes each branch's drop from its parent's voltage.
    private func forward() {
        var near = Complex.zero
        for k in nodes.indices {
            let parent = nodes[k].parent
            guard parent >= 0 else {
                near = nodes[k].voltage
                continue
            }
            if parent != k - 1 { near = nodes[parent].voltage }
            near = near - nodes[k].impedance * nodes[k].current
            nodes[k].voltage = near
        }
    }
}
