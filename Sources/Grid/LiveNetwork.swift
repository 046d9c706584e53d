/// The part of a network that has a path to a source, its buses renumbered in depth-first order: one tree
/// after another, each rooted at a source, every bus's parent before it. Position 0 is the first source. A
/// chain of cable becomes a run of neighbours in memory.
public struct LiveNetwork: Hashable, Sendable {
    /// Bus in the network's order, by position.
    public let buses: [Int]
    /// Position of each bus; nil where there is no path to a source.
    public let positions: [Int?]
    /// By position, the position of the bus one nearer to the source, and the branch that leads there. −1 at
    /// a source.
    public let parents: [Int]
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

    public init(_ network: PerUnitNetwork) {
        let ends = Self.closedBranchesByBus(network)
        let sources = Set(network.sources.map(\.bus))
        var positions = [Int?](repeating: nil, count: network.nominalVoltage.count)
        var buses: [Int] = []
        var parents: [Int] = []
        var parentBranches: [Int] = []
        for source in network.sources {
            var waiting = [(bus: source.bus, parent: -1, branch: -1)]
            while let next = waiting.popLast() {
                guard positions[next.bus] == nil, next.parent < 0 || !sources.contains(next.bus) else {
                    continue
                }
                let position = buses.count
                positions[next.bus] = position
                buses.append(next.bus)
                parents.append(next.parent)
                parentBranches.append(next.branch)
                for branch in ends[next.bus].reversed() {
                    let ends = network.branches[branch]
                    waiting.append((ends.from == next.bus ? ends.to : ends.from, position, branch))
                }
            }
        }
        self.buses = buses
        self.positions = positions
        self.parents = parents
        self.parentBranches = parentBranches
        roots = network.sources.map { positions[$0.bus]! }
        branches = network.branches.indices.filter {
            network.branches[$0].isClosed && positions[network.branches[$0].from] != nil
        }
        let inTrees = Set(parentBranches)
        chords = branches.filter { !inTrees.contains($0) }
    }

    private static func closedBranchesByBus(_ network: PerUnitNetwork) -> [[Int]] {
        var ends = [[Int]](repeating: [], count: network.nominalVoltage.count)
        for (index, branch) in network.branches.enumerated() where branch.isClosed {
            ends[branch.from].append(index)
            if branch.to != branch.from { ends[branch.to].append(index) }
        }
        return ends
    }
}
