import Agents

/// Where a node stands in a tree that forms itself. Each node takes as its parent the neighbour with the
/// least (rank of the slack, distance to it, address) whose news still counts: it was heard within the
/// timeout, and the slack's counter, which it passes on, still rises. The slack of least rank is the root.
struct TreeMembership: Sendable {
    /// A neighbour and what it last said.
    struct Neighbour: Sendable {
        let node: NodeID
        var place: TreePlace?
        /// Own age when it was last heard.
        var heard = 0
        var sequence: UInt32?
    }

    let node: NodeID
    /// Rank as a slack; nil for one that cannot be.
    let rank: UInt16?
    /// Ticks after which what was not heard again no longer counts.
    let timeout: Int
    /// Ticks after which a slack no longer counts whose counter has stood.
    let slackTimeout: Int
    private(set) var neighbours: [Neighbour] = []
    private(set) var place: TreePlace
    /// The greatest counter heard of each slack, and the own age then.
    private var beats: [(node: NodeID, beat: UInt64, age: Int)] = []
    /// Ticks lived.
    var age = 0
    /// Where the own counter begins; greater after a restart.
    var firstBeat: UInt64 = 0

    init(node: NodeID, rank: UInt16?, timeout: Int, slackTimeout: Int) {
        self.slackTimeout = slackTimeout
        self.node = node
        self.rank = rank
        self.timeout = timeout
        place = TreePlace(distance: 0)
    }

    /// Takes a list of neighbours; keeps what is known of those that remain.
    mutating func join(_ nodes: [NodeID]) {
        guard nodes != neighbours.map(\.node) else { return }
        let known = neighbours
        neighbours = nodes.map { node in known.first { $0.node == node } ?? Neighbour(node: node) }
    }

    func index(of node: NodeID) -> Int? { neighbours.firstIndex { $0.node == node } }

    /// Takes what a neighbour says. False where something newer was heard.
    mutating func hear(_ place: TreePlace, from index: Int, sequence: UInt32) -> Bool {
        if let last = neighbours[index].sequence, sequence <= last { return false }
        neighbours[index].sequence = sequence
        neighbours[index].place = place
        neighbours[index].heard = age
        guard let root = place.root, root.node != node else { return true }
        if let known = beats.firstIndex(where: { $0.node == root.node }) {
            if root.beat > beats[known].beat { beats[known] = (root.node, root.beat, age) }
        } else {
            beats.append((root.node, root.beat, age))
        }
        return true
    }

    /// Chooses the parent anew. Returns whether the place changed in more than the slack's counter.
    mutating func choose() -> Bool {
        let before = place
        place = TreePlace(distance: 0)
        var best: (rank: UInt16, root: NodeID, distance: UInt16, node: NodeID)?
        if let rank {
            best = (rank, node, 0, node)
            place.root = TreePlace.Root(rank: rank, node: node, beat: firstBeat + UInt64(age))
        }
        for neighbour in neighbours where counts(neighbour) {
            let (theirs, root) = (neighbour.place!, neighbour.place!.root!)
            let candidate = (root.rank, root.node, theirs.distance + 1, neighbour.node)
            if let best, best <= candidate { continue }
            best = candidate
            place = TreePlace(root: root, distance: candidate.2, parent: neighbour.node)
        }
        return place.root?.node != before.root?.node || place.distance != before.distance
            || place.parent != before.parent
    }

    /// Whether a neighbour may be the parent.
    private func counts(_ neighbour: Neighbour) -> Bool {
        guard let root = neighbour.place?.root, root.node != node, isAlive(neighbour),
            neighbour.place!.parent != node, neighbour.place!.distance < .max,
            let newest = beats.first(where: { $0.node == root.node })
        else { return false }
        return age - newest.age <= slackTimeout && root.beat + UInt64(slackTimeout) >= newest.beat
    }

    func isAlive(_ neighbour: Neighbour) -> Bool {
        neighbour.place != nil && age - neighbour.heard <= timeout
    }

    func isChild(_ index: Int) -> Bool {
        neighbours[index].place?.parent == node && isAlive(neighbours[index])
    }

    var isRoot: Bool { place.root?.node == node }

    /// Index of the parent among the neighbours; nil at the root and without a tree.
    var parent: Int? { place.parent.flatMap { index(of: $0) } }
}
