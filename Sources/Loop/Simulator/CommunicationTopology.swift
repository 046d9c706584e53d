public import Agents
public import Grid
public import Messaging

extension Communication {
    /// Shape of a communication network, by the name that scenarios use.
    public enum Topology: String, Hashable, Sendable, Codable, CaseIterable {
        case star, tree, ring, overlay, mesh, list
        case cable = "along-the-cable"

        /// Neighbours of each node of an overlay, where nothing else is asked for.
        public static let degree = 4

        /// Returns the network of `nodes` agents with `centre` at the centre of a star or the top of a tree;
        /// nil for `list` and `cable`, which need more than that. Preconditions: `children` ≥ 1;
        /// `degree` ≥ 2, and `degree` × `nodes` is even.
        public func network(
            nodes: Int, centre: NodeID, children: Int = 2, degree: Int = Topology.degree, seed: UInt64,
            link: Link
        ) -> CommunicationNetwork? {
            switch self {
            case .star: .star(nodes: nodes, centre: centre, link: link)
            case .tree: .tree(nodes: nodes, root: centre, children: children, link: link)
            case .ring: .ring(nodes: nodes, link: link)
            case .mesh: .mesh(nodes: nodes, link: link)
            case .overlay:
                degree < nodes - 1
                    ? .regular(nodes: nodes, degree: degree, seed: seed, link: link)
                    : .mesh(nodes: nodes, link: link)
            case .list, .cable: nil
            }
        }

        /// Returns a network with a relay at every bus, links along the branches that are closed, and each
        /// agent at the relay of its bus over links without delay or loss; the controller is at the source.
        /// `buses` are those of the devices.
        public static func cable(buses: [Int], in network: Network, link: Link) -> CommunicationNetwork {
            let agents = buses.count + 1
            var edges: [CommunicationNetwork.Edge] = []
            func join(_ a: Int, _ b: Int, _ law: Int) {
                edges.append(.init(from: NodeID(a), to: NodeID(b), law: law))
                edges.append(.init(from: NodeID(b), to: NodeID(a), law: law))
            }
            for branch in network.branches where branch.isClosed {
                join(agents + branch.from, agents + branch.to, 0)
            }
            for (agent, bus) in (buses + [network.source]).enumerated() { join(agent, agents + bus, 1) }
            return CommunicationNetwork(
                nodes: agents + network.buses.count, edges: edges, laws: [link, .perfect])
        }
    }

    /// The same settings over a network of another shape, all of whose links are alike; `list` has no links.
    /// `buses` are those of the devices.
    public func over(
        _ topology: Topology, buses: [Int], in network: Network, seed: UInt64, link: Link
    ) -> Communication {
        let nodes = buses.count + 1
        let shape: CommunicationNetwork
        switch topology {
        case .cable: shape = Topology.cable(buses: buses, in: network, link: link)
        case .list: shape = CommunicationNetwork(nodes: nodes, edges: [], laws: [link])
        case .star, .tree, .ring, .overlay, .mesh:
            shape = topology.network(nodes: nodes, centre: NodeID(nodes - 1), seed: seed, link: link)!
        }
        return Communication(
            topology: topology, network: shape, deadline: deadline, hold: hold, tick: tick)
    }
}
