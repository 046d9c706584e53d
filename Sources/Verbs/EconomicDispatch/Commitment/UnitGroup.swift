import Grid
import Optimization
import Scheduling

/// Units that can be off and that the program cannot tell apart, counted instead of named: ten equal sets
/// have eleven states in a step, not 1,024. Exact where nothing binds one unit's power from step to step:
/// equal units that are on share their power equally, the cost being convex, and how many start and stop
/// says when each does (`Roster`).
struct UnitGroup {
    /// Places of the bundles; each bundle is one unit.
    private(set) var bundles: [Int]
    /// The first unit's place in the problem.
    let offer: Int

    var count: Int { bundles.count }

    /// The groups of a problem, in the order of their first units.
    static func all(_ sheet: Sheet, _ bundles: [Bundle], _ form: borrowing HorizonProgram) -> [UnitGroup] {
        let columns = ColumnEntries(form.program.matrix)
        var groups: [UnitGroup] = []
        for (k, bundle) in bundles.enumerated() {
            let i = bundle.offers[0]
            guard sheet.problem.offers[i].minimumWhenOn != nil, bundle.side == .delivers else { continue }
            let home = groups.firstIndex { group in
                sheet.problem.offers[group.offer].isTwin(of: sheet.problem.offers[i])
                    && (0..<sheet.steps).allSatisfy { step in
                        let at = step * form.width
                        let prices = (step + group.offer * sheet.steps, step + i * sheet.steps)
                        guard sheet.deliver[prices.0] == sheet.deliver[prices.1] else { return false }
                        return columns.areAlike(
                            at + form.places[group.bundles[0]].give, at + form.places[k].give)
                    }
            }
            if let home {
                groups[home].bundles.append(k)
            } else {
                groups.append(UnitGroup(bundles: [k], offer: i))
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
