public import Agents

/// Nodes and the directed links between them. Nodes beyond the number of agents only relay.
///
/// A message to a node that is no neighbour goes along a path with the fewest links, hop by hop: every link
/// of it delays, loses and queues on its own.
public struct CommunicationNetwork: Hashable, Sendable {
    /// One directed link.
    public struct Edge: Hashable, Sendable {
        /// Node that sends.
        public let from: NodeID
        /// Node that receives.
        public let to: NodeID
        /// Place of its properties in `laws`.
        public var law: Int

        /// Creates a link from `from` to `to`.
        public init(from: NodeID, to: NodeID, law: Int = 0) {
            self.from = from
            self.to = to
            self.law = law
        }
    }

    /// Number of nodes.
    public let nodes: Int
    /// Directed links, in order of `from`, then `to`.
    public private(set) var edges: [Edge]
    /// Different properties of links; at most 65,536.
    public private(set) var laws: [Link]
    /// Place in `edges` of the first link from each node, and the number of links at the end.
    let first: [Int32]

    /// Creates a network. Of several links from one node to another the last one counts.
    ///
    /// Preconditions: links between different nodes among 0 ..< `nodes`, at most 2³¹ − 1 of them; their laws
    /// in `laws`.
    public init(nodes: Int, edges: [Edge], laws: [Link]) {
        precondition(laws.count <= 1 << 16 && nodes < 1 << 31 && edges.count < 1 << 31)
        precondition(
            edges.allSatisfy {
                $0.from != $0.to && $0.from.index < nodes && $0.to.index < nodes
                    && laws.indices.contains($0.law)
            }, "a link to nowhere")
        let order = edges.indices.sorted {
            (edges[$0].from, edges[$0].to, $0) < (edges[$1].from, edges[$1].to, $1)
        }
        var kept: [Edge] = []
        kept.reserveCapacity(edges.count)
        for edge in order.lazy.map({ edges[$0] }) {
            if let last = kept.last, last.from == edge.from, last.to == edge.to { kept.removeLast() }
            kept.append(edge)
        }
        var first = [Int32](repeating: 0, count: nodes + 1)
        for edge in kept { first[edge.from.index + 1] += 1 }
        for node in 0..<nodes { first[node + 1] += first[node] }
        self.nodes = nodes
        self.edges = kept
        self.laws = laws
        self.first = first
    }

    /// Creates a network with links in both directions between the nodes of each pair, all alike.
    public init(nodes: Int, pairs: [(Int, Int)], link: Link) {
        let edges = pairs.flatMap {
            [Edge(from: NodeID($0), to: NodeID($1)), Edge(from: NodeID($1), to: NodeID($0))]
        }
        self.init(nodes: nodes, edges: edges, laws: [link])
    }

    /// Places in `edges` of the links from `node`.
    public func links(from node: NodeID) -> Range<Int> {
        Int(first[node.index])..<Int(first[node.index + 1])
    }

    /// Nodes that `node` sends to in one hop, in ascending order.
    public func neighbours(of node: NodeID) -> [NodeID] { links(from: node).map { edges[$0].to } }

    /// Place in `edges` of the link from `from` to `to`; nil when there is none.
    public func link(from: NodeID, to: NodeID) -> Int? {
        var (lower, upper) = (Int(first[from.index]), Int(first[from.index + 1]))
        while lower < upper {
            let middle = (lower + upper) / 2
            let found = edges[middle].to
            if found == to { return middle }
            if found < to { lower = middle + 1 } else { upper = middle }
        }
        return nil
    }

    /// Gives the links that `isMeant` names other properties.
    public mutating func set(_ link: Link, where isMeant: (Edge) -> Bool) {
        let law = laws.firstIndex(of: link) ?? laws.count
        precondition(law < 1 << 16, "more than 65,536 different links")
        if law == laws.count { laws.append(link) }
        for index in edges.indices where isMeant(edges[index]) { edges[index].law = law }
    }

    /// Whether every node reaches every other.
    public var isConnected: Bool {
        let reversed = CommunicationNetwork(
            nodes: nodes, edges: edges.map { Edge(from: $0.to, to: $0.from) }, laws: [.perfect])
        return nodes == 0 || (reached == nodes && reversed.reached == nodes)
    }

    /// Number of nodes that node 0 reaches, itself included.
    private var reached: Int {
        var seen = Array(repeating: false, count: nodes)
        var (queue, count) = ([0], 0)
        seen[0] = true
        while let node = queue.popLast() {
            count += 1
            for link in links(from: NodeID(node)) where !seen[edges[link].to.index] {
                seen[edges[link].to.index] = true
                queue.append(edges[link].to.index)
            }
        }
        return count
    }
}
