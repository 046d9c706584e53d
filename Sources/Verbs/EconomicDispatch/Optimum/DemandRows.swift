import Grid
import Optimization

// The month's peak is carried from step to step, so that it needs no dense column: with m the highest mean so
// far and b the mean of the interval under way,
//
//     b_t − c_t·b_t−1 − p_t/n = 0       c = 0 where an interval of n steps begins, 1 elsewhere
//     m_t − r_t·m_t−1 − d_t = 0         d ≥ 0; r = 0 where a month begins, with its peak so far on the right
//     m_t − b_t − w_t = 0               w ≥ 0
//
// and the charge on m at the month's last step. Where n = 1, p stands for b.

struct DemandPart: Hashable {
    let aggregate: Int
    /// Several steps make one mean.
    let averaged: Bool

    init?(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        guard let charge = layout.problem.requirements.demandCharge,
            let k = aggregates.firstIndex(where: { $0.offers.contains(charge.offer) })
        else { return nil }
        aggregate = k
        averaged = charge.stepsPerMean > 1
    }
}

struct DemandPlace {
    /// b, or −1; m; d; w.
    let mean, peak, rise, room: Int

    init(_ part: DemandPart, _ take: () -> Int) {
        mean = part.averaged ? take() : -1
        (peak, rise, room) = (take(), take(), take())
    }
}

extension HorizonProgram {
    /// Carried coefficients are 1 until a problem fills them.
    func demandRows(_ step: Int) -> [[Entry]] {
        guard let part = shape.demand, let place = demand else { return [] }
        let at = step * width
        let give = at + places[part.aggregate].give
        var rows: [[Entry]] = []
        if part.averaged {
            rows.append(
                [(at + place.mean, 1), (give, -1)] + (step > 0 ? [(at - width + place.mean, -1)] : []))
        }
        rows.append(
            [(at + place.peak, 1), (at + place.rise, -1)] + (step > 0 ? [(at - width + place.peak, -1)] : []))
        rows.append([
            (at + place.peak, 1), (part.averaged ? at + place.mean : give, -1), (at + place.room, -1),
        ])
        return rows
    }

    mutating func fillDemand(_ layout: ProblemLayout) {
        guard let place = demand, let charge = layout.problem.requirements.demandCharge else { return }
        let share = 1 / Double(charge.stepsPerMean)
        var month = -1
        for step in 0..<shape.steps {
            let row = step * height + rows.running
            if place.mean >= 0 {
                let entry = program.matrix.pattern.start[row]
                program.matrix.values[entry + 1] = -share
                if step > 0 { program.matrix.values[entry + 2] = charge.meanBegins(at: step) ? 0 : -1 }
                program.rightHandSide[row] =
                    step == 0 && !charge.meanBegins(at: 0) ? charge.begunImport.value * share / base : 0
                set(step, place.mean, 0, .infinity, cost: 0)
            }
            let running = step * height + rows.cover - 1
            let begins = month + 1 < charge.months.count && charge.months[month + 1].first == step
            if begins { month += 1 }
            if step > 0 {
                program.matrix.values[program.matrix.pattern.start[running] + 2] = begins ? 0 : -1
            }
            program.rightHandSide[running] = begins ? charge.months[month].soFar.value / base : 0
            let ends =
                step == shape.steps - 1
                || month + 1 < charge.months.count && charge.months[month + 1].first == step + 1
            let cost = ends ? charge.months[month].price / (priceBase * layout.hours) : 0
            set(step, place.peak, 0, .infinity, cost: cost)
            set(step, place.rise, 0, .infinity, cost: 0)
            set(step, place.room, 0, .infinity, cost: 0)
        }
    }
}
