import Grid
import Optimization
import Scheduling

// Spinning reserve in rows: of each store that counts, r is what it holds ready,
//
//     p − n + r + w = upper           w ≥ 0
//     η_d/H·e − r − v = η_d/H·e_min   v ≥ 0
//
// and over all, with the headroom of the providers without store, missing and extra ≥ 0,
//
//     Σ r − Σ p + missing − extra = required − Σ upper.

struct ReservePart: Hashable {
    /// Bundles that count: with a store, and without.
    let stores: [Int]
    let others: [Int]
    /// η_d/H of each store, in units of the program: see `HorizonProgram`.
    let rates: [Double]

    init?(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        guard let reserve = layout.problem.requirements.spinning else { return nil }
        let counted = aggregates.indices.filter { reserve.providers.contains(aggregates[$0].offers[0]) }
        func reservoir(_ k: Int) -> Reservoir? { layout.reservoir(aggregates[k]) }
        stores = counted.filter { reservoir($0) != nil }
        others = counted.filter { reservoir($0) == nil && aggregates[$0].side != .absorbs }
        rates = stores.map { reservoir($0)!.dischargeEfficiency * layout.hours / reserve.hours }
    }
}

struct ReservePlace {
    /// Of each store: r, w, v.
    let ready, headroom, content: [Int]
    let missing, extra: Int

    init(_ part: ReservePart, _ take: () -> Int) {
        ready = part.stores.map { _ in take() }
        headroom = part.stores.map { _ in take() }
        content = part.stores.map { _ in take() }
        (missing, extra) = (take(), take())
    }
}

extension HorizonProgram {
    func reserveRows(_ step: Int) -> [[Entry]] {
        guard let part = shape.reserve, let place = reserve else { return [] }
        let at = step * width
        var rows: [[Entry]] = []
        for (s, k) in part.stores.enumerated() {
            rows.append(power(places[k], at) + [(at + place.ready[s], 1), (at + place.headroom[s], 1)])
            rows.append([
                (at + places[k].content, part.rates[s]), (at + place.ready[s], -1),
                (at + place.content[s], -1),
            ])
        }
        rows.append(
            [(at + place.missing, 1), (at + place.extra, -1)] + place.ready.map { (at + $0, 1) }
                + part.others.flatMap { power(places[$0], at, -1) })
        return rows
    }

    mutating func fillReserve(_ layout: ProblemLayout, _ aggregates: [AggregateOffer]) {
        guard let part = shape.reserve, let place = reserve,
            let spinning = layout.problem.requirements.spinning
        else { return }
        let price = layout.reservePrice / priceBase
        for step in 0..<shape.steps {
            let first = step * height + rows.reserve
            for (s, k) in part.stores.enumerated() {
                program.rightHandSide[first + 2 * s] = greatest(places[k], step)
                // Below its minimum where it cannot do better.
                var least = program.lower[step * width + places[k].content]
                if let origin = origins[k], let reservoir = layout.reservoir(aggregates[k]) {
                    least = reservoir.least(at: step) / (base * layout.hours) - origin[step]
                }
                program.rightHandSide[first + 2 * s + 1] = part.rates[s] * least
                for column in [place.ready[s], place.headroom[s], place.content[s]] {
                    set(step, column, 0, .infinity, cost: 0)
                }
            }
            let able = part.others.reduce(0) { $0 + greatest(places[$1], step) }
            program.rightHandSide[first + 2 * part.stores.count] = spinning.required[step].value / base - able
            set(step, place.missing, 0, .infinity, cost: price)
            set(step, place.extra, 0, .infinity, cost: 0)
        }
    }

    /// The most a aggregate may give, by the bounds as they stand.
    private func greatest(_ place: Place, _ step: Int) -> Double {
        let at = step * width
        let give = program.upper[at + place.give]
        return place.take < 0 || give > 0 ? give : -program.lower[at + place.take]
    }
}
