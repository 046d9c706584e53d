// Eight outages are looked at together, one a lane. After each of them every line has the flow it had before
// plus a scaled difference of two angles of that outage's own solution; both are taken here as parts of the
// line's limit, so that 1 is the limit. The limit is one of apparent power: the line's reactive power before
// the outage is added, in squares. Bit patterns of numbers that are not negative are ordered as they are, and
// a sign bit spread over its lane is a mask: nothing is compared lane by lane.

import Lanes

/// The lines that have a limit, as the pass over all outages reads them.
final class WatchedLines {
    struct Line {
        /// Places of the angles of its ends.
        let from: Int32
        let to: Int32
        /// Position of one end in the live network: where a bridge feeds that end, it feeds the line.
        let position: Int
        /// Index of the line in the model.
        let line: Int
        /// Flow before and susceptance, over the limit.
        let flow: Double
        let susceptance: Double
        /// The square of the reactive power before, over the limit.
        let reactive: Double
    }

    /// The worst found so far of each lane.
    struct Findings {
        /// The square of the largest loading; below 0 for none.
        var loading = Lanes(repeating: -1)
        /// Index of the watched line; −1 for none.
        var place = SIMD8<Int64>(repeating: -1)
        var overloads = SIMD8<Int64>.zero
    }

    let lines: [Line]

    /// `lines` in the order of `position`.
    init(_ lines: [Line]) { self.lines = lines }

    /// Index of the first line at `position` or after.
    func first(from position: Int) -> Int {
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].position < position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Adds to `findings` what the lines in `range` carry when each lane's angles are scaled by `scale`.
    func weigh(
        _ range: Range<Int>, _ angles: UnsafeBufferPointer<Lanes>, scale: Lanes, into findings: inout Findings
    ) {
        var (loading, place, overloads) = (findings.loading, findings.place, findings.overloads)
        lines.withUnsafeBufferPointer { lines in
            for index in range {
                let line = lines[index]
                let change = (angles[Int(line.from)] - angles[Int(line.to)]) * scale
                let flow = Lanes.fused(change, line.susceptance, Lanes(repeating: line.flow))
                let size = Lanes.fused(flow, flow, Lanes(repeating: line.reactive))
                let isWorse = (loading - size).negativeMask
                loading = size.kept(where: isWorse, else: loading)
                place = (SIMD8(repeating: Int64(index)) & isWorse) | (place & ~isWorse)
                overloads &-= (1 - size).negativeMask
            }
        }
        findings = Findings(loading: loading, place: place, overloads: overloads)
    }

    /// The same for one lane and line.
    func weigh(
        _ index: Int, lane: Int, _ angles: UnsafeBufferPointer<Lanes>, scale: Double,
        into findings: inout Findings
    ) {
        let line = lines[index]
        let change = angles[Int(line.from)][lane] - angles[Int(line.to)][lane]
        let flow = line.flow + change * scale * line.susceptance
        let size = flow * flow + line.reactive
        if size > findings.loading[lane] {
            findings.loading[lane] = size
            findings.place[lane] = Int64(index)
        }
        if size > 1 { findings.overloads[lane] += 1 }
    }
}
