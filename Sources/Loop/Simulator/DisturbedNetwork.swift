import Agents
import Events
import Messaging

/// What events do to the nodes and links of a conversation: agents that crash or are absent, nodes that are
/// parted, changed links.
struct DisturbedNetwork {
    /// The network without any event.
    private let network: CommunicationNetwork
    /// The device whose events act on each node, and the number of devices for the controller; nodes beyond
    /// only relay, and belong to every group.
    private let devices: [Int]
    private(set) var applied = Disturbance()

    init(_ network: CommunicationNetwork, devices: [Int]) {
        self.network = network
        self.devices = devices
    }

    /// Brings nodes and links into the state that events give them in a step.
    mutating func apply<A>(_ disturbance: Disturbance, to conversation: inout Conversation<A>) {
        guard disturbance.touchesMessages || applied.touchesMessages, disturbance != applied else { return }
        for (node, device) in devices.enumerated() {
            conversation.set(NodeID(node), NodeState(disturbance.agents[device] ?? .up))
        }
        for (index, edge) in network.edges.enumerated() {
            conversation.set(index, isUp: areTogether(edge.from.index, edge.to.index, in: disturbance))
        }
        let touched = Set(applied.links.keys).union(disturbance.links.keys)
        for edge in network.edges {
            let ends = [edge.from, edge.to].compactMap { node in
                devices.indices.contains(node.index) ? devices[node.index] : nil
            }
            guard ends.contains(where: touched.contains) else { continue }
            var link = network.laws[edge.law]
            for end in ends { link = link.changed(by: disturbance.links[end]) }
            conversation.set(link) { $0.from == edge.from && $0.to == edge.to }
        }
        applied = disturbance
    }

    private func areTogether(_ a: Int, _ b: Int, in disturbance: Disturbance) -> Bool {
        guard !disturbance.groups.isEmpty, a < devices.count, b < devices.count else { return true }
        return disturbance.groups[devices[a]] == disturbance.groups[devices[b]]
    }
}

extension NodeState {
    fileprivate init(_ state: Disturbance.AgentState) {
        switch state {
        case .up: self = .up
        case .crashed(let keepsState): self = .crashed(keepsState: keepsState)
        case .absent: self = .absent
        }
    }
}

extension Link {
    /// The same link with the loss and latency of an event.
    fileprivate func changed(by change: Disturbance.LinkChange?) -> Link {
        var link = self
        if let loss = change?.loss { link.loss = .independent(loss) }
        if let latency = change?.latency { link.latency = VirtualTime(seconds: latency) }
        return link
    }
}
