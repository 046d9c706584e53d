import Grid
import LinearAlgebra

/// The bus admittance matrix of a live network in the order of elimination, p.u. Places are positions of
/// `pattern`.
struct AdmittanceMatrix {
    /// An off-diagonal pair, at an entry of the pattern.
    struct Link {
        let entry: Int32
        let row: Int32
        /// Y(row, column) and Y(column, row).
        var below = Complex.zero
        var above = Complex.zero
    }

    let pattern: BlockPattern
    let diagonal: [Complex]
    /// Those of column k are `links[starts[k]..<starts[k + 1]]`, by row.
    let links: [Link]
    let starts: [Int32]
    /// Entries of the pattern that are no link.
    let fills: [Int32]

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let ends = live.branches.map { index in
            let branch = network.branches[index]
            return (Int32(live.positions[branch.from]!), Int32(live.positions[branch.to]!))
        }
        let pattern = BlockPattern(count: live.buses.count, edges: ends)
        let places = pattern.positions
        let entries = ends.map { pattern.entry(places[Int($0.0)], places[Int($0.1)]) ?? -1 }
        var (links, linkOfEntry) = Self.links(pattern, entries)
        var diagonal = [Complex](repeating: .zero, count: live.buses.count)
        for (position, bus) in live.buses.enumerated() {
            diagonal[Int(places[position])] =
                Complex(network.shuntConductance[bus], network.shuntSusceptance[bus])
        }
        for (at, index) in live.branches.enumerated() {
            let port = TwoPort(network.branches[index])
            let (from, to) = (Int(places[Int(ends[at].0)]), Int(places[Int(ends[at].1)]))
            diagonal[from] += port.from
            diagonal[to] += port.to
            guard from != to else {
                diagonal[from] += port.fromTo + port.toFrom
                continue
            }
            let link = Int(linkOfEntry[entries[at]])
            links[link].below += from > to ? port.fromTo : port.toFrom
            links[link].above += from > to ? port.toFrom : port.fromTo
        }
        self.pattern = pattern
        self.diagonal = diagonal
        self.links = links
        fills = linkOfEntry.indices.filter { linkOfEntry[$0] < 0 }.map { Int32($0) }
        var link = 0
        starts = pattern.starts.map { start in
            while link < links.count && links[link].entry < start { link += 1 }
            return Int32(link)
        }
    }

    /// Links of no admittance yet at those entries, each once, and the number of each entry's link, −1 where
    /// there is none.
    private static func links(_ pattern: BlockPattern, _ entries: [Int]) -> ([Link], [Int32]) {
        var linkOfEntry = [Int32](repeating: -1, count: pattern.rows.count)
        for entry in entries where entry >= 0 { linkOfEntry[entry] = 0 }
        var links: [Link] = []
        links.reserveCapacity(entries.count)
        for entry in linkOfEntry.indices where linkOfEntry[entry] == 0 {
            linkOfEntry[entry] = Int32(links.count)
            links.append(Link(entry: Int32(entry), row: pattern.rows[entry]))
        }
        return (links, linkOfEntry)
    }

    /// The links whose earlier end a place is.
    func column(_ k: Int) -> ArraySlice<Link> { links[Int(starts[k])..<Int(starts[k + 1])] }

    /// The places linked to one, each with the admittance Y(place, other).
    func neighbours(of place: Int) -> [(other: Int, admittance: Complex)] {
        diagonal.indices.flatMap { k in
            column(k).compactMap { link in
                if k == place { return (Int(link.row), link.above) }
                return Int(link.row) == place ? (k, link.below) : nil
            }
        }
    }
}
