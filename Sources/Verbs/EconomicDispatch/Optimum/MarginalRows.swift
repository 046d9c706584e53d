import Grid
import Optimization
import Scheduling

// In the program: in the balance every watt counts 1 − m and every var −n, and each reactive power is one
// column.
extension HorizonProgram {
    /// What an offer's answers put in the place of the ones in its balance; and its reactive power.
    mutating func fillMarginalLosses(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        guard shape.areas.isWeighed else { return }
        for step in 0..<shape.steps {
            var entries = (0..<shape.areas.count).map {
                program.matrix.pattern.start[step * height + rows.balance + $0] + 2
            }
            for (k, aggregate) in aggregates.enumerated() {
                let area = shape.areas.ofParts[k]
                let row = step * height + rows.balance + area
                let response = layout.response(aggregate.offers[0])
                let weight = 1 - (response?.active[step] ?? 0)
                program.matrix.values[entries[area]] = weight
                entries[area] += 1
                if places[k].take >= 0 {
                    program.matrix.values[entries[area]] = -weight
                    entries[area] += 1
                }
                guard let response else { continue }
                program.rightHandSide[row] -= response.constant(at: step) / base
                curve(layout, places[k], response, step)
                guard places[k].reactive >= 0 else { continue }
                program.matrix.values[entries[area]] = -response.reactive[step]
                entries[area] += 1
                fillReactive(layout, aggregate.offers[0], places[k], response, step)
            }
        }
    }

    /// What is curved of an offer's losses by its active power.
    private mutating func curve(
        _ layout: ProblemLayout, _ place: Place, _ response: MarginalLosses.Response, _ step: Int
    ) {
        let curve = layout.lossPrice * response.activeCurvature[step] / priceBase
        for (column, sign) in [(place.give, 1.0), (place.take, -1)] where column >= 0 {
            let j = step * width + column
            program.cost[j] -= sign * curve * response.power[step]
            program.quadratic[j] += curve * base
        }
    }

    private mutating func fillReactive(
        _ layout: ProblemLayout, _ i: Int, _ place: Place, _ response: MarginalLosses.Response, _ step: Int
    ) {
        let reach = layout.reach(i, at: step) / base
        let curve = layout.lossPrice * response.curvature[step]
        set(
            step, place.reactive, -reach, reach, cost: -curve * response.reactivePower[step] / priceBase,
            quadratic: curve * base / priceBase)
    }
}
