/// Which nodes of a network are joined, and which branches may close: two parts that are both alive are
/// joined only when they are synchronous.
public struct Zones: Hashable, Sendable {
    /// Whether each branch is closed.
    public private(set) var isClosed: [Bool]
    /// Number of the zone of each node, from 0 in the order of their first nodes.
    public private(set) var ofNodes: [Int] = []
    /// How many zones there are.
    public private(set) var count = 0

    /// A branch between two nodes.
    public struct Tie: Hashable, Sendable {
        /// Its two nodes.
        public let from, to: Int
        /// Whether it can be closed at all.
        public let isAvailable: Bool
        /// Whether it was closed before.
        public let wasClosed: Bool
        /// Whether it may join two parts that are both alive.
        public let isSynchronous: Bool

        /// Creates a branch.
        public init(from: Int, to: Int, isAvailable: Bool, wasClosed: Bool, isSynchronous: Bool) {
            (self.from, self.to, self.isAvailable) = (from, to, isAvailable)
            (self.wasClosed, self.isSynchronous) = (wasClosed, isSynchronous)
        }
    }

    /// Joins the nodes over all available branches: first those that were closed, then the others in order.
    /// `before` is the zone that each node was alive in, nil where it was dead.
    public init(_ ties: [Tie], before: [Int?]) {
        isClosed = Array(repeating: false, count: ties.count)
        var parts = Parts(before)
        for (index, tie) in ties.enumerated() where tie.isAvailable && tie.wasClosed {
            parts.join(tie.from, tie.to)
            isClosed[index] = true
        }
        for (index, tie) in ties.enumerated() where tie.isAvailable && !tie.wasClosed {
            guard tie.isSynchronous || !parts.areForeign(tie.from, tie.to) else { continue }
            parts.join(tie.from, tie.to)
            isClosed[index] = true
        }
        var numbers: [Int: Int] = [:]
        for node in before.indices {
            let root = parts.root(node)
            if numbers[root] == nil { numbers[root] = numbers.count }
            ofNodes.append(numbers[root]!)
        }
        count = numbers.count
    }

    /// Sets of joined nodes.
    private struct Parts {
        private var parents: [Int]
        /// By root: the zone that the part was alive in.
        private var alive: [Int?]

        init(_ before: [Int?]) {
            parents = Array(before.indices)
            alive = before
        }

        mutating func root(_ node: Int) -> Int {
            var node = node
            while parents[node] != node {
                parents[node] = parents[parents[node]]
                node = parents[node]
            }
            return node
        }

        /// Whether both parts are alive, and were not the same zone.
        mutating func areForeign(_ a: Int, _ b: Int) -> Bool {
            let (x, y) = (root(a), root(b))
            guard x != y, let one = alive[x], let other = alive[y] else { return false }
            return one != other
        }

        mutating func join(_ a: Int, _ b: Int) {
            let (x, y) = (root(a), root(b))
            guard x != y else { return }
            let (first, second) = (min(x, y), max(x, y))
            parents[second] = first
            alive[first] = alive[first] ?? alive[second]
        }
    }
}
