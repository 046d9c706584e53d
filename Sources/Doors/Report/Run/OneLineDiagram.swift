import Grid

/// Where the buses of a network stand when it is drawn as a tree: the source to the left, every bus one
/// column right of the one before it, its longest branch straight on in the same row, other branches in rows
/// below. A branch further out stands higher, so that no two lines cross but those that close a loop.
struct OneLineDiagram {
    struct Spot: Hashable {
        let column: Int
        let row: Int
    }

    /// Nil where a bus has no path to a source.
    let spots: [Spot?]
    /// Branches of the tree, by index, with the bus nearer to the source and the one further out.
    let tree: [(branch: Int, from: Int, to: Int)]
    /// Closed branches that close a loop or join two sources.
    let chords: [Int]
    let columns: Int
    let rows: Int

    init(_ network: Network) {
        let live = LiveNetwork(PerUnitNetwork(network))
        let count = live.buses.count
        var length = [Int](repeating: 0, count: count)
        var children = [[Int]](repeating: [], count: count)
        for position in (0..<count).reversed() where live.parents[position] >= 0 {
            let parent = live.parents[position]
            length[parent] = max(length[parent], length[position] + 1)
            children[parent].append(position)
        }
        var spots = [Spot?](repeating: nil, count: network.buses.count)
        var rows = 0
        for root in live.roots {
            // What waits longest is nearest to the source, and comes last.
            var waiting = [(position: root, column: 0, row: Int?.none)]
            while let next = waiting.popLast() {
                let row = next.row ?? rows
                if next.row == nil { rows += 1 }
                spots[live.buses[next.position]] = Spot(column: next.column, row: row)
                let byLength = children[next.position].sorted { (length[$0], -$0) < (length[$1], -$1) }
                for (order, child) in byLength.enumerated() {
                    let isLongest = order == byLength.count - 1
                    waiting.append((child, next.column + 1, isLongest ? row : nil))
                }
            }
        }
        self.spots = spots
        tree = (0..<count).filter { live.parents[$0] >= 0 }.map {
            (live.parentBranches[$0], live.buses[live.parents[$0]], live.buses[$0])
        }
        chords = live.chords
        columns = (spots.compactMap { $0?.column }.max() ?? -1) + 1
        self.rows = rows
    }
}
