import Agents

/// Next links of paths with the fewest hops, reckoned for a destination when it is first asked for.
@usableFromInline
struct Routes: Sendable {
    /// By destination, empty until asked for: the link out of each node; −1: there is none.
    private var next: [[Int32]]
    /// Links by their receiver, from `begin[receiver]` on.
    private var incoming: [Int32] = []
    private var begin: [Int32] = []

    init(nodes: Int) { next = Array(repeating: [], count: nodes) }

    /// Forgets all paths, as links or nodes have changed.
    mutating func forget() {
        for node in next.indices where !next[node].isEmpty { next[node] = [] }
    }

    /// Returns the link that leads from `node` towards `destination` over links and nodes that work; nil when
    /// no path does.
    mutating func link(
        from node: Int, to destination: Int, in network: CommunicationNetwork,
        isUp: (Int) -> Bool, relays: (Int) -> Bool
    ) -> Int? {
        if next[destination].isEmpty { explore(destination, network, isUp, relays) }
        let link = Int(next[destination][node])
        return link < 0 ? nil : link
    }

    private mutating func explore(
        _ destination: Int, _ network: CommunicationNetwork, _ isUp: (Int) -> Bool, _ relays: (Int) -> Bool
    ) {
        if begin.isEmpty { sortByReceiver(network) }
        var links = [Int32](repeating: -1, count: network.nodes)
        var (queue, read) = ([destination], 0)
        while read < queue.count {
            let node = queue[read]
            read += 1
            guard node == destination || relays(node) else { continue }
            for place in Int(begin[node])..<Int(begin[node + 1]) {
                let link = Int(incoming[place])
                let from = network.edges[link].from.index
                guard from != destination, links[from] < 0, isUp(link) else { continue }
                links[from] = Int32(link)
                queue.append(from)
            }
        }
        next[destination] = links
    }

    private mutating func sortByReceiver(_ network: CommunicationNetwork) {
        begin = Array(repeating: 0, count: network.nodes + 1)
        for edge in network.edges { begin[edge.to.index + 1] += 1 }
        for node in 0..<network.nodes { begin[node + 1] += begin[node] }
        var free = begin
        incoming = Array(repeating: 0, count: network.edges.count)
        for (index, edge) in network.edges.enumerated() {
            incoming[Int(free[edge.to.index])] = Int32(index)
            free[edge.to.index] += 1
        }
    }
}
