import Agents
import Events
import Messaging

// Events that touch messages: agents that crash or are absent, nodes that are parted, changed links.

extension Coordination {
    /// Brings nodes and links into the state that events give them in a step.
    mutating func apply(_ disturbance: Disturbance) {
        guard disturbance.touchesMessages || applied.touchesMessages, disturbance != applied else { return }
        for node in 0...centre.index {
            conversation.set(NodeID(node), NodeState(disturbance.agents[node] ?? .up))
        }
        let network = communication
        for (index, edge) in network.edges.enumerated() {
            conversation.set(index, isUp: disturbance.areTogether(edge.from.index, edge.to.index))
        }
        for device in Set(applied.links.keys).union(disturbance.links.keys).sorted() {
            let change = disturbance.links[device]
            for edge in network.edges where edge.from.index == device || edge.to.index == device {
                let link = network.laws[edge.law].changed(by: change)
                conversation.set(link) { $0.from == edge.from && $0.to == edge.to }
            }
        }
        applied = disturbance
    }
}

extension Disturbance {
    /// Whether no event parts two nodes; nodes that only relay belong to every group.
    fileprivate func areTogether(_ a: Int, _ b: Int) -> Bool {
        guard groups.indices.contains(a), groups.indices.contains(b) else { return true }
        return groups[a] == groups[b]
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
