import Grid
import Optimization
import Scheduling

// Of several areas a: one balance each, with the flows f over the ties l,
//
//     Σ (p_i − n_i) + Σ_into a f − Σ_out of a f + shortage − surplus = losses,
//
// and a row for each independent cycle of the ties with reactance, Σ ±x·f = 0: see `Areas`.

/// What of the areas decides the matrix.
struct AreaPart: Hashable {
    struct Ends: Hashable {
        let from: Int
        let to: Int
    }

    let count: Int
    /// The area of each aggregate.
    let ofParts: [Int]
    let ties: [Ends]
    let cycles: [[Areas.CycleTie]]
    /// The balances count what the powers lose: see `MarginalLosses`.
    let isWeighed: Bool

    init(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        let areas = layout.problem.areas
        isWeighed = layout.problem.marginalLosses != nil
        count = areas.count
        ofParts = aggregates.map { areas.area(of: $0.offers[0]) }
        ties = areas.ties.map { Ends(from: $0.from, to: $0.to) }
        cycles = areas.cycles
    }
}

extension HorizonProgram {
    func cycleRow(_ k: Int, _ step: Int) -> [Entry] {
        shape.areas.cycles[k].map { (step * width + flows[$0.tie], $0.share) }
    }

    func balance(_ area: Int, _ step: Int) -> [Entry] {
        let at = step * width
        var row: [Entry] = [(at + shortage(area), 1), (at + surplus(area), -1)]
        for (place, home) in zip(places, shape.areas.ofParts) where home == area {
            row += power(place, at)
            if place.reactive >= 0 { row.append((at + place.reactive, 1)) }
        }
        for (flow, tie) in zip(flows, shape.areas.ties) {
            if tie.from == area { row.append((at + flow, -1)) }
            if tie.to == area { row.append((at + flow, 1)) }
        }
        return row
    }

    /// Losses, slacks and limits of flows. No flow need exceed all powers together.
    mutating func fillAreas(_ layout: ProblemLayout) {
        let slack = layout.slackPrice / priceBase
        let ties = layout.problem.areas.ties
        let all = ties.isEmpty ? 0 : layout.largest.reduce(layout.largestPower, +)
        for step in 0..<shape.steps {
            for area in 0..<shape.areas.count {
                let row = step * height + rows.balance + area
                program.rightHandSide[row] = layout.problem.losses[step + area * shape.steps].value / base
            }
            for column in slacks { set(step, column, 0, .infinity, cost: slack) }
            for (flow, tie) in zip(flows, ties) {
                set(
                    step, flow, -min(tie.backward(at: step), all) / base,
                    min(tie.forward(at: step), all) / base, cost: 0)
            }
        }
    }
}
