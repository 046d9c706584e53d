public import Grid

/// Where the offers of a problem are, and what may flow between the places.
///
/// Powers balance within each area; ties carry power from one to another, free of charge and without loss:
///
///     −backward_l,t ≤ f_l,t ≤ forward_l,t
///
/// A tie without reactance is a transport limit alone: its flow is chosen, as that of a direct-current link.
/// Over ties with reactance the flow follows Kirchhoff's voltage law (direct-current approximation):
///
///     Σ ±x_l·f_l = 0   over each of their independent cycles,
///
/// which says the same as f_l = (θ_from − θ_to)/x_l with one angle θ an area.
public struct Areas: Hashable, Sendable {
    public let count: Int
    /// The area of each offer, from 0; empty: all in the only one.
    public let ofOffers: [Int]
    public let ties: [Tie]

    /// All offers in one place.
    public static let one = Areas(count: 1, ofOffers: [])

    public init(count: Int, ofOffers: [Int], ties: [Tie] = []) {
        precondition(count > 0 && (count == 1 || !ofOffers.isEmpty))
        precondition(ofOffers.allSatisfy { (0..<count).contains($0) })
        precondition(ties.allSatisfy { (0..<count).contains($0.from) && (0..<count).contains($0.to) })
        self.count = count
        self.ofOffers = ofOffers
        self.ties = ties
    }

    public func area(of offer: Int) -> Int { ofOffers.isEmpty ? 0 : ofOffers[offer] }

    struct Step: Hashable {
        let tie: Int
        /// The tie's reactance, negative where the cycle passes it backward, against the cycle's largest.
        let share: Double
    }

    /// Independent cycles of the ties with reactance: each tie outside a spanning forest, closed through it.
    /// The forest grows breadth first, so that cycles are short.
    var cycles: [[Step]] {
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
    private func cycle(closedBy tie: Int, _ reached: [Int?], _ depth: [Int]) -> [Step] {
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
            .map { Step(tie: $0.tie, share: $0.sign * ties[$0.tie].reactance! / largest) }
    }
}

/// A line between two areas. Its flow is positive from → to.
public struct Tie: Hashable, Sendable {
    public let from: Int
    public let to: Int
    /// Greatest flow from → to and to → from, not below zero; one value, or one a step.
    public let forward: [Power]
    public let backward: [Power]
    /// In one unit for all ties, above zero; nil: the flow may be chosen within the limits.
    public let reactance: Double?

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

    func forward(at step: Int) -> Double { forward[forward.count == 1 ? 0 : step].value }
    func backward(at step: Int) -> Double { backward[backward.count == 1 ? 0 : step].value }

    fileprivate func touches(_ area: Int) -> Bool { from == area || to == area }
    fileprivate func end(beside area: Int) -> Int { from == area ? to : from }
}
