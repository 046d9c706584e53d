import Grid
import Optimization
import Scheduling

/// Units that can be off and that the program cannot tell apart, counted instead of named: ten equal sets
/// have eleven states in a step, not 1,024. Exact where nothing binds one unit's power from step to step:
/// equal units that are on share their power equally, the cost being convex, and how many start and stop
/// says when each does (`GroupCommitment`).
struct UnitGroup {
    /// Places of the aggregates; each aggregate is one unit.
    private(set) var aggregates: [Int]
    /// The first unit's place in the problem.
    let offer: Int

    var count: Int { aggregates.count }

    /// The groups of a problem, in the order of their first units.
    static func all(_ layout: ProblemLayout, _ aggregates: [AggregateOffer], _ form: borrowing HorizonProgram)
        -> [UnitGroup]
    {
        let columns = ColumnEntries(form.program.matrix)
        var groups: [UnitGroup] = []
        for (k, aggregate) in aggregates.enumerated() {
            let i = aggregate.offers[0]
            guard layout.problem.offers[i].minimumWhenOn != nil, aggregate.side == .delivers else { continue }
            let home = groups.firstIndex { group in
                layout.problem.offers[group.offer].isTwin(of: layout.problem.offers[i])
                    && (0..<layout.steps).allSatisfy { step in
                        let at = step * form.width
                        let prices = (step + group.offer * layout.steps, step + i * layout.steps)
                        guard layout.deliver[prices.0] == layout.deliver[prices.1] else { return false }
                        return columns.areAlike(
                            at + form.places[group.aggregates[0]].give, at + form.places[k].give)
                    }
            }
            if let home {
                groups[home].aggregates.append(k)
            } else {
                groups.append(UnitGroup(aggregates: [k], offer: i))
            }
        }
        return groups
    }
}

extension Offer {
    /// The same but for who it is.
    fileprivate func isTwin(of other: Offer) -> Bool {
        ramp == nil && reservoir == nil && other.ramp == nil && other.reservoir == nil
            && minimumWhenOn == other.minimumWhenOn && cycling == other.cycling && cost == other.cost
            && lower == other.lower && upper == other.upper && (power > .zero) == (other.power > .zero)
    }
}

/// The entries of a matrix by column.
private struct ColumnEntries {
    private var entries: [[(row: Int, value: Double)]]

    init(_ matrix: SparseRows) {
        entries = Array(repeating: [], count: matrix.pattern.columns)
        for row in 0..<matrix.pattern.rows {
            for k in matrix.pattern.start[row]..<matrix.pattern.start[row + 1] {
                entries[matrix.pattern.column[k]].append((row, matrix.values[k]))
            }
        }
    }

    func areAlike(_ a: Int, _ b: Int) -> Bool {
        entries[a].elementsEqual(entries[b]) { $0 == $1 }
    }
}
