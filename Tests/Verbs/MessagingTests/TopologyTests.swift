import Agents
import Messaging
import Testing

@Suite("Topologies")
struct TopologyTests {
    private func degrees(_ network: CommunicationNetwork) -> [Int] {
        (0..<network.nodes).map { network.neighbours(of: NodeID($0)).count }
    }

    @Test("star, ring, mesh and tree have their links, in both directions")
    func shapes() {
        let star = CommunicationNetwork.star(nodes: 6, centre: NodeID(5), link: .perfect)
        #expect(degrees(star) == [1, 1, 1, 1, 1, 5])
        #expect(degrees(.ring(nodes: 5, link: .perfect)) == [2, 2, 2, 2, 2])
        #expect(degrees(.mesh(nodes: 5, link: .perfect)) == [4, 4, 4, 4, 4])
        let tree = CommunicationNetwork.tree(nodes: 7, root: NodeID(6), children: 2, link: .perfect)
        #expect(tree.neighbours(of: NodeID(6)) == [NodeID(0), NodeID(1)])
        #expect(degrees(tree) == [3, 3, 1, 1, 1, 1, 2])
        for network in [star, tree, .ring(nodes: 2, link: .perfect), .mesh(nodes: 1, link: .perfect)] {
            #expect(network.isConnected)
            for edge in network.edges { #expect(network.link(from: edge.to, to: edge.from) != nil) }
        }
    }

    @Test(
        "a random regular overlay is connected and simple, has its degree, and follows the seed",
        arguments: [(5, 4), (6, 3), (13, 2), (45, 4), (100, 7), (1000, 4)])
    func regular(nodes: Int, degree: Int) {
        let one = CommunicationNetwork.regular(nodes: nodes, degree: degree, seed: 1, link: .perfect)
        #expect(degrees(one).allSatisfy { $0 == degree } && one.isConnected)
        #expect(one == .regular(nodes: nodes, degree: degree, seed: 1, link: .perfect))
        if nodes > 40 {
            #expect(one != .regular(nodes: nodes, degree: degree, seed: 2, link: .perfect))
        }
    }

    @Test("a random overlay is not the ring lattice it starts from: its paths are short")
    func diameter() {
        let overlay = CommunicationNetwork.regular(nodes: 1000, degree: 4, seed: 3, link: .perfect)
        var reached: Set<NodeID> = [NodeID(0)]
        var hops = 0
        while reached.count < 1000 {
            reached.formUnion(reached.flatMap { overlay.neighbours(of: $0) })
            hops += 1
        }
        // A lattice takes 250 hops; a random graph about ln 1000 / ln 3 = 6.3 and a few more.
        #expect(hops <= 10)
    }

    @Test("of two links between the same nodes the last one counts; directions are apart")
    func ownList() {
        let slow = Link(latency: seconds(1))
        let edges = [(0, 1, 0), (1, 0, 0), (0, 1, 1)].map {
            CommunicationNetwork.Edge(from: NodeID($0.0), to: NodeID($0.1), law: $0.2)
        }
        let network = CommunicationNetwork(nodes: 3, edges: edges, laws: [.perfect, slow])
        #expect(network.edges.map(\.law) == [1, 0] && !network.isConnected)
        #expect(network.link(from: NodeID(1), to: NodeID(2)) == nil)
    }
}
