/// The part of a network that has a path to a source, its buses renumbered in depth-first order: one tree
/// after another, each rooted at a source, every bus's parent before it. Position 0 is the first source. A
/// chain of cable becomes a run of neighbours in memory.
public struct LiveNetwork: Hashable, Sendable {
    /// Index of each bus in the network, by position.
    public let buses: [Int]
    /// Position of each bus; nil where there is no path to a source.
    public let positions: [Int?]
    /// By position, the position of the bus one nearer to the source; −1 at a source.
    public let parents: [Int]
    /// By position, the branch that leads to the bus one nearer to the source; −1 at a source.
    public let parentBranches: [Int]
    /// Positions of the sources, in their order.
    public let roots: [Int]
    /// Indices of the closed branches between live buses.
    public let branches: [Int]
    /// Those of them that no tree uses: each closes a loop, or joins two sources.
    public let chords: [Int]

    /// Whether every live bus has exactly one path to exactly one source.
    public var isForest: Bool { chords.isEmpty }
    /// Whether every bus has a path to a source.
    public var isWhole: Bool { buses.count == positions.count }

    /// The part of `network` that its closed branches join to its sources.
    public init(_ network: PerUnitNetwork) {
        let count = network.nominalVoltage.count
        let ends = BranchEnds(network)
        var isSource = [Bool](repeating: false, count: count)
        for source in network.sources { isSource[source.bus] = true }
        var places = [Int](repeating: -1, count: count)
        var isInTree = [Bool](repeating: false, count: network.branches.count)
        var buses: [Int] = []
        var parents: [Int] = []
        var parentBranches: [Int] = []
        buses.reserveCapacity(count)
        parents.reserveCapacity(count)
        parentBranches.reserveCapacity(count)
        var waiting: [(bus: Int, parent: Int, branch: Int)] = []
        for source in network.sources {
            waiting.append((source.bus, -1, -1))
            while let next = waiting.popLast() {
                guard places[next.bus] < 0, next.parent < 0 || !isSource[next.bus] else { continue }
                let position = buses.count
                places[next.bus] = position
                buses.append(next.bus)
                parents.append(next.parent)
                parentBranches.append(next.branch)
                if next.branch >= 0 { isInTree[next.branch] = true }
                for at in (ends.starts[next.bus]..<ends.starts[next.bus + 1]).reversed() {
                    let end = ends.list[at]
                    if places[end.other] < 0 { waiting.append((end.other, position, end.branch)) }
                }
            }
        }
        self.buses = buses
        self.parents = parents
        self.parentBranches = parentBranches
        positions = places.map { $0 < 0 ? nil : $0 }
        roots = network.sources.map { places[$0.bus] }
        branches = network.branches.indices.filter {
            network.branches[$0].isClosed && places[network.branches[$0].from] >= 0
        }
        chords = branches.filter { !isInTree[$0] }
    }
}

/// The closed branches at each bus, in their order: those of bus k are `list[starts[k]..<starts[k + 1]]`.
private struct BranchEnds {
    private(set) var starts: [Int]
    private(set) var list: [(other: Int, branch: Int)]

    init(_ network: PerUnitNetwork) {
        starts = Array(repeating: 0, count: network.nominalVoltage.count + 1)
        for branch in network.branches where branch.isClosed {
            starts[branch.from + 1] += 1
            if branch.to != branch.from { starts[branch.to + 1] += 1 }
        }
        for bus in network.nominalVoltage.indices { starts[bus + 1] += starts[bus] }
        list = Array(repeating: (0, 0), count: starts[starts.count - 1])
        var next = starts
        for (index, branch) in network.branches.enumerated() where branch.isClosed {
            list[next[branch.from]] = (branch.to, index)
            next[branch.from] += 1
            guard branch.to != branch.from else { continue }
            list[next[branch.to]] = (branch.from, index)
            next[branch.to] += 1
        }
    }
}
