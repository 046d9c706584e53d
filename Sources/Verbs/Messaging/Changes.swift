public import Agents

extension Conversation {
    /// Passes a message on at a node that it is not for.
    @usableFromInline
    mutating func relay(_ place: Int, from node: Int, at now: Int64) {
        guard nodes[node].state != .absent else { return lose(place) }
        if route(place, from: node, at: now) { count.relayed.add(messages[place].body.byteCount) }
    }

    /// Sends a message on along its path, and returns whether there is one; else it is lost.
    @usableFromInline @discardableResult
    mutating func route(_ place: Int, from node: Int, at now: Int64) -> Bool {
        let destination = messages[place].receiver.index
        guard destination < nodes.count,
            let link = routes.link(
                from: node, to: destination, in: network, isUp: { links[$0].isUp },
                relays: { nodes[$0].state != .absent })
        else {
            lose(place)
            return false
        }
        transmit(place, on: link, at: now)
        return true
    }

    /// State of a node.
    public func state(of node: NodeID) -> NodeState { nodes[node.index].state }

    /// Changes the state of a node. Whoever stops being up loses its timers, and with `keepsState: false`, or
    /// when absent, all that it has learned.
    public mutating func set(_ node: NodeID, _ state: NodeState) {
        let old = nodes[node.index].state
        guard state != old else { return }
        nodes[node.index].state = state
        nodes[node.index].isUp = state == .up
        if old == .up { nodes[node.index].crashes &+= 1 }
        if state != .up, state != .crashed(keepsState: true), node.index < agents.count {
            agents[node.index].forget()
        }
        if state == .absent || old == .absent { routes.forget() }
    }

    /// Whether a link is up, by its place in `network.edges`.
    public func isUp(_ link: Int) -> Bool { links[link].isUp }

    /// Takes a link down or brings it up, by its place in `network.edges`.
    public mutating func set(_ link: Int, isUp: Bool) {
        guard links[link].isUp != isUp else { return }
        links[link].isUp = isUp
        downLinks += isUp ? -1 : 1
        routes.forget()
    }

    /// Gives the links that `isMeant` names other properties, for messages that enter them from now on.
    public mutating func set(_ link: Link, where isMeant: (CommunicationNetwork.Edge) -> Bool) {
        network.set(link, where: isMeant)
        laws = network.laws.map { LinkLaw($0) }
        for index in links.indices { links[index].law = UInt16(network.edges[index].law) }
    }

    /// Nodes that `node` can send to in one hop over links that are up.
    public func neighbours(of node: NodeID) -> [NodeID] {
        network.links(from: node).filter { links[$0].isUp }.map { network.edges[$0].to }
    }

    /// How long a message that enters a link at `time` waits for those before it. `link` is its place in
    /// `network.edges`.
    public func wait(on link: Int, at time: VirtualTime) -> VirtualTime {
        VirtualTime(nanoseconds: max(0, links[link].busyUntil - max(0, time.nanoseconds)))
    }
}
