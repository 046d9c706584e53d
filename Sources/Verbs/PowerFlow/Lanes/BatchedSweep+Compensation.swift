// The sweep of trees with loops and held voltages. Backward, each voltage first moves by what the unknowns of
// the compensation moved it, and only then draws its current.

import CMemory
import Lanes

extension BatchedSweep {
    func backward(_ block: LaneBlock, _ compensation: Compensation, ahead: LaneBlock) {
        let (nodes, cells) = (nodes.baseAddress!, cells.baseAddress!)
        let (places, shifts) = (compensation.places.baseAddress!, compensation.shifts.baseAddress!)
        let two = Lanes(repeating: 2)
        for source in sources {
            var carried = (Lanes.zero, Lanes.zero)
            var k = source.end - 1
            while k > source.position {
                let (node, place) = (nodes + k, places + k)
                let bus = Int(node.pointee.bus)
                prefetch(ahead.active + bus)
                let move = shifts[Int(place.pointee.segment)].move(place.pointee)
                let re = cells[k].voltageReal + move.real
                let im = cells[k].voltageImaginary + move.imaginary
                cells[k].voltageReal = re
                cells[k].voltageImaginary = im
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
