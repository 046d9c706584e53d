public import Agents
import Randomness

/// Networks of usual shape. Every link exists in both directions, with the same properties.
extension CommunicationNetwork {
    /// A network in which every node is linked to `centre` alone.
    public static func star(nodes: Int, centre: NodeID, link: Link) -> CommunicationNetwork {
        let others = (0..<nodes).filter { $0 != centre.index }
        return CommunicationNetwork(nodes: nodes, pairs: others.map { ($0, centre.index) }, link: link)
    }

    /// A network in which every node is linked to its parent; nil: it has none.
    public static func tree(parents: [NodeID?], link: Link) -> CommunicationNetwork {
        let pairs = parents.enumerated().compactMap { node, parent in parent.map { (node, $0.index) } }
        return CommunicationNetwork(nodes: parents.count, pairs: pairs, link: link)
    }

    /// A tree in which node `root` is at the top and each node has up to `children` below it, filled level by
    /// level in order of place.
    public static func tree(nodes: Int, root: NodeID, children: Int, link: Link) -> CommunicationNetwork {
        precondition(children > 0)
        let order = [root.index] + (0..<nodes).filter { $0 != root.index }
        let pairs = (1..<max(nodes, 1)).map { (order[$0], order[($0 - 1) / children]) }
        return CommunicationNetwork(nodes: nodes, pairs: pairs, link: link)
    }

    /// A network in which every node is linked to the one before and the one after it.
    public static func ring(nodes: Int, link: Link) -> CommunicationNetwork {
        let pairs = nodes < 2 ? [] : (0..<nodes).map { ($0, ($0 + 1) % nodes) }
        return CommunicationNetwork(nodes: nodes, pairs: pairs, link: link)
    }

    /// A network in which every node is linked to every other.
    public static func mesh(nodes: Int, link: Link) -> CommunicationNetwork {
        let pairs = (0..<nodes).flatMap { a in (a + 1..<max(nodes, a + 1)).map { (a, $0) } }
        return CommunicationNetwork(nodes: nodes, pairs: pairs, link: link)
    }

    /// A connected random network in which every node has `degree` neighbours: a ring lattice whose links
    /// have swapped ends many times at random.
    ///
    /// Preconditions: 2 ≤ `degree` < `nodes`, and `degree` × `nodes` is even.
    public static func regular(nodes: Int, degree: Int, seed: UInt64, link: Link) -> CommunicationNetwork {
        precondition(degree >= 2 && degree < nodes && (degree * nodes).isMultiple(of: 2))
        for attempt in 0... {
            let stream = RandomStream(seed: seed, entity: UInt32(attempt), purpose: 0x6772_6170)  // "grap"
            var lattice = Lattice(nodes: nodes, degree: degree)
            for swap in 0..<5 * lattice.edges.count {
                lattice.swap(
                    stream.integer(below: lattice.edges.count, step: swap, draw: 0),
                    stream.integer(below: lattice.edges.count, step: swap, draw: 1))
            }
            let network = CommunicationNetwork(nodes: nodes, pairs: lattice.edges, link: link)
            // Most draws are connected; a degree of 2 falls apart more often and keeps the ring at last.
            if network.isConnected { return network }
            if attempt == 20 { break }
        }
        return CommunicationNetwork(
            nodes: nodes, pairs: Lattice(nodes: nodes, degree: degree).edges, link: link)
    }

    /// A graph in which every node has the same number of neighbours.
    private struct Lattice {
        private let degree: Int
        private var adjacent: [Int]
        private(set) var edges: [(Int, Int)] = []

        /// Each node is linked to the next degree/2 nodes of a ring, and for an odd degree to the opposite
        /// one.
        init(nodes: Int, degree: Int) {
            self.degree = degree
            for node in 0..<nodes {
                for step in stride(from: 1, through: degree / 2, by: 1) {
                    edges.append((node, (node + step) % nodes))
                }
                if !degree.isMultiple(of: 2), node < nodes / 2 { edges.append((node, node + nodes / 2)) }
            }
            adjacent = Array(repeating: -1, count: nodes * degree)
            for (a, b) in edges {
                replace(-1, by: b, at: a)
                replace(-1, by: a, at: b)
            }
        }

        private func isAdjacent(_ a: Int, _ b: Int) -> Bool {
            adjacent[a * degree..<(a + 1) * degree].contains(b)
        }

        private mutating func replace(_ old: Int, by new: Int, at node: Int) {
            let places = node * degree..<(node + 1) * degree
            adjacent[places.first { adjacent[$0] == old }!] = new
        }

        /// Lets two edges swap ends, unless that made a loop or a double edge.
        mutating func swap(_ one: Int, _ two: Int) {
            let ((a, b), (c, d)) = (edges[one], edges[two])
            guard a != d, c != b, a != c, b != d, !isAdjacent(a, d), !isAdjacent(c, b) else { return }
            replace(b, by: d, at: a)
            replace(a, by: c, at: b)
            replace(d, by: b, at: c)
            replace(c, by: a, at: d)
            (edges[one], edges[two]) = ((a, d), (c, b))
        }
    }
}
