import Agents
import Devices
import Grid
import Messaging
import Scheduling
import Simulator
import TextFile
import YAMLFile

/// The section `communication`. If it is left out, every message arrives at once.
struct CommunicationSection {
    private let devices: DeviceSection
    private let network: Network?
    private let seed: UInt64
    /// Names of the agents: those of the devices, then the controller's.
    private let names: [(String, Int)]

    static func read(
        _ root: Mapping, _ devices: DeviceSection, _ network: NetworkSection, seed: UInt64
    ) -> Communication? {
        let reader = CommunicationSection(devices, network.network, seed: seed)
        guard let field = root.optional("communication") else {
            return Communication(
                devices: devices.entries.count, link: .perfect, deadline: 10, hold: 3600)
        }
        return field.mapping { reader.communication($0) }
    }

    private init(_ devices: DeviceSection, _ network: Network?, seed: UInt64) {
        self.devices = devices
        self.network = network
        self.seed = seed
        let named = devices.entries.enumerated().map { ($1.device.name, $0) }
        names = named + [("controller", named.count)]
    }

    private typealias Topology = Communication.Topology

    private func communication(_ section: Mapping) -> Communication? {
        let topology =
            section.optional("topology").map { $0.choice("a topology", of: Topology.self) } ?? .star
        let link =
            section.optional("link").map { $0.mapping { LinkFields($0, base: .perfect)?.link } } ?? .perfect
        let deadline = section.quantity("deadline", .duration, in: Bounds(0...86_400), default: 10)
        let hold = section.optional("hold").map { $0.wholeSeconds(in: Bounds(0...1e9)) } ?? 3600
        let tick = section.optional("tick").map { $0.quantity(.duration, in: Bounds(1e-3...86_400)) }
        let shape = topology.flatMap { self.network($0, link ?? .perfect, section) }
        let own = section.optional("links")
        let changes = own.map { $0.list()?.map { change($0, link ?? .perfect) } ?? [nil] } ?? []
        guard let topology, let link, let deadline, let hold, tick.map({ $0 != nil }) ?? true, let shape
        else { return nil }
        guard !changes.contains(where: { $0 == nil }) else { return nil }
        guard let network = apply(changes.compactMap(\.self), to: shape, topology, link, section)
        else { return nil }
        return Communication(
            topology: topology, network: network, deadline: deadline, hold: hold,
            tick: tick ?? nil)
    }

    /// The network of a topology without the entries of `links`.
    private func network(_ topology: Topology, _ link: Link, _ section: Mapping) -> CommunicationNetwork? {
        let nodes = names.count
        let centre = NodeID(nodes - 1)
        switch topology {
        case .tree:
            let children = section.optional("children").map { $0.integer(in: 1...1_000_000) } ?? 2
            return children.flatMap {
                topology.network(nodes: nodes, centre: centre, children: $0, seed: seed, link: link)
            }
        case .overlay: return overlay(link, section)
        case .list: return CommunicationNetwork(nodes: nodes, edges: [], laws: [link])
        case .cable:
            let buses = devices.entries.map(\.device.bus)
            return network.map { Topology.cable(buses: buses, in: $0, link: link) }
        case .star, .ring, .mesh:
            return topology.network(nodes: nodes, centre: centre, seed: seed, link: link)
        }
    }

    private func overlay(_ link: Link, _ section: Mapping) -> CommunicationNetwork? {
        let nodes = names.count
        let field = section.optional("degree")
        guard let degree = field.map({ $0.integer(in: 2...1000) }) ?? Topology.degree else { return nil }
        guard degree >= nodes - 1 || (degree * nodes).isMultiple(of: 2) else {
            (field ?? section.field).mistake(
                "\(nodes) agents, the controller included, cannot have \(degree) neighbours each: "
                    + "one of the two numbers must be even")
            return nil
        }
        return Topology.overlay.network(
            nodes: nodes, centre: NodeID(nodes - 1), degree: degree, seed: seed, link: link)
    }

    /// One entry of `links`: the properties of one link or more.
    private struct Change {
        let from: Int?
        let to: Int?
        let bothWays: Bool
        let link: Link
        let field: Field

        func isMeant(_ edge: CommunicationNetwork.Edge) -> Bool {
            func matches(_ from: Int, _ to: Int) -> Bool {
                (self.from ?? from) == from && (self.to ?? to) == to
            }
            return matches(edge.from.index, edge.to.index)
                || (bothWays && matches(edge.to.index, edge.from.index))
        }
    }

    private func change(_ field: Field, _ base: Link) -> Change? {
        field.mapping { section in
            let link = LinkFields(section, base: base)?.link
            let from = section.optional("from").map { $0.reference("device", in: names) }
            let to = section.optional("to").map { $0.reference("device", in: names) }
            let of = section.optional("of").map { $0.reference("device", in: names) }
            let between = section.optional("between").map { field -> (Int, Int)? in
                guard let ends = field.list(), ends.count == 2 else {
                    return field.refuse("a list of two devices")
                }
                let (a, b) = (
                    ends[0].reference("device", in: names), ends[1].reference("device", in: names)
                )
                guard let a, let b else { return nil }
                guard a != b else { return field.refuse("two different devices") }
                return (a, b)
            }
            let ways = [from == nil && to == nil, of == nil, between == nil].count { !$0 }
            guard ways == 1 else {
                section.field.mistake(
                    "name the links by 'between: [a, b]', by 'from' and 'to', or by 'of' (all links of a device)"
                )
                return nil
            }
            guard let link else { return nil }
            if let of {
                return of.map { Change(from: $0, to: nil, bothWays: true, link: link, field: field) }
            }
            if let between {
                return between.map { Change(from: $0.0, to: $0.1, bothWays: true, link: link, field: field) }
            }
            guard from.map({ $0 != nil }) ?? true, to.map({ $0 != nil }) ?? true else { return nil }
            return Change(from: from ?? nil, to: to ?? nil, bothWays: false, link: link, field: field)
        }
    }

    /// With the topology `list` the entries make the links, otherwise they change those that exist.
    private func apply(
        _ changes: [Change], to shape: CommunicationNetwork, _ topology: Topology, _ link: Link,
        _ section: Mapping
    ) -> CommunicationNetwork? {
        var network = shape
        if topology == .list {
            var edges: [CommunicationNetwork.Edge] = []
            for change in changes {
                guard let from = change.from, let to = change.to, from != to else {
                    change.field.mistake("a link of the list needs 'between', or 'from' and 'to'")
                    return nil
                }
                edges.append(.init(from: NodeID(from), to: NodeID(to)))
                if change.bothWays { edges.append(.init(from: NodeID(to), to: NodeID(from))) }
            }
            network = CommunicationNetwork(nodes: names.count, edges: edges, laws: [link])
        }
        for change in changes {
            guard network.edges.contains(where: { change.isMeant($0) }) else {
                change.field.mistake("the topology \(topology.rawValue) has no such link")
                return nil
            }
            network.set(change.link) { change.isMeant($0) }
        }
        if !network.isConnected {
            (section.optional("links") ?? section.field).warning(
                "not every agent can reach every other; a message without a path is lost")
        }
        return network
    }
}
