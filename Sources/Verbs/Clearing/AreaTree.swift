import Grid
public import Scheduling

/// The areas of a problem as a tree below the area of its first connection: what flows between an area and
/// the one above it is cleared with the step, and the flows of ties that close a loop stay as planned.
public struct AreaTree: Hashable, Sendable {
    /// Areas from the root on, each after the one above it.
    public let order: [Int]
    /// The tie to the area above, by area; nil for a root.
    public let tieAbove: [Int?]
    /// Ties that are in no tree.
    public let closing: [Int]

    /// Finds the tree of a problem; an area that no tie joins to the first is a root of its own.
    public init(_ problem: DispatchProblem) {
        let areas = problem.areas
        let connection = problem.offers.firstIndex { $0.role == .connection }
        let first = connection.map { areas.area(of: $0) } ?? 0
        var above = [Int?](repeating: nil, count: areas.count)
        var isReached = [Bool](repeating: false, count: areas.count)
        var order: [Int] = []
        for root in [first] + Array(0..<areas.count) where !isReached[root] {
            isReached[root] = true
            order.append(root)
            var place = order.count - 1
            while place < order.count {
                let area = order[place]
                place += 1
                for (l, tie) in areas.ties.enumerated() where tie.from == area || tie.to == area {
                    let other = tie.from == area ? tie.to : tie.from
                    guard !isReached[other] else { continue }
                    isReached[other] = true
                    above[other] = l
                    order.append(other)
                }
            }
        }
        self.order = order
        tieAbove = above
        closing = areas.ties.indices.filter { !above.contains($0) }
    }
}
