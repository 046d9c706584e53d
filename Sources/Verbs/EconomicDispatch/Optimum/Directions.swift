import Optimization

/// No store gives and takes at once. Where energy costs less than nothing the convex program may do so, to
/// lose some on the way round; its net power then would overfill the store. The rule: solve again with those
/// steps decided for the direction of their net power, until no store is asked for what it cannot
/// follow; what
/// is left is cut, and the plan called approximate.
enum Directions {
    /// `old` with what this solution shows added; nil where nothing is new.
    static func decided(
        _ old: [[Int]?], _ aggregates: [AggregateOffer], _ form: borrowing HorizonProgram,
        _ solution: Solution
    ) -> [[Int]?]? {
        var ways = old
        var found = false
        for k in aggregates.indices where form.places[k].content >= 0 && form.places[k].take >= 0 {
            for step in 0..<form.shape.steps {
                let give = solution.x[step * form.width + form.places[k].give]
                let take = solution.x[step * form.width + form.places[k].take]
                guard min(give, take) > 1e-6, ways[k]?[step] ?? 0 == 0 else { continue }
                ways[k] = ways[k] ?? Array(repeating: 0, count: form.shape.steps)
                ways[k]![step] = give > take ? 1 : -1
                found = true
            }
        }
        return found ? ways : nil
    }
}
