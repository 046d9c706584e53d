// Newton's method on the equations of `PowerEquations`, eight steps at a time: each step is a lane, all lanes
// share one pattern of blocks and one order of elimination. For networks with so many loops, or such ratios
// around them, that no sweep serves.
//
// Where |v| is held the second equation of a bus is a = 0. Whether it is held, or its reactive power stands
// at a limit, differs from lane to lane and is a factor 1 or 0; each lane is asked when it is solved.

import Grid
import Lanes
import LinearAlgebra

/// Owns the matrix and the state of one block; one a worker.
final class BatchedNewton: BlockSolver {
    struct Node {
        let bus: Int
        let selfAdmittance: Complex
        /// 0 at a source, where both parts of the voltage are given.
        let isBalanced: Double
        /// Given at a source; where others begin.
        let start: Complex
        var real = Lanes.zero
        var imaginary = Lanes.zero
        /// Given to the network at these voltages.
        var active = Lanes.zero
        var reactive = Lanes.zero
        /// 1 where reactive power is an equation, 0 where |v| is held or given.
        var balancesReactive = Lanes.zero
        /// Reactive power of a regulator at its limit.
        var support = Lanes.zero
    }

    private static let limit = 40
    /// See `BlockLU.factor`.
    private static let poorPivots = 1e14

    let nodes: UnsafeMutableBufferPointer<Node>
    private let links: UnsafeMutableBufferPointer<AdmittanceMatrix.Link>
    private let starts: UnsafeMutableBufferPointer<Int32>
    private let fills: [Int32]
    private let jacobian: BlockLU<Lanes>
    /// What is left over on the way in, a and b of each node on the way out.
    private let step: UnsafeMutableBufferPointer<Lanes>
    private let regulation: LaneRegulation
    private let basePower: Double
    private let allowed: Double
    /// Of each lane's mismatches.
    private var squares = Lanes(repeating: .infinity)

    /// `tolerance` in p.u.
    init(_ live: LiveNetwork, of network: PerUnitNetwork, tolerance: Double) {
        let flatStart = PowerFlowSolver.flatStart(live, of: network)
        let admittances = AdmittanceMatrix(live, of: network)
        let pattern = admittances.pattern
        nodes = .copy(
            of: pattern.nodes.enumerated().map { place, position in
                Node(
                    bus: live.buses[Int(position)], selfAdmittance: admittances.diagonal[place],
                    isBalanced: live.parents[Int(position)] < 0 ? 0 : 1, start: flatStart[Int(position)])
            })
        links = .copy(of: admittances.links)
        starts = .copy(of: admittances.starts)
        fills = admittances.fills
        jacobian = BlockLU(pattern)
        step = .filled(2 * live.buses.count, with: .zero)
        regulation = LaneRegulation(live, of: network, places: pattern.positions, tolerance: tolerance)
        basePower = network.basePower
        allowed = tolerance * tolerance
    }

    deinit {
        nodes.deallocate()
        links.deallocate()
        starts.deallocate()
        step.deallocate()
    }

    func isSolved(_ lane: Int) -> Bool { squares[lane] <= allowed }

    func forEachRegulator(_ body: (Int, Lanes) -> Void) {
        for unit in regulation.units { body(unit.index, unit.given * basePower) }
    }

    func restart() { squares = Lanes(repeating: .infinity) }

    func solve(_ block: LaneBlock, before next: LaneBlock) -> Int {
        if !isSolved { start() }
        regulation.reset(nodes)
        squares = evaluate(block)
        for iteration in 0..<Self.limit {
            if isSolved {
                guard regulation.review(nodes, block, basePower) else {
                    refuseLowVoltages()
                    write(block)
                    return iteration
                }
                squares = evaluate(block)
            }
            let condition = jacobian.factor()
            jacobian.solve(step.baseAddress!)
            move()
            squares = evaluate(block)
            // A lane whose pivots were poor is not trusted.
            for lane in 0..<Lanes.scalarCount where !(condition[lane] < Self.poorPivots) {
                squares[lane] = .nan
            }
        }
        // What is solved here without a last look at its limits is not known to be.
        if !regulation.units.isEmpty { squares = Lanes(repeating: .infinity) }
        refuseLowVoltages()
        write(block)
        return Self.limit
    }

    private func start() {
        for k in nodes.indices {
            nodes[k].real = Lanes(repeating: nodes[k].start.real)
            nodes[k].imaginary = Lanes(repeating: nodes[k].start.imaginary)
            nodes[k].balancesReactive = Lanes(repeating: nodes[k].isBalanced)
        }
    }

    /// v ← v·(1 + a)·(1 + jb/2)/(1 − jb/2), 1 + a at least a third or so.
    private func move() {
        for k in nodes.indices {
            let (a, b) = (step[2 * k], step[2 * k + 1])
            let square = b * b * 0.25
            let grown = a + 0.7
            // max(1 + a, 0.3)
            let factor = (0.3 + 0.5 * (grown + grown.magnitudes)) / (1 + square)
            let (re, im) = ((1 - square) * factor, b * factor)
            let (x, y) = (nodes[k].real, nodes[k].imaginary)
            nodes[k].real = x * re - y * im
            nodes[k].imaginary = x * im + y * re
        }
    }

    /// Lanes with a voltage so low that only a closer look can tell whether it is right are not solved.
    private func refuseLowVoltages() {
        let least = Lanes(repeating: MeshedSolver.leastVoltage * MeshedSolver.leastVoltage)
        var shortfall = Lanes.zero
        for node in nodes {
            let short = least - Lanes.fused(node.real, node.real, node.imaginary * node.imaginary)
            shortfall += short + short.magnitudes
        }
        for lane in 0..<Lanes.scalarCount where shortfall[lane] > 0 { squares[lane] = .infinity }
    }

    private func write(_ block: LaneBlock) {
        for node in nodes {
            block.real[node.bus] = node.real
            block.imaginary[node.bus] = node.imaginary
        }
    }
}

// The equations, as in `PowerEquations`.
extension BatchedNewton {
    /// Finds every node's power, what is left over to the injected one, and the matrix of derivatives. Gives
    /// the sum of squares of what is left over.
    private func evaluate(_ block: LaneBlock) -> Lanes {
        let entries = jacobian.entries.baseAddress!
        for k in nodes.indices {
            nodes[k].active = .zero
            nodes[k].reactive = .zero
        }
        for entry in fills { (entries + 8 * Int(entry)).update(repeating: .zero, count: 8) }
        var sum = Lanes.zero
        for k in nodes.indices {
            write(k)
            let node = nodes.baseAddress! + k
            let p = block.active[node.pointee.bus] * (1 / basePower) - node.pointee.active
            let q =
                block.reactive[node.pointee.bus] * (1 / basePower) + node.pointee.support
                - node.pointee.reactive
            let active = p * node.pointee.isBalanced
            let reactive = q * node.pointee.balancesReactive
            step[2 * k] = active
            step[2 * k + 1] = reactive
            sum = Lanes.fused(active, active, Lanes.fused(reactive, reactive, sum))
        }
        return sum
    }

    /// Adds the links of column k, which completes its power, and writes its blocks.
    @inline(__always)
    private func write(_ k: Int) {
        let (nodes, entries) = (nodes.baseAddress!, jacobian.entries.baseAddress!)
        let (vr, vi) = (nodes[k].real, nodes[k].imaginary)
        let (p, q) = (nodes[k].isBalanced, nodes[k].balancesReactive)
        let squared = Lanes.fused(vr, vr, vi * vi)
        let ownReal = squared * nodes[k].selfAdmittance.real
        let ownImaginary = squared * -nodes[k].selfAdmittance.imaginary
        var active = nodes[k].active + ownReal
        var reactive = nodes[k].reactive + ownImaginary
        for at in Int(starts[k])..<Int(starts[k + 1]) {
            let link = links[at]
            let far = nodes + Int(link.row)
            // v(row)·conj(v(k)).
            let pr = Lanes.fused(far.pointee.real, vr, far.pointee.imaginary * vi)
            let pi = Lanes.fused(far.pointee.imaginary, vr, -far.pointee.real * vi)
            let belowReal = Lanes.fused(pr, link.below.real, pi * link.below.imaginary)
            let belowImaginary = Lanes.fused(pi, link.below.real, pr * -link.below.imaginary)
            let aboveReal = Lanes.fused(pr, link.above.real, pi * -link.above.imaginary)
            let aboveImaginary = Lanes.fused(pi, -link.above.real, pr * -link.above.imaginary)
            far.pointee.active += belowReal
            far.pointee.reactive += belowImaginary
            active += aboveReal
            reactive += aboveImaginary
            let entry = entries + 8 * Int(link.entry)
            let (farP, farQ) = (far.pointee.isBalanced, far.pointee.balancesReactive)
            entry[0] = belowReal * farP
            entry[1] = belowImaginary * farP
            entry[2] = belowImaginary * farQ
            entry[3] = -belowReal * farQ
            entry[4] = aboveReal * p
            entry[5] = aboveImaginary * p
            entry[6] = aboveImaginary * q
            entry[7] = -aboveReal * q
        }
        nodes[k].active = active
        nodes[k].reactive = reactive
        let diagonal = jacobian.diagonal.baseAddress! + 4 * k
        // Where there is no equation, an identity of the others' size.
        let size = 1 + ownReal.magnitudes + ownImaginary.magnitudes
        diagonal[0] = (ownReal + active) * p
        diagonal[1] = (ownImaginary - reactive) * p + (1 - p) * size
        diagonal[2] = (ownImaginary + reactive) * q + (1 - q) * size
        diagonal[3] = (active - ownReal) * q
    }
}
