import Grid
import Optimization
import Scheduling

// The month's peak is carried from step to step, so that it needs no dense column. With m the highest mean so
// far, b the mean of the interval that is under way at the end of a step, and s, s' the shares of the step in
// the intervals under way at its begin and at its end (`DemandCharge.parts`):
//
//     e_t − c_t·b_t−1 − s_t·p_t = 0     c = 1 where the interval goes on from the step before, 0 elsewhere
//     b_t − k_t·e_t − s'_t·p_t = 0      only where steps overlap two intervals; k = 0 where another begins
//     m_t − r_t·m_t−1 − d_t = 0         d ≥ 0; r = 0 where a month begins, with its peak so far on the right
//     m_t − b_t − w_t = 0               w ≥ 0; likewise for e, and for p where a step fills an interval
//
// and the charge on m at the month's last step. Where no step overlaps two intervals, e is b; where every
// step is an interval of its own, p is b. Several connections have such rows each: first all that reach back.

struct DemandPart: Hashable {
    let aggregate: Int
    /// Several steps make one mean.
    let averaged: Bool
    /// A step may overlap two intervals.
    let straddles: Bool
    /// A step may fill an interval between two others.
    let fills: Bool

    init?(_ charge: DemandCharge, _ aggregates: [AggregateOffer]) {
        guard let k = aggregates.firstIndex(where: { $0.offers.contains(charge.offer) }) else { return nil }
        aggregate = k
        averaged = !charge.parts.isEmpty
        straddles = charge.parts.contains { $0.count > 1 }
        fills = charge.parts.contains { $0.count > 2 }
    }

    /// Rows that reach back a step, or stand before one that does.
    var runningRows: Int { 1 + (averaged ? 1 : 0) + (straddles ? 1 : 0) }
    /// Rows of m above a mean.
    var covers: Int { 1 + (straddles ? 1 : 0) + (fills ? 1 : 0) }
}

struct DemandPlace {
    /// e or −1; b, or −1; m; d.
    let closing, mean, peak, rise: Int
    /// w of each row.
    let rooms: [Int]

    init(_ part: DemandPart, _ take: () -> Int) {
        closing = part.straddles ? take() : -1
        mean = part.averaged ? take() : -1
        (peak, rise) = (take(), take())
        rooms = (0..<part.covers).map { _ in take() }
    }
}

extension HorizonProgram {
    /// Coefficients of shares and of what is carried are 1 until a problem fills them.
    func demandRows(_ step: Int) -> [[Entry]] {
        zip(shape.demands, demands).flatMap { runningRows($0, $1, step) }
            + zip(shape.demands, demands).flatMap { coveringRows($0, $1, step) }
    }

    private func runningRows(_ part: DemandPart, _ place: DemandPlace, _ step: Int) -> [[Entry]] {
        let at = step * width
        let give = at + places[part.aggregate].give
        var rows: [[Entry]] = []
        if part.averaged {
            let first = part.straddles ? place.closing : place.mean
            rows.append([(at + first, 1), (give, -1)] + (step > 0 ? [(at - width + place.mean, -1)] : []))
        }
        if part.straddles {
            rows.append([(at + place.mean, 1), (at + place.closing, -1), (give, -1)])
        }
        rows.append(
            [(at + place.peak, 1), (at + place.rise, -1)] + (step > 0 ? [(at - width + place.peak, -1)] : []))
        return rows
    }

    private func coveringRows(_ part: DemandPart, _ place: DemandPlace, _ step: Int) -> [[Entry]] {
        let at = step * width
        let give = at + places[part.aggregate].give
        let means =
            [part.averaged ? at + place.mean : give] + (part.straddles ? [at + place.closing] : [])
            + (part.fills ? [give] : [])
        return zip(means, place.rooms).map { [(at + place.peak, 1), ($0, -1), (at + $1, -1)] }
    }

    mutating func fillDemand(_ layout: ProblemLayout) {
        var (running, cover) = (rows.running, rows.cover)
        for ((charge, part), place) in zip(zip(layout.demandCharges, shape.demands), demands) {
            let peak = running + part.runningRows - 1
            fill(charge, place, hours: layout.hours, running: running, peak: peak, cover: cover)
            running += part.runningRows
            cover += part.covers
        }
    }

    /// Numbers of one charge, whose rows within a step begin at `running` and `cover`; that of m is `peak`.
    private mutating func fill(
        _ charge: DemandCharge, _ place: DemandPlace, hours: Double, running first: Int, peak: Int, cover: Int
    ) {
        var month = -1
        for step in 0..<shape.steps {
            fillMeans(charge, place, step, first, cover)
            let running = step * height + peak
            let begins = month + 1 < charge.months.count && charge.months[month + 1].first == step
            if begins { month += 1 }
            if step > 0 {
                program.matrix.values[program.matrix.pattern.start[running] + 2] = begins ? 0 : -1
            }
            program.rightHandSide[running] = begins ? charge.months[month].soFar.value / base : 0
            let ends =
                step == shape.steps - 1
                || month + 1 < charge.months.count && charge.months[month + 1].first == step + 1
            let cost = ends ? charge.months[month].price / (priceBase * hours) : 0
            set(step, place.peak, 0, .infinity, cost: cost)
            set(step, place.rise, 0, .infinity, cost: 0)
            for room in place.rooms { set(step, room, 0, .infinity, cost: 0) }
        }
    }

    private mutating func fillMeans(
        _ charge: DemandCharge, _ place: DemandPlace, _ step: Int, _ first: Int, _ cover: Int
    ) {
        guard place.mean >= 0 else { return }
        let (row, parts) = (step * height + first, charge.parts[step])
        let entry = program.matrix.pattern.start[row]
        let continues = charge.meanContinues(at: step)
        program.matrix.values[entry + 1] = -parts[0].share
        if step > 0 { program.matrix.values[entry + 2] = continues ? -1 : 0 }
        program.rightHandSide[row] = step == 0 && continues ? charge.begun.value / base : 0
        set(step, place.mean, 0, .infinity, cost: 0)
        guard place.closing >= 0 else { return }
        let second = program.matrix.pattern.start[row + 1]
        program.matrix.values[second + 1] = parts.count > 1 ? 0 : -1
        program.matrix.values[second + 2] = parts.count > 1 ? -parts.last!.share : 0
        program.rightHandSide[row + 1] = 0
        set(step, place.closing, 0, .infinity, cost: 0)
        if place.rooms.count > 2 {
            let filled = program.matrix.pattern.start[step * height + cover + 2]
            program.matrix.values[filled + 1] = parts.count > 2 ? -1 : 0
        }
    }
}
