// The backward–forward sweep on trees (Shirmohammadi, Hong, Semlyen, Luo 1988), eight steps at a time: each
// step is a lane, and the trees are walked once for all of them.
//
// Backward, from the leaves to the sources, Kirchhoff's current law sums what each branch carries; a bus that
// is given the power s at voltage v takes −conj(s / v) = −conj(s)·v/|v|². Forward, from the sources to the
// leaves, Ohm's law takes each branch's drop from its parent's voltage. What is particular here:
//
// - −1/|v|² is carried from sweep to sweep and refreshed by one step of Newton's method for reciprocals,
//   n ← n·(2 + |v|²·n): no division in the loop. It is exact at the fixed point.
// - After a forward pass the currents are in balance, and at the new voltage v the current of before, drawn
//   at v₋ with n₋, gives the power −s·v·conj(v₋)·n₋. So a bus lacks s·(1 + v·conj(v₋)·n₋), exactly, and a
//   shunt y conj(y)·v·conj(v − v₋). The sum of their squares over all buses bounds the largest mismatch.
// - A block begins at the voltages of the one before. Currents along a chain of buses stay in registers, and
//   a feeder of some tens of buses never leaves the first-level cache: the powers of the next block are asked
//   for while this one is swept, and its voltages go past the caches once they are found.

import CMemory
import Grid
import Lanes
import LinearAlgebra

/// Owns the trees and the currents of one block; one a worker.
final class BatchedSweep: BlockSolver {
    /// What a bus holds between the two halves of a sweep.
    struct Cell {
        /// Through the branch from the parent, W per unit of voltage.
        var real = Lanes.zero
        var imaginary = Lanes.zero
        /// v.
        var voltageReal = Lanes.zero
        var voltageImaginary = Lanes.zero
        /// −1/|v|².
        var reciprocal = Lanes.zero

        @inline(__always)
        mutating func clear() {
            real = .zero
            imaginary = .zero
        }
    }

    private static let limit = 40
    /// The first of a stretch that is tested.
    private static let firstTested = 4

    let nodes: UnsafeMutableBufferPointer<SweepTree.Node>
    let cells: UnsafeMutableBufferPointer<Cell>
    let sources: [(position: Int, end: Int, voltage: Complex)]
    private let compensation: Compensation?
    /// Largest square of a solved lane's mismatch, W².
    private let allowed: Double
    /// Of each lane in the last sweep.
    private var mismatch = Lanes(repeating: .infinity)
    private var expected = BatchedSweep.firstTested
    /// The units of voltage, where they are not nominal; the index of each live regulator.
    private let units: [(position: Int, bus: Int, by: Complex)]
    private let regulators: [Int]

    /// `tolerance` in W.
    init(_ tree: SweepTree, tolerance: Double, compensation: Compensation?) {
        allowed = tolerance * tolerance
        self.compensation = compensation
        nodes = .copy(of: tree.nodes)
        cells = .filled(tree.nodes.count, with: Cell())
        units = tree.scaled.unit.enumerated().compactMap { position, unit in
            unit == Complex(1, 0) ? nil : (position, Int(tree.nodes[position].bus), unit)
        }
        regulators = tree.regulators.map(\.index)
        let ends = tree.sources.dropFirst().map(\.position) + [tree.nodes.count]
        sources = zip(tree.sources, ends).map { ($0.position, $1, $0.voltage) }
    }

    deinit {
        nodes.deallocate()
        cells.deallocate()
    }

    func restart() {
        mismatch = Lanes(repeating: .infinity)
        expected = Self.firstTested
    }

    /// Sweeps until every lane is at rest or the limit is reached. The first sweeps are not tested: as many
    /// as the last block needed all but one.
    func solve(_ block: LaneBlock, before next: LaneBlock) -> Int {
        let isWarm = isSolved
        if !isWarm { start() }
        compensation?.start(isCold: !isWarm)
        var count = Self.limit
        for sweep in 1...Self.limit {
            let ahead = sweep == 1 ? next : block
            let isTested = sweep >= expected
            if let compensation {
                backward(block, compensation, ahead: ahead)
                mismatch =
                    isTested
                    ? forward(block, ahead: ahead, isTested: true, compensation: compensation)
                    : forward(block, ahead: ahead, isTested: false, compensation: compensation)
                mismatch += compensation.correct(cells.baseAddress!)
            } else {
                backward(block, ahead: ahead)
                mismatch =
                    isTested
                    ? forward(block, ahead: ahead, isTested: true, compensation: nil)
                    : forward(block, ahead: ahead, isTested: false, compensation: nil)
            }
            let worst = mismatch.max()
            if isTested, worst <= allowed {
                expected = worst < 0.02 * allowed ? sweep - 1 : sweep
                count = sweep
                break
            }
        }
        write(block)
        return count
    }

    func isSolved(_ lane: Int) -> Bool { mismatch[lane] <= allowed }

    func forEachRegulator(_ body: (Int, Lanes) -> Void) {
        guard let compensation else { return }
        for (number, index) in regulators.enumerated() { body(index, compensation.reactive(of: number)) }
    }

    /// The mean of all lanes in the last block, by position, in the tree's units.
    var meanVoltages: [Complex] {
        cells.map {
            Complex($0.voltageReal.sum(), $0.voltageImaginary.sum()) * (1 / Double(Lanes.scalarCount))
        }
    }

    /// The sources' voltages everywhere.
    private func start() {
        for source in sources {
            let (re, im) = (source.voltage.real, source.voltage.imaginary)
            let reciprocal = Lanes(repeating: -1 / source.voltage.squared)
            for k in source.position..<source.end {
                cells[k].voltageReal = Lanes(repeating: re)
                cells[k].voltageImaginary = Lanes(repeating: im)
                cells[k].reciprocal = reciprocal
                cells[k].clear()
            }
        }
    }

    /// The voltages, as fractions of nominal.
    private func write(_ block: LaneBlock) {
        for k in nodes.indices {
            let bus = Int(nodes[k].bus)
            stream(block.real + bus, &cells[k].voltageReal)
            stream(block.imaginary + bus, &cells[k].voltageImaginary)
        }
        for (k, bus, by) in units {
            let (re, im) = (cells[k].voltageReal, cells[k].voltageImaginary)
            block.real[bus] = re * by.real - im * by.imaginary
            block.imaginary[bus] = re * by.imaginary + im * by.real
        }
    }

    /// Sums the currents towards the sources.
    private func backward(_ block: LaneBlock, ahead: LaneBlock) {
        let (nodes, cells) = (nodes.baseAddress!, cells.baseAddress!)
        for source in sources {
            var carried = (Lanes.zero, Lanes.zero)
            var k = source.end - 1
            while k > source.position {
                let node = nodes + k
                let bus = Int(node.pointee.bus)
                prefetch(ahead.active + bus)
                let (re, im, n) = (cells[k].voltageReal, cells[k].voltageImaginary, cells[k].reciprocal)
                let a = Lanes.fused(block.active[bus], n, Lanes(repeating: node.pointee.conductance))
                let c = Lanes.fused(block.reactive[bus], n, Lanes(repeating: node.pointee.minusSusceptance))
                let own = (Lanes.fused(c, im, a * re), Lanes.fused(-c, re, a * im))
                carried = Self.collect(own, carried, cells, node, k)
                k -= 1
            }
        }
    }

    /// Adds a bus's own current to what is carried and what waits at it. Gives what is carried on; where the
    /// parent is not next, that waits there, and nothing is.
    @inline(__always)
    static func collect(
        _ own: (Lanes, Lanes), _ carried: (Lanes, Lanes), _ cells: UnsafeMutablePointer<Cell>,
        _ node: UnsafeMutablePointer<SweepTree.Node>, _ k: Int
    ) -> (Lanes, Lanes) {
        var (real, imaginary) = (own.0 + carried.0, own.1 + carried.1)
        let links = node.pointee.links
        if links.contains(.collects) {
            real += cells[k].real
            imaginary += cells[k].imaginary
        }
        cells[k].real = real
        cells[k].imaginary = imaginary
        if links.contains(.followsParent) { return (real, imaginary) }
        let parent = cells + Int(node.pointee.parent)
        if links.contains(.opensParent) {
            parent.pointee.real = real
            parent.pointee.imaginary = imaginary
        } else {
            parent.pointee.real += real
            parent.pointee.imaginary += imaginary
        }
        return (.zero, .zero)
    }

    /// Takes each branch's drop from its parent's voltage. Tested, it gives the sum of the squares of what
    /// each bus lacks, W². The other arguments are constants too, so that each use is a loop of its own.
    @inline(__always)
    func forward(
        _ block: LaneBlock, ahead: LaneBlock, isTested: Bool, compensation: Compensation?
    ) -> Lanes {
        let (nodes, cells) = (nodes.baseAddress!, cells.baseAddress!)
        let two = Lanes(repeating: 2)
        var sum = Lanes.zero
        for source in sources {
            var re = Lanes(repeating: source.voltage.real)
            var im = Lanes(repeating: source.voltage.imaginary)
            var k = source.position + 1
            while k < source.end {
                let node = nodes + k
                if !node.pointee.links.contains(.followsParent) {
                    let parent = cells + Int(node.pointee.parent)
                    re = parent.pointee.voltageReal
                    im = parent.pointee.voltageImaginary
                }
                // The rise alone first: along a chain only its addition waits for the parent.
                let (jr, ji) = (cells[k].real, cells[k].imaginary)
                let (r, x) = (node.pointee.minusResistance, node.pointee.reactance)
                re += Lanes.fused(ji, x, jr * r)
                im += Lanes.fused(jr, node.pointee.minusReactance, ji * r)
                let bus = Int(node.pointee.bus)
                prefetch(ahead.reactive + bus)
                if isTested || compensation == nil {
                    let squared = Lanes.fused(im, im, re * re)
                    let n = cells[k].reciprocal
                    if isTested {
                        var q = block.reactive[bus]
                        if let compensation { q += compensation.reactive(at: k) }
                        let old = (cells[k].voltageReal, cells[k].voltageImaginary)
                        sum += Self.lack(block.active[bus], q, node, (re, im), squared, old, n)
                    }
                    if compensation == nil { cells[k].reciprocal = n * Lanes.fused(squared, n, two) }
                }
                cells[k].voltageReal = re
                cells[k].voltageImaginary = im
                k += 1
            }
        }
        return sum
    }

    /// The square of what a bus lacks that is given p + jq, at its new voltage; n is −1/|v|² of the old one.
    @inline(__always)
    private static func lack(
        _ p: Lanes, _ q: Lanes, _ node: UnsafeMutablePointer<SweepTree.Node>, _ new: (Lanes, Lanes),
        _ squared: Lanes, _ old: (Lanes, Lanes), _ n: Lanes
    ) -> Lanes {
        let e = Lanes.fused(n, Lanes.fused(new.0, old.0, new.1 * old.1), Lanes(repeating: 1))
        let f = n * Lanes.fused(new.1, old.0, -new.0 * old.1)
        let power = Lanes.fused(p, p, q * q) * node.pointee.weight
        let (dr, di) = (new.0 - old.0, new.1 - old.1)
        return Lanes.fused(
            power, Lanes.fused(e, e, f * f),
            squared * node.pointee.shuntWeight * Lanes.fused(dr, dr, di * di))
    }
}
