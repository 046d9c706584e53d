public import Grid

/// The areas of a problem: where its offers are, and what may flow between the areas.
///
/// Powers balance within each area. Ties carry power from one area to another without cost or loss:
///
///     −backward_l,t ≤ f_l,t ≤ forward_l,t
///
/// The flow over a tie without reactance is chosen freely within its limits, as that of a direct-current
/// link. The flows over ties with reactance follow Kirchhoff's voltage law (direct-current approximation):
///
///     Σ ±x_l·f_l = 0   over each of their independent cycles,
///
/// which says the same as f_l = (θ_from − θ_to)/x_l with one angle θ an area.
public struct Areas: Hashable, Sendable {
    /// Number of areas, at least 1.
    public let count: Int
    /// Area of each offer, from 0; empty where there is only one area.
    public let ofOffers: [Int]
    /// Lines between the areas.
    public let ties: [Tie]

    /// A single area that holds all offers.
    public static let one = Areas(count: 1, ofOffers: [])

    /// Creates areas; every offer and every end of a tie must name one of them.
    public init(count: Int, ofOffers: [Int], ties: [Tie] = []) {
        precondition(count > 0 && (count == 1 || !ofOffers.isEmpty))
        precondition(ofOffers.allSatisfy { (0..<count).contains($0) })
        precondition(ties.allSatisfy { (0..<count).contains($0.from) && (0..<count).contains($0.to) })
        self.count = count
        self.ofOffers = ofOffers
        self.ties = ties
    }

    /// Returns the area of an offer.
    @inlinable public func area(of offer: Int) -> Int { ofOffers.isEmpty ? 0 : ofOffers[offer] }

    /// One tie of a cycle.
    public struct CycleTie: Hashable, Sendable {
        /// Place of the tie.
        public let tie: Int
        /// Reactance of the tie as a fraction of the cycle's largest, negative where the cycle passes the tie
        /// backward.
        public let share: Double
    }

    /// Independent cycles of the ties with reactance, one for each tie outside a spanning forest. The forest
    /// grows breadth first, so that cycles are short.
    public var cycles: [[CycleTie]] {
        let wired = ties.indices.filter { ties[$0].reactance != nil }
        // The tie by which an area was reached; −1 for the first of its tree.
        var reached = [Int?](repeating: nil, count: count)
        var depth = Array(repeating: 0, count: count)
        for root in 0..<count where reached[root] == nil {
            reached[root] = -1
            var queue = [root]
            while !queue.isEmpty {
                let area = queue.removeFirst()
                for l in wired where ties[l].touches(area) && reached[ties[l].end(beside: area)] == nil {
                    let next = ties[l].end(beside: area)
                    reached[next] = l
                    depth[next] = depth[area] + 1
                    queue.append(next)
                }
            }
        }
        return wired.filter { !reached.contains($0) }.map { cycle(closedBy: $0, reached, depth) }
    }

    /// From the tie's end back to its beginning through the forest.
    private func cycle(closedBy tie: Int, _ reached: [Int?], _ depth: [Int]) -> [CycleTie] {
        var passed = [(tie: tie, sign: 1.0)]
        var (here, there) = (ties[tie].to, ties[tie].from)
        while here != there {
            if depth[here] >= depth[there] {
                let l = reached[here]!
                passed.append((l, ties[l].from == here ? 1 : -1))
                here = ties[l].end(beside: here)
            } else {
                let l = reached[there]!
                passed.append((l, ties[l].to == there ? 1 : -1))
                there = ties[l].end(beside: there)
            }
        }
        let largest = passed.reduce(0) { max($0, ties[$1.tie].reactance!) }
        return passed.sorted { $0.tie < $1.tie }
            .map { CycleTie(tie: $0.tie, share: $0.sign * ties[$0.tie].reactance! / largest) }
    }
}

/// A line between two areas. Its flow is positive from → to.
public struct Tie: Hashable, Sendable {
    /// Area at the beginning.
    public let from: Int
    /// Area at the end.
    public let to: Int
    /// Greatest flow from → to, not below zero; one value for all steps, or one a step.
    public let forward: [Power]
    /// Greatest flow to → from, not below zero; one value for all steps, or one a step.
    public let backward: [Power]
    /// Reactance above zero, in one unit for all ties; nil: the flow is chosen within the limits.
    public let reactance: Double?

    /// Creates a tie; without `backward` its limit is the same in both directions.
    public init(from: Int, to: Int, forward: [Power], backward: [Power]? = nil, reactance: Double? = nil) {
        let backward = backward ?? forward
        precondition(from != to && !forward.isEmpty && !backward.isEmpty)
        precondition((forward + backward).allSatisfy { $0 >= .zero } && (reactance ?? 1) > 0)
        self.from = from
        self.to = to
        self.forward = forward
        self.backward = backward
        self.reactance = reactance
    }

    /// Returns the greatest flow from → to in a step, W.
    @inlinable public func forward(at step: Int) -> Double { forward[forward.count == 1 ? 0 : step].value }

    /// Returns the greatest flow to → from in a step, W.
    @inlinable public func backward(at step: Int) -> Double { backward[backward.count == 1 ? 0 : step].value }

    fileprivate func touches(_ area: Int) -> Bool { from == area || to == area }

    /// Returns the area at the other end than `area`.
    @inlinable public func end(beside area: Int) -> Int { from == area ? to : from }
}
