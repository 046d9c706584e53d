// Where the factors of a sparse symmetric pattern fill in, found once (George & Liu 1981). Eliminating a node
// joins all its neighbours that are still there. So the rows of column k of L are its later neighbours in A,
// and the rows of every column whose first row is k. The order is by approximate minimum degree (Amestoy,
// Davis & Duff 1996, SIAM J. Matrix Anal. Appl. 17(4)), which also walks the elimination tree in postorder:
// what a column changes lies ahead and near.
//
// Eliminating k changes, for every pair of rows i > j of column k, the entry (i, j) below the diagonal and
// (j, i) above. Both are kept together as one entry, and its place is written down here in the order in which
// the elimination will ask for it.

import CKLU

/// The order of elimination and the entries of L and U for a square matrix of blocks whose pattern is
/// symmetric: that of a graph of nodes and edges, with a diagonal. Made once for its graph, in time about
/// linear in the number of entries; shared by any number of `BlockLU`.
public struct BlockPattern: Hashable, Sendable {
    /// The node that stands at each position in the order of elimination.
    public let nodes: [Int32]
    /// The position of each node in the order of elimination.
    public let positions: [Int32]
    /// Positions of the rows below the diagonal: those of column k are `rows[starts[k]..<starts[k + 1]]`,
    /// ascending. An index into `rows` is an entry: it stands for (row, k) of L and for (k, row) of U.
    public let starts: [Int32]
    /// Positions of the rows below the diagonal, column after column: see `starts`.
    public let rows: [Int32]
    /// For each column in turn, for each of its rows j and each later one i: the entry (i, j).
    @usableFromInline let updates: [Int32]

    /// `edges` name nodes in 0..<`count`; an edge may be named repeatedly and either way round, and one from
    /// a node to itself says nothing.
    public init(count: Int, edges: [(Int32, Int32)]) {
        precondition(count >= 0 && count <= Int(Int32.max) && edges.count <= Int(Int32.max) / 2)
        let graph = Adjacency(count: count, edges: edges)
        nodes = graph.minimumDegreeOrder()
        var positions = [Int32](repeating: 0, count: count)
        for (position, node) in nodes.enumerated() { positions[Int(node)] = Int32(position) }
        self.positions = positions
        let filled = Self.fill(graph, nodes, positions)
        let left = filled.transposed()
        (starts, rows) = (filled.starts, left.transposed().neighbours)
        updates = Self.updates(starts, rows, left)
    }

    /// The entry at two positions, either way round; nil where there is none.
    public func entry(_ a: Int32, _ b: Int32) -> Int? {
        let (column, row) = (Int(min(a, b)), max(a, b))
        for entry in Int(starts[column])..<Int(starts[column + 1]) where rows[entry] == row { return entry }
        return nil
    }

    /// The rows of each column of L, unordered.
    private static func fill(_ graph: Adjacency, _ nodes: [Int32], _ positions: [Int32]) -> Adjacency {
        let count = nodes.count
        var starts: [Int32] = [0]
        var rows: [Int32] = []
        starts.reserveCapacity(count + 1)
        rows.reserveCapacity(graph.neighbours.count)
        var seenBy = [Int32](repeating: -1, count: count)
        // The columns whose first row is this one, as a list through `next`.
        var firstChild = [Int32](repeating: -1, count: count)
        var next = [Int32](repeating: -1, count: count)
        for k in 0..<Int32(count) {
            var first = Int32.max
            func add(_ row: Int32) {
                guard row > k, seenBy[Int(row)] != k else { return }
                seenBy[Int(row)] = k
                rows.append(row)
                first = min(first, row)
            }
            let node = Int(nodes[Int(k)])
            for at in graph.starts[node]..<graph.starts[node + 1] {
                add(positions[Int(graph.neighbours[Int(at)])])
            }
            var child = firstChild[Int(k)]
            while child >= 0 {
                for at in starts[Int(child)]..<starts[Int(child) + 1] { add(rows[Int(at)]) }
                child = next[Int(child)]
            }
            starts.append(Int32(rows.count))
            guard first < Int32.max else { continue }
            next[Int(k)] = firstChild[Int(first)]
            firstChild[Int(first)] = k
        }
        return Adjacency(starts: starts, neighbours: rows)
    }

    /// `left` has, for each row, the columns in which it stands.
    private static func updates(_ starts: [Int32], _ rows: [Int32], _ left: Adjacency) -> [Int32] {
        let count = starts.count - 1
        var cursor: [Int] = []
        cursor.reserveCapacity(count)
        var total = 0
        for k in 0..<count {
            cursor.append(total)
            let length = Int(starts[k + 1] - starts[k])
            total += length * (length - 1) / 2
        }
        // How far each column has been asked.
        var asked = starts
        var entryOfRow = [Int32](repeating: 0, count: count)
        return [Int32](unsafeUninitializedCapacity: total) { updates, filled in
            for j in 0..<count {
                for entry in starts[j]..<starts[j + 1] { entryOfRow[Int(rows[Int(entry)])] = entry }
                for at in left.starts[j]..<left.starts[j + 1] {
                    let k = Int(left.neighbours[Int(at)])
                    asked[k] += 1
                    for later in asked[k]..<starts[k + 1] {
                        updates.initializeElement(at: cursor[k], to: entryOfRow[Int(rows[Int(later)])])
                        cursor[k] += 1
                    }
                }
            }
            filled = total
        }
    }
}

/// For each of some nodes, others: those of node k are `neighbours[starts[k]..<starts[k + 1]]`.
private struct Adjacency {
    let starts: [Int32]
    let neighbours: [Int32]

    init(starts: [Int32], neighbours: [Int32]) {
        self.starts = starts
        self.neighbours = neighbours
    }

    /// Each edge at both its ends, once, ascending.
    init(count: Int, edges: [(Int32, Int32)]) {
        var starts = [Int32](repeating: 0, count: count + 1)
        for (a, b) in edges where a != b {
            starts[Int(a) + 1] += 1
            starts[Int(b) + 1] += 1
        }
        for k in 0..<count { starts[k + 1] += starts[k] }
        var ends = starts
        var neighbours = [Int32](repeating: 0, count: Int(starts[count]))
        for (a, b) in edges where a != b {
            neighbours[Int(ends[Int(a)])] = b
            neighbours[Int(ends[Int(b)])] = a
            ends[Int(a)] += 1
            ends[Int(b)] += 1
        }
        self = Adjacency(starts: starts, neighbours: neighbours).transposed().withoutRepetition()
    }

    /// Each node with the nodes that had it, ascending.
    func transposed() -> Adjacency {
        let count = starts.count - 1
        var turned = [Int32](repeating: 0, count: count + 1)
        for neighbour in neighbours { turned[Int(neighbour) + 1] += 1 }
        for k in 0..<count { turned[k + 1] += turned[k] }
        var ends = turned
        var result = [Int32](repeating: 0, count: neighbours.count)
        for k in 0..<count {
            for at in starts[k]..<starts[k + 1] {
                let neighbour = Int(neighbours[Int(at)])
                result[Int(ends[neighbour])] = Int32(k)
                ends[neighbour] += 1
            }
        }
        return Adjacency(starts: turned, neighbours: result)
    }

    /// Of equal neighbours that follow one another, one.
    private func withoutRepetition() -> Adjacency {
        var kept: [Int32] = []
        kept.reserveCapacity(neighbours.count)
        var starts: [Int32] = [0]
        starts.reserveCapacity(self.starts.count)
        for k in 0..<self.starts.count - 1 {
            let begin = kept.count
            for at in self.starts[k]..<self.starts[k + 1]
            where kept.count == begin || kept[kept.count - 1] != neighbours[Int(at)] {
                kept.append(neighbours[Int(at)])
            }
            starts.append(Int32(kept.count))
        }
        return Adjacency(starts: starts, neighbours: kept)
    }

    func minimumDegreeOrder() -> [Int32] {
        let count = starts.count - 1
        guard count > 0 else { return [] }
        var order = [Int32](repeating: 0, count: count)
        let status = amd_order(Int32(count), starts, neighbours, &order, nil, nil)
        precondition(status == AMD_OK, "no memory to order a graph of \(count) nodes")
        return order
    }
}
