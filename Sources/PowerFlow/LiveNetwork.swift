import Grid

/// The part of a network that has a path to the source, its buses renumbered in depth-first order: position 0
/// is the source, and a bus's parent always stands before it. A chain of cable becomes a run of neighbours in
/// memory.
struct LiveNetwork {
    /// Bus in the network's order, by position.
    let buses: [Int]
    /// Position of each bus; nil where there is no path to the source.
    let positions: [Int?]
    /// By position, the position of the bus one nearer to the source, and the branch that leads there. −1 at
    /// the source.
    let parents: [Int]
    let parentBranches: [Int]
    /// Indices of the branches between live buses.
    let branches: [Int]

    /// Whether every live bus has exactly one path to the source.
    var isTree: Bool { branches.count == buses.count - 1 }

    init(_ network: PerUnitNetwork) {
        let ends = Self.branchesByBus(network)
        var positions = [Int?](repeating: nil, count: network.nominalVoltage.count)
        var buses: [Int] = []
        var parents: [Int] = []
        var parentBranches: [Int] = []
        var waiting = [(bus: network.source, parent: -1, branch: -1)]
        while let next = waiting.popLast() {
            guard positions[next.bus] == nil else { continue }
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
        self.buses = buses
        self.positions = positions
        self.parents = parents
        self.parentBranches = parentBranches
        branches = network.branches.indices.filter { positions[network.branches[$0].from] != nil }
    }

    private static func branchesByBus(_ network: PerUnitNetwork) -> [[Int]] {
        var ends = [[Int]](repeating: [], count: network.nominalVoltage.count)
        for (index, branch) in network.branches.enumerated() {
            ends[branch.from].append(index)
            if branch.to != branch.from { ends[branch.to].append(index) }
        }
        return ends
    }
}
