// The backward–forward sweep on a tree (Shirmohammadi, Hong, Semlyen, Luo 1988), in the currents.
//
// A load of constant power s at voltage v draws conj(s / v). Backward, from the leaves to the source,
// Kirchhoff's current law sums what every branch carries; forward, from the source to the leaves, Ohm's law
// takes each branch's drop z·j from its parent's voltage. The two repeat until no current changes: then
// v·conj(own current) is the load.
//
// Buses are measured in units of their own (`ScaledTree`), so that every ratio is 1.
//
// After a forward pass the currents are in balance and each load draws w·conj(own) instead of its s. The next
// backward pass finds the difference as the change of its own current: |w|·|Δown| is the bus's power
// mismatch, so that the test for convergence costs nothing of its own.

import Grid
import LinearAlgebra

/// Owns the tree and its workspace; one a worker.
final class BackwardForwardSweep {
    private struct Node {
        let parent: Int
        let impedance: Complex
        let susceptance: Double
        let scale: Double
        /// Constant power taken from the network.
        var demand: Complex
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

    /// - Precondition: `live` is a tree of `network`.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, tolerance: Double) {
        let tree = ScaledTree(live, of: network)
        self.tolerance = tolerance
        nodes = .allocate(capacity: live.buses.count)
        for position in live.buses.indices {
            let node = Node(
                parent: live.parents[position], impedance: tree.impedance[position],
                susceptance: tree.susceptance[position], scale: tree.scale[position], demand: .zero,
                voltage: .zero,
                own: .zero, current: .zero, waiting: .zero)
            nodes.initializeElement(at: position, to: node)
        }
    }

    deinit { nodes.deallocate() }

    /// Moves `voltage` to the solution for `injection`, both by position, p.u. Nil where it is not reached in
    /// the allowed number of sweeps; `voltage` is then as it was.
    func solve(
        _ injection: UnsafeMutableBufferPointer<Complex>, _ voltage: UnsafeMutableBufferPointer<Complex>
    )
        -> Int?
    {
        for k in nodes.indices {
            nodes[k].demand = -injection[k]
            nodes[k].voltage = voltage[k] * (1 / nodes[k].scale)
            nodes[k].own = .zero
            nodes[k].waiting = .zero
        }
        // Half the tolerance leaves room for |w| above 1; the sum over all buses bounds the largest.
        let least = 0.25 * tolerance * tolerance
        _ = backward()
        for iteration in 1...Self.limit {
            forward()
            let change = backward()
            guard change.isFinite else { return nil }
            if change <= least {
                for k in nodes.indices { voltage[k] = nodes[k].voltage * nodes[k].scale }
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
        var k = nodes.count - 1
        while k > 0 {
            let v = nodes[k].voltage
            let own = (nodes[k].demand / v).conjugate + v.timesImaginary(nodes[k].susceptance)
            change += (own - nodes[k].own).squared
            nodes[k].own = own
            let current = nodes[k].waiting + own + carried
            nodes[k].current = current
            nodes[k].waiting = .zero
            let parent = nodes[k].parent
            if parent == k - 1 {
                carried = current
            } else {
                carried = .zero
                nodes[parent].waiting += current
            }
            k -= 1
        }
        return change
    }

    /// Takes each branch's drop from its parent's voltage.
    private func forward() {
        var k = 1
        var near = nodes[0].voltage
        while k < nodes.count {
            let parent = nodes[k].parent
            if parent != k - 1 { near = nodes[parent].voltage }
            near = near - nodes[k].impedance * nodes[k].current
            nodes[k].voltage = near
            k += 1
        }
    }
}
