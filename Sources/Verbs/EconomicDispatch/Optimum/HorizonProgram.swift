import Grid
import Optimization
import Scheduling
import Timeline

/// A dispatch problem as a convex program, step after step. Per step t of h hours, over aggregates i:
///
///     minimise   Σ h·(d_i·p_i + a_i·… )                     costs, below
///     ramp       p_i,t − p_i,t−1 − s_i,t = 0                |s| ≤ ramp
///     reservoir  e_i,t − r·e_i,t−1 − η_c·n_i,t + p_i,t/η_d = 0,   r = (1 − self-discharge)^h
///     balance    Σ (p_i,t − n_i,t) + shortage − surplus = losses
///
/// one balance an area (`AreaRows`), with what the powers themselves lose (`MarginalLosses`), and what the
/// problem requires besides (`LimitRows`, `DemandRows`, `ReserveRows`), every row of a step
/// reaching back to the step before at most.
///
/// An offer that may give and take has two variables, p ≥ 0 at its price of giving and n ≥ 0 that earns its
/// price of taking; one that only gives has p; a load has what it is shed, measured from its lower bound, at
/// its price of taking. Rows stand in the order written, so that the band is as wide as a step has rows.
///
/// Power is in units of `base`, energy of base·h, prices of `priceBase`.
struct HorizonProgram {
    /// What decides the matrix: two problems of one shape share solver and buffers.
    struct Shape: Hashable {
        struct Part: Hashable {
            let side: AggregateOffer.Side
            let ramped: Bool
            /// Of energy kept over a step, of charging, of discharging; nil without reservoir.
            let efficiencies: [Double]?
            let isReactive: Bool
        }

        let steps: Int
        let parts: [Part]
        let demands: [DemandPart]
        let reserve: ReservePart?
        let limits: [LimitPart]
        let areas: AreaPart

        /// `limits`: those of the layout that are to be rows.
        init(_ layout: ProblemLayout, _ aggregates: [AggregateOffer], limits chosen: [Int] = []) {
            steps = layout.steps
            demands = layout.demandCharges.compactMap { DemandPart($0, aggregates) }
            reserve = ReservePart(layout, aggregates)
            limits = chosen.map { LimitPart(layout.limits[$0], layout, aggregates) }
            areas = AreaPart(layout, aggregates)
            parts = aggregates.map { aggregate in
                let offer = layout.problem.offers[aggregate.offers[0]]
                return Part(
                    side: aggregate.side, ramped: offer.ramp != nil,
                    efficiencies: offer.reservoir.map {
                        [
                            $0.kept(hours: layout.hours), $0.chargeEfficiency,
                            $0.dischargeEfficiency,
                        ]
                    }, isReactive: layout.capability(aggregate.offers[0]) != nil)
            }
        }
    }

    /// Where a aggregate's variables stand within a step.
    struct Place {
        /// p, or what is shed; n; content; ramp step; reactive power. −1 where there is none.
        var give = -1
        var take = -1
        var content = -1
        var change = -1
        var reactive = -1
    }

    let shape: Shape
    let rows: Rows
    let places: [Place]
    let demands: [DemandPlace]
    let reserve: ReservePlace?
    let limits: [LimitPlace]
    /// Of each tie.
    let flows: [Int]
    /// Variables and rows in a step.
    let width: Int
    var program: ConvexProgram
    /// Which of the layout's limits the limits of the shape are.
    var shown: [Int] = []
    var base = 1.0
    var priceBase = 1.0
    /// What the plan costs beside the program's objective, yuan.
    var constant = 0.0
    /// Content from which that of a far store is counted, by aggregate and step: see `fillReservoir`.
    var origins: [Int: [Double]] = [:]

    /// Columns of stores' powers within a step, and the curvature that prefers smooth ones.
    var preferred: [(column: Int, curvature: Double)] = []

    /// Shortage and surplus of every area, the last columns of a step.
    var slacks: Range<Int> { width - 2 * shape.areas.count..<width }
    func shortage(_ area: Int) -> Int { slacks.lowerBound + 2 * area }
    func surplus(_ area: Int) -> Int { slacks.lowerBound + 2 * area + 1 }

    init(_ shape: Shape) {
        self.shape = shape
        var places: [Place] = []
        var next = 0
        func take() -> Int {
            defer { next += 1 }
            return next
        }
        for part in shape.parts {
            var place = Place(give: take())
            if part.side == .both { place.take = take() }
            if part.efficiencies != nil { place.content = take() }
            if part.ramped { place.change = take() }
            if part.isReactive { place.reactive = take() }
            places.append(place)
        }
        self.places = places
        demands = shape.demands.map { DemandPlace($0, take) }
        reserve = shape.reserve.map { ReservePlace($0, take) }
        limits = shape.limits.map { LimitPlace($0, take) }
        flows = shape.areas.ties.map { _ in take() }
        width = next + 2 * shape.areas.count
        rows = Rows(shape)
        program = ConvexProgram(matrix: SparseRows(columns: 0, rows: []))
        program = ConvexProgram(matrix: matrix())
    }

    /// Where the rows of each kind begin within a step. What reaches back stands first, so that the band
    /// stays as wide as a step has rows.
    struct Rows {
        let reservoir, running, cover, reserve, limit, cycle, balance, count: Int

        init(_ shape: Shape) {
            reservoir = shape.parts.count { $0.ramped }
            running = reservoir + shape.parts.count { $0.efficiencies != nil }
            cover = running + shape.demands.reduce(0) { $0 + $1.runningRows }
            reserve = cover + shape.demands.reduce(0) { $0 + $1.covers }
            limit = reserve + (shape.reserve.map { 2 * $0.stores.count + 1 } ?? 0)
            cycle = limit + shape.limits.count
            balance = cycle + shape.areas.cycles.count
            count = balance + shape.areas.count
        }
    }

    var height: Int { rows.count }

    typealias Entry = (column: Int, value: Double)

    private func matrix() -> SparseRows {
        var rows: [[Entry]] = []
        for step in 0..<shape.steps {
            for (part, place) in zip(shape.parts, places) where part.ramped {
                rows.append(ramp(place, step))
            }
            for (part, place) in zip(shape.parts, places) where part.efficiencies != nil {
                rows.append(reservoir(place, part.efficiencies!, step))
            }
            rows += demandRows(step) + reserveRows(step)
            for limit in shape.limits.indices { rows.append(limitRow(limit, step)) }
            for cycle in shape.areas.cycles.indices { rows.append(cycleRow(cycle, step)) }
            for area in 0..<shape.areas.count { rows.append(balance(area, step)) }
        }
        return SparseRows(columns: shape.steps * width, rows: rows)
    }

    private func ramp(_ place: Place, _ step: Int) -> [Entry] {
        let at = step * width
        return power(place, at) + [(at + place.change, -1)] + (step > 0 ? power(place, at - width, -1) : [])
    }

    private func reservoir(_ place: Place, _ efficiencies: [Double], _ step: Int) -> [Entry] {
        let at = step * width
        var row = [(at + place.content, 1.0), (at + place.give, 1 / efficiencies[2])]
        if place.take >= 0 { row.append((at + place.take, -efficiencies[1])) }
        if step > 0 { row.append((at - width + place.content, -efficiencies[0])) }
        return row
    }

    /// The net power of a aggregate, times `factor`, in the step whose variables begin at `at`.
    func power(_ place: Place, _ at: Int, _ factor: Double = 1) -> [Entry] {
        let give = (at + place.give, factor)
        return place.take < 0 ? [give] : [give, (at + place.take, -factor)]
    }
}
