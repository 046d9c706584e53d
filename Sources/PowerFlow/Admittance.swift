import Grid
import LinearAlgebra

/// The admittance matrix of a live network in the order in which a `BlockLU` eliminates it, p.u.
struct Admittance {
    /// An off-diagonal pair: Y(row, column) below the diagonal and Y(column, row) above it.
    struct Link {
        /// Of the pattern.
        let entry: Int32
        let row: Int32
        var below: Complex
        var above: Complex
    }

    let pattern: BlockPattern
    private(set) var diagonal: [Complex]
    /// Those of column k are `links[starts[k]..<starts[k + 1]]`.
    private(set) var links: [Link] = []
    private(set) var starts: [Int32] = [0]
    /// Entries of the pattern that only elimination fills.
    let fills: [Int32]

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let ends = live.branches.map { index in
            let branch = network.branches[index]
            return (Int32(live.positions[branch.from]!), Int32(live.positions[branch.to]!))
        }
        pattern = BlockPattern(count: live.buses.count, edges: ends)
        diagonal = pattern.nodes.map { position in
            let bus = live.buses[Int(position)]
            return Complex(network.shuntConductance[bus], network.shuntSusceptance[bus])
        }
        var sums = [(below: Complex, above: Complex)?](repeating: nil, count: pattern.rows.count)
        for (at, index) in live.branches.enumerated() {
            let port = TwoPort(network.branches[index])
            let (from, to) = (pattern.positions[Int(ends[at].0)], pattern.positions[Int(ends[at].1)])
            diagonal[Int(from)] += port.from
            diagonal[Int(to)] += port.to
            guard let entry = from == to ? nil : pattern.entry(from, to) else {
                diagonal[Int(from)] += port.fromTo + port.toFrom
                continue
            }
            let (below, above) = from > to ? (port.fromTo, port.toFrom) : (port.toFrom, port.fromTo)
            let sum = sums[entry] ?? (.zero, .zero)
            sums[entry] = (sum.below + below, sum.above + above)
        }
        fills = sums.indices.filter { sums[$0] == nil }.map { Int32($0) }
        links.reserveCapacity(live.branches.count)
        for column in 0..<live.buses.count {
            for entry in pattern.starts[column]..<pattern.starts[column + 1] {
                guard let sum = sums[Int(entry)] else { continue }
                links.append(
                    Link(entry: entry, row: pattern.rows[Int(entry)], below: sum.below, above: sum.above))
            }
            starts.append(Int32(links.count))
        }
    }
}
