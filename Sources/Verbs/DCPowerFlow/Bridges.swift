// In a depth-first forest the buses below a bus v are a run of positions, [v, end). Its tree edge, the only
// one that leads in from above, is a bridge where no chord leaves the run: the lowest position that chords
// reach from it is v or later (Tarjan 1974, Inf. Process. Lett. 2). A chord that ends at a source leaves any
// run, for a source needs no path.

import Grid

/// The branches without which a part of a live network is de-energised.
struct Bridges {
    /// By position of the bus at its lower end: the end of the run of positions that the branch above it
    /// feeds alone; nil where that is no bridge.
    let ends: [Int?]
    /// The lower end of each branch of the network that is a bridge.
    private let lowerEnds: [Int: Int]

    init(_ live: LiveNetwork, of network: PerUnitNetwork) {
        let count = live.buses.count
        let roots = Set(live.roots)
        var lowest = Array(0..<count)
        for index in live.chords {
            let branch = network.branches[index]
            guard let a = live.positions[branch.from], let b = live.positions[branch.to] else { continue }
            lowest[a] = min(lowest[a], roots.contains(b) ? -1 : b)
            lowest[b] = min(lowest[b], roots.contains(a) ? -1 : a)
        }
        var ends = Array(1..<count + 1)
        for position in stride(from: count - 1, to: 0, by: -1) where live.parents[position] >= 0 {
            let parent = live.parents[position]
            ends[parent] = max(ends[parent], ends[position])
            lowest[parent] = min(lowest[parent], lowest[position])
        }
        self.ends = (0..<count).map { live.parents[$0] >= 0 && lowest[$0] >= $0 ? ends[$0] : nil }
        var lowerEnds: [Int: Int] = [:]
        for position in 0..<count where self.ends[position] != nil {
            lowerEnds[live.parentBranches[position]] = position
        }
        self.lowerEnds = lowerEnds
    }

    /// The positions that lose their path when `branch` opens; nil where none does.
    func run(below branch: Int) -> Range<Int>? {
        lowerEnds[branch].flatMap { lower in ends[lower].map { lower..<$0 } }
    }
}
