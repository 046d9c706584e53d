// The sweep of trees with loops and held voltages. Backward, each voltage first moves by what the unknowns of
// the compensation moved it, and only then draws its current.

import CPrefetch
import LinearAlgebra

extension BatchedSweep {
    func backward(_ block: LaneBlock, from: LaneBlock, _ compensation: Compensation, ahead: LaneBlock) {
        let (nodes, cells) = (nodes.baseAddress!, cells.baseAddress!)
        let (places, shifts) = (compensation.places.baseAddress!, compensation.shifts.baseAddress!)
        let two = Lanes(repeating: 2)
        for source in sources {
            var carried = (Lanes.zero, Lanes.zero)
            var k = source.end - 1
            while k > source.position {
                let (node, place) = (nodes + k, places + k)
                let bus = Int(node.pointee.bus)
                askFor(ahead.active + bus, ahead.reactive + bus)
                let move = shifts[Int(place.pointee.segment)].move(place.pointee)
                let (re, im) = (from.real[bus] + move.real, from.imaginary[bus] + move.imaginary)
                block.real[bus] = re
                block.imaginary[bus] = im
                var n = cells[k].reciprocal
                n *= Lanes.fused(Lanes.fused(im, im, re * re), n, two)
                cells[k].reciprocal = n
                let q = block.reactive[bus] + compensation.reactive(at: k)
                let a = Lanes.fused(block.active[bus], n, Lanes(repeating: node.pointee.conductance))
                let c = Lanes.fused(q, n, Lanes(repeating: node.pointee.minusSusceptance))
                let own = (Lanes.fused(c, im, a * re), Lanes.fused(-c, re, a * im))
                carried = Self.collect(own, carried, cells, node, k)
                k -= 1
            }
        }
    }
}

/// Asks for two cache lines.
@inline(__always)
func askFor(_ a: UnsafePointer<Lanes>, _ b: UnsafePointer<Lanes>) {
    prefetch(a)
    prefetch(b)
}

@inline(__always)
func askFor(_ a: UnsafeMutablePointer<Lanes>, _ b: UnsafeMutablePointer<Lanes>) {
    prefetch_for_writing(a)
    prefetch_for_writing(b)
}
